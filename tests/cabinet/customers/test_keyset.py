"""Long lists a page at a time: nothing twice, nothing left out, filters kept, nobody else's rows as a bookmark."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.http import Http404, QueryDict
from django.utils import timezone

from cabinet.customers.keyset import stretch
from cabinet.customers.models import Address


def addresses_of(user, count):
    now = timezone.now()
    return Address.objects.bulk_create(
        Address(customer=user.customer, city=f"{number}", street="-", added_at=now - timedelta(days=number // 3))
        for number in range(count)  # three of each moment
    )


def pages(own, query="", size=4):
    asked = QueryDict(query)
    while True:
        page = stretch(own, asked, at="added_at", size=size)
        yield page
        if not page.earlier:
            return
        asked = QueryDict(page.earlier)


def test_every_row_comes_once_the_latest_first(aigerim):
    addresses_of(aigerim, 11)
    own = aigerim.customer.addresses.all()
    found = [row.pk for page in pages(own) for row in page.rows]
    assert found == list(own.order_by("-added_at", "-pk").values_list("pk", flat=True))


def test_links_keep_what_else_the_address_asks_for(aigerim):
    addresses_of(aigerim, 5)
    first, second = pages(aigerim.customer.addresses.all(), "way=came")
    assert first.earlier.startswith("way=came&before=")
    assert (first.latest, second.latest, second.earlier) == (None, "way=came", "")


def test_a_full_last_page_has_no_next(aigerim):
    addresses_of(aigerim, 8)
    assert len(list(pages(aigerim.customer.addresses.all()))) == 2


def test_a_filter_does_not_hide_the_bookmark(aigerim):
    first, *_rest = addresses_of(aigerim, 3)
    own = aigerim.customer.addresses.all()
    page = stretch(own.exclude(pk=first.pk), QueryDict(f"before={first.public_id}"), at="added_at", among=own)
    assert first not in page.rows


@pytest.mark.parametrize("before", ["nobody", "\0", "x" * 5000])
def test_an_unknown_bookmark_is_not_found(aigerim, before):
    with pytest.raises(Http404):
        stretch(aigerim.customer.addresses.all(), QueryDict(f"before={before}"), at="added_at")


def test_boris_row_is_no_bookmark_in_aigerims_list(aigerim, boris):
    (his,) = addresses_of(boris, 1)
    with pytest.raises(Http404):
        stretch(aigerim.customer.addresses.all(), QueryDict(f"before={his.public_id}"), at="added_at")
