"""Operators make keys and addresses in the admin; a secret is shown once, a payload never."""

from __future__ import annotations

import re
from io import StringIO

import pytest
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry

from cabinet.exchange import keys
from cabinet.exchange.delivery import pause
from cabinet.exchange.handlers import Data
from cabinet.exchange.models import Delivery, Endpoint, Key, State
from cabinet.exchange.sending import send, sends
from cabinet.exchange.signing import new_secret
from tests.conftest import signed_in

SECRET = re.compile(r"whsec_[A-Za-z0-9+/=]{44}")


@pytest.fixture
def operator_client(make_user):
    return signed_in(make_user("operator@kelisim.example", "Operator", ("x",), is_superuser=True))


@pytest.fixture
def endpoint(registered, db):
    class Sent(Data):
        number: str

    sends("bill.sent")(Sent)
    one = Endpoint(url="https://shop.example/hooks", types=["bill.sent"])
    one.secret = new_secret()
    one.save()
    return one


def shown(response):
    (secret,) = set(SECRET.findall(response.text.replace("&#x3D;", "=")))
    return secret


def test_a_new_key_shows_its_secret_once(operator_client, site_ru):
    made = operator_client.post(reverse("keys:add"), {"source": "shop", "scopes": "order.*\nbonus.accrued\norder.*"})
    key = Key.objects.get()
    assert shown(made) == key.secret and key.scopes == ["order.*", "bonus.accrued"]
    for view, args in (("index", ()), ("edit", (key.pk,)), ("history", (key.pk,))):
        assert "whsec_" not in operator_client.get(reverse(f"keys:{view}", args=args)).text
    assert not any("whsec_" in str(session.get_decoded()) for session in Session.objects.all())


@pytest.mark.parametrize("scopes", ["", "order", "order.placed; drop", "*.placed", "Order.*"])
def test_a_wrong_scope_is_said_and_nothing_made(operator_client, site_ru, scopes):
    answer = operator_client.post(reverse("keys:add"), {"source": "shop", "scopes": scopes})
    assert answer.status_code == 200 and not Key.objects.exists()


def test_a_change_of_scopes_keeps_the_secret(operator_client, site_ru):
    key, secret = keys.make("shop", ["order.*"])
    operator_client.post(reverse("keys:edit", args=(key.pk,)), {"source": "shop", "scopes": "order.placed"})
    key.refresh_from_db()
    assert (key.secret, key.scopes) == (secret, ["order.placed"])


def test_a_rotated_key_has_two_secrets_for_a_day(operator_client, site_ru):
    key, secret = keys.make("shop", ["order.*"])
    fresh = shown(operator_client.post(reverse("keys:rotate", args=(key.pk,))))
    assert fresh != secret
    assert {one.secret for one in keys.live_keys()} == {fresh, secret}
    assert ModelLogEntry.objects.filter(action="exchange.secret.rotated").count() == 1


def test_a_new_address_shows_its_secret_once(operator_client, endpoint, site_ru):
    posted = {"url": "https://other.example/hooks", "types": ["bill.sent"], "active": "on"}
    made = operator_client.post(reverse("endpoints:add"), posted)
    assert shown(made) == Endpoint.objects.get(url=posted["url"]).secret
    assert "whsec_" not in operator_client.get(reverse("endpoints:index")).text


@pytest.mark.parametrize("url", ["http://shop.example/", "https://10.0.0.1/", "https://user:p@shop.example/", "x"])
def test_an_address_that_may_not_be_called_is_refused(operator_client, endpoint, site_ru, url):
    answer = operator_client.post(reverse("endpoints:add"), {"url": url, "types": ["bill.sent"], "active": "on"})
    assert answer.status_code == 200 and Endpoint.objects.count() == 1


def test_a_paused_address_is_told_on_the_first_page_until_it_is_active(operator_client, endpoint, site_ru):
    pause(endpoint, "dead")
    home, edit = reverse("wagtailadmin_home"), reverse("endpoints:edit", args=(endpoint.pk,))
    assert edit in operator_client.get(home).text
    operator_client.post(edit, {"url": endpoint.url, "types": ["bill.sent"], "active": "on"})
    endpoint.refresh_from_db()
    assert (endpoint.active, endpoint.paused_reason, endpoint.dead_in_a_row) == (True, "", 0)
    operator_client.get(home)  # says that it was saved
    assert edit not in operator_client.get(home).text


def test_an_address_that_hears_a_type_of_before_keeps_it(operator_client, endpoint, site_ru):
    Endpoint.objects.update(types=["bill.sent", "bill.forgotten"])
    assert "bill.forgotten" in operator_client.get(reverse("endpoints:edit", args=(endpoint.pk,))).text


def test_a_dead_event_is_seen_and_sent_again_and_nobody_sees_what_it_says(operator_client, endpoint, site_ru):
    send("bill.sent", {"number": "Canary"})
    Delivery.objects.update(state=State.DEAD, settled_at=timezone.now(), last_status=500)
    listed = operator_client.get(reverse("deliveries:index"))
    assert "bill.sent" in listed.text and "500" in listed.text and "Canary" not in listed.text
    assert "Canary" not in operator_client.get(reverse("deliveries:index") + "?export=csv").getvalue().decode()
    operator_client.post(reverse("deliveries:again", args=(Delivery.objects.get().pk,)))
    assert Delivery.objects.get().state == State.WAITING


def test_received_events_are_listed(operator_client, bills, shop, site_ru):
    shop.send("bill.paid", {"number": "gone", "amount": "1.00"})
    listed = operator_client.get(reverse("received_events:index") + "?outcome=quarantined").text
    assert "bill.paid" in listed and "person_erased" in listed


def said(*words, **options):
    out = StringIO()
    call_command("exchange_key", *words, stdout=out, **options)
    return out.getvalue()


def test_the_command_makes_rotates_lists_and_revokes(db):
    first = SECRET.search(said("create", "shop", "order.*", "bonus.accrued")).group()
    key = Key.objects.get()
    assert key.secret == first
    second = SECRET.search(said("rotate", str(key.pk), "--hours", "2")).group()
    assert {one.secret for one in keys.live_keys()} == {first, second}
    listed = said("list")
    assert "whsec_" not in listed and "order.* bonus.accrued" in listed and "last used: never" in listed
    said("revoke", str(key.pk))
    assert {one.secret for one in keys.live_keys()} == {second}


@pytest.mark.parametrize("words", [("create", "Shop!", "*"), ("create", "shop", "order"), ("revoke", "99")])
def test_the_command_says_what_is_wrong(db, words):
    with pytest.raises(CommandError):
        said(*words)
