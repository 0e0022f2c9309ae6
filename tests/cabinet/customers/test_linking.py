"""Whom a shop engine's number leads to, and that an erased person's leads to nobody and is told from an unknown one."""

from __future__ import annotations

import pytest

from cabinet.customers import linking
from cabinet.customers.linking import LinkedToAnother, LinkErased, customer_of, is_erased, link, mark_erased
from cabinet.customers.models import EngineLink, ErasedLink


@pytest.fixture
def linked(aigerim):
    return link(source="shop", external_id="C-17", customer=aigerim.customer)


def test_the_number_leads_to_the_customer(linked, aigerim, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert customer_of("shop", "C-17").user == aigerim


def test_another_engines_number_leads_to_nobody(linked):
    assert customer_of("till", "C-17") is None


def test_linking_twice_is_one_link_and_one_event(linked, aigerim):
    from cabinet.audit.models import Event

    assert link(source="shop", external_id="C-17", customer=aigerim.customer) == linked
    assert Event.objects.filter(name="customers.engine.linked").count() == 1


def test_aigerims_number_cannot_become_boris(linked, boris):
    with pytest.raises(LinkedToAnother):
        link(source="shop", external_id="C-17", customer=boris.customer)
    assert customer_of("shop", "C-17") == linked.customer


def test_after_an_erasure_only_a_hash_is_left(linked, aigerim):
    assert mark_erased(aigerim.customer) == 1
    assert not EngineLink.objects.exists()
    assert is_erased("shop", "C-17")
    assert not is_erased("shop", "C-18")
    assert is_erased(linking.OURS, str(aigerim.customer.subject))
    assert "C-17" not in str(list(ErasedLink.objects.values_list()))
    assert mark_erased(aigerim.customer) == 0


def test_nobody_takes_an_erased_persons_number(linked, aigerim, boris):
    mark_erased(aigerim.customer)
    with pytest.raises(LinkErased):
        link(source="shop", external_id="C-17", customer=boris.customer)


def test_a_change_of_the_key_forgets_no_erasure(linked, aigerim, settings):
    mark_erased(aigerim.customer)
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another one, long enough for anybody"
    assert is_erased("shop", "C-17")


def test_no_two_pairs_read_alike():
    assert linking._marks("a", "b:c") != linking._marks("a:b", "c")
