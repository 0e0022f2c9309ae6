"""The eight-part text: composed, sealed when agreed to, and made anew only when it says something else."""

from __future__ import annotations

import pytest

from cabinet.consents.composing import Composer
from cabinet.consents.models import ConsentText, Recipient
from cabinet.register.categories import register
from cms_pages.models import OperatorCard
from tests.cabinet.consents.shop import BIN

pytestmark = pytest.mark.usefixtures("shop_stands")

COURIER = {
    "name": "Courier LLP",
    "purpose_ru": "доставка заказов",
    "purpose_kk": "тапсырысты жеткізу",
    "purpose_en": "delivery",
}


def part(composed, number):
    return "\n".join(composed.parts[number - 1]["lines"])


def test_it_has_the_eight_parts_of_the_law(composed):
    text = composed("order")
    assert len(text.parts) == 8
    assert all(each["lines"] for each in text.parts)
    assert "Shop (ru)" in part(text, 1) and BIN in part(text, 1)
    assert "/ru/privacy/editions/1/" in part(text, 8)


def test_the_list_of_data_is_the_registers(composed):
    text = composed("order")
    contract = [category for category in register if "order" in category.purposes and category.basis != "law"]
    assert contract
    assert all(str(category.title) in part(text, 7) for category in contract)


def test_what_the_law_demands_is_not_consented_to(composed):
    assert str(register.by_key["consents.cookies"].title) not in part(composed("order"), 7)


def test_secrets_are_not_listed(composed):
    held = register.by_key["customers.account"].held[0]
    assert held.label("password") not in part(composed("order"), 7)


@pytest.mark.parametrize(("medium", "needed"), [("email", "customers.account"), ("sms", "customers.phone")])
def test_news_by_a_medium_needs_what_that_medium_needs(composed, medium, needed):
    assert str(register.by_key[needed].title) in part(composed("news.prices", medium), 7)


def test_recipients_are_asked_for_only_where_there_are_any(composed):
    assert composed("transfer") is None
    Recipient.objects.create(**COURIER)
    assert "Courier LLP: доставка заказов" in part(composed("transfer"), 4)


def test_a_recipient_abroad_is_told_as_such(composed):
    recipient = Recipient.objects.create(**COURIER)
    at_home = part(composed("transfer"), 5)
    Recipient.objects.filter(pk=recipient.pk).update(country="DE")
    assert "Courier LLP (DE)" in part(composed("transfer"), 5)
    assert "Courier" not in at_home


def test_counting_visits_is_not_asked_for_while_nothing_is_counted(composed):
    assert composed("analytics") is None


def test_it_is_sealed_once_and_anew_only_when_it_says_something_else(composed, shop):
    first = composed("bonuses").seal()
    assert composed("bonuses").seal() == first
    OperatorCard.objects.update(bin="999999999999")
    second = composed("bonuses").seal()
    assert second != first
    assert ConsentText.objects.count() == 2


def test_it_points_at_the_edition_in_force(composed, policy, publish):
    first = composed("bonuses")
    edition = publish(policy, clauses=[["We keep less."]])
    assert composed("bonuses").policy.pk == edition.pk
    assert composed("bonuses").sha256 != first.sha256


def test_it_costs_three_queries_however_many_consents(shop, django_assert_num_queries):
    with django_assert_num_queries(3):
        assert len(Composer("ru").all()) == 6


def test_each_language_has_its_own(site_ru, shop, make_document, publish):
    publish(make_document("kk", slug="privacy", kind="policy"))
    assert Composer("kk").one("order").sha256 != Composer("ru").one("order").sha256
    assert "Shop (kk)" in part(Composer("kk").one("order"), 1)
