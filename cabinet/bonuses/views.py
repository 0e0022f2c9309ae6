"""The customer's bonuses: what there is, what expires next, what came and went and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cabinet.bonuses.agreement import balance_and_consent
from cabinet.bonuses.counting import counted, expiring
from cabinet.bonuses.expiry import next_to_expire
from cabinet.bonuses.models import Movement
from cabinet.bonuses.rows import WAYS, moved, rows_of
from cabinet.customers.access import for_customers
from cabinet.customers.keyset import stretch
from cms_pages.models import LegalDocumentPage
from cms_pages.models.document import DocumentKind


@dataclass(frozen=True)
class Way:
    """A filter of the page."""

    title: str
    url: str
    here: bool


@for_customers
@require_safe
def bonuses(request: Any) -> HttpResponse:
    customer = request.customer
    own, way = Movement.objects.filter(customer=customer), request.GET.get("way", "")
    page = stretch(moved(own, way), request.GET, at="occurred_at", among=own)
    balance, agrees = balance_and_consent(customer)
    context = {
        "agrees": agrees,
        "balance": balance,
        "balance_words": counted(balance),
        "next_words": expiring(next_to_expire(customer, balance)),
        "page": page,
        "rows": rows_of(page.rows),
        "rules_url": rules_url() if agrees and not page.rows else "",
        "way": way if way in WAYS else "",
        "ways": ways(way) if page.rows or way in WAYS else [],
    }
    return render(request, "bonuses/bonuses.html", context)


def ways(way: str) -> list[Way]:
    """Return the filters, of which one holds."""
    titles = {"": _("Everything"), "came": _("What came"), "went": _("What went")}
    here = way if way in WAYS else ""
    url = reverse("bonuses")
    return [Way(title, f"{url}?way={name}" if name else url, name == here) for name, title in titles.items()]


def rules_url() -> str:
    """Return where the bonus rules stand in this language; empty where they do not. One query."""
    found = LegalDocumentPage.objects.live().filter(kind=DocumentKind.BONUS_RULES, locale__language_code=get_language())
    slug = found.values_list("slug", flat=True).first()
    return f"/{get_language()}/{slug}/" if slug else ""
