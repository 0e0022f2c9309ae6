"""An account that nobody uses is deleted after two letters, and never without them (R7, f14)."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from allauth.usersessions.models import UserSession
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cabinet.customers.models import Customer, User
from cabinet.jobs.running import run_due
from cabinet.notices.delivery import deliver_due
from cabinet.notices.kinds import kinds
from cabinet.notices.models import Letter
from cabinet.privacy import idle, turns
from cabinet.privacy.erasing import run
from cabinet.privacy.erasures import Erasure, Reason, State
from cabinet.privacy.idle_letters import FIRST, LAST
from cabinet.privacy.idle_warnings import IdleWarning
from cabinet.privacy.retention import enforce_one
from tests.cabinet.privacy import people

DAYS = 1095
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def begun(aigerim):
    """When Aigerim signed in for the last time."""
    moment = timezone.now()
    User.objects.filter(pk=aigerim.pk).update(date_joined=moment, last_login=moment)
    Customer.objects.filter(user=aigerim).update(created_at=moment)
    return moment


@pytest.fixture
def on(begun):
    """Return a function that does on a later day what a worker does each hour, letters included."""

    def act(day, mail=True):
        with time_machine.travel(begun + timedelta(days=day) + HOUR, tick=True):
            idle.warn()
            if mail:
                deliver_due()
            enforce_one("customers.account")

    return act


def written(template):
    return Letter.objects.filter(template=template).count()


def asked():
    return list(Erasure.objects.values_list("reason", "state"))


def test_r7_two_letters_and_then_the_same_deletion_as_on_request(on, begun, aigerim):
    on(DAYS - 31)
    assert written(FIRST) == 0
    on(DAYS - 30)
    assert (written(FIRST), written(LAST)) == (1, 0)
    on(DAYS - 8)
    assert written(LAST) == 0
    on(DAYS - 7 + 1)
    assert (written(FIRST), written(LAST), asked()) == (1, 1, [])
    on(DAYS)
    assert asked() == []  # the last letter was a day late, so seven days are not over
    on(DAYS + 1.5)
    assert asked() == [(Reason.IDLE, State.REQUESTED)]
    with time_machine.travel(begun + timedelta(days=DAYS + 2), tick=True):
        run_due()
        assert run(Erasure.objects.get().pk) == State.DONE
    assert not User.objects.filter(pk=aigerim.pk).exists() and written(turns.DONE) == 1


def sign_in(user, shop_agree, moment):
    User.objects.filter(pk=user.pk).update(last_login=moment)


def be_seen(user, shop_agree, moment):
    UserSession.objects.create(user=user, session_key="x", ip="203.0.113.7", last_seen_at=moment)


def order(user, shop_agree, moment):
    people.order(user.customer, "A-1", ended=None)


def agree_to_news(user, shop_agree, moment):
    shop_agree(user, "news.prices", "email")


@pytest.mark.parametrize("use", [sign_in, be_seen, order, agree_to_news])
def test_any_use_calls_it_off(on, begun, aigerim, agree, use):
    on(DAYS - 30)
    on(DAYS - 6)
    with time_machine.travel(begun + timedelta(days=DAYS - 1), tick=True):
        use(aigerim, agree, timezone.now())
    for day in (DAYS, DAYS + 2, DAYS + 30):
        on(day)
    assert asked() == [] and not IdleWarning.objects.exists()
    assert (written(FIRST), written(LAST)) == (1, 1)


def test_after_another_three_years_it_begins_anew(on, begun, aigerim):
    on(DAYS - 30)
    sign_in(aigerim, None, begun + timedelta(days=DAYS - 10))
    on(2 * DAYS - 41)
    assert not IdleWarning.objects.exists()
    on(2 * DAYS - 39)
    assert IdleWarning.objects.get().last_at is None and asked() == []


def test_old_letters_are_no_warning_when_nothing_ran_for_another_three_years(on, begun, aigerim):
    on(DAYS - 30)
    on(DAYS - 6)
    sign_in(aigerim, None, begun + timedelta(days=DAYS - 1))
    with time_machine.travel(begun + timedelta(days=3 * DAYS), tick=True):
        enforce_one("customers.account")
    assert asked() == []


def test_f14_a_scheduler_that_was_dead_over_the_whole_time_writes_both_letters_first(on):
    on(DAYS + 400)
    assert (written(FIRST), written(LAST), asked()) == (1, 0, [])
    on(DAYS + 422)
    assert (written(LAST), asked()) == (0, [])
    on(DAYS + 424)
    assert (written(FIRST), written(LAST), asked()) == (1, 1, [])
    on(DAYS + 432)
    assert len(asked()) == 1


def test_f14_a_missed_week_moves_the_deletion_and_writes_nothing_twice(on):
    on(DAYS - 30)
    on(DAYS + 3)
    on(DAYS + 3)
    assert (written(FIRST), written(LAST), asked()) == (1, 1, [])
    on(DAYS + 9)
    assert asked() == []
    on(DAYS + 11)
    assert len(asked()) == 1 and written(LAST) == 1


def test_the_letter_names_the_day_before_which_nothing_goes(on, begun, aigerim):
    on(DAYS - 30, mail=False)
    letter = Letter.objects.get(template=FIRST)
    day = timezone.localtime(IdleWarning.objects.get().ends_at)
    assert IdleWarning.objects.get().ends_at >= begun + timedelta(days=DAYS)
    assert letter.recipient == aigerim.email and f"{day.day} " in letter.written.text


def test_f09_a_letter_that_has_not_left_keeps_the_account(on, settings):
    on(DAYS - 30)
    on(DAYS - 6, mail=False)
    on(DAYS + 5, mail=False)
    assert asked() == []
    on(DAYS + 6)  # it leaves, and its seven days begin
    on(DAYS + 12)
    assert asked() == []
    on(DAYS + 14)
    assert len(asked()) == 1


def test_i6_what_a_hold_stands_on_stays(on, begun, aigerim):
    people.order(aigerim.customer, "A-1", ended=None)
    on(DAYS - 20)
    on(DAYS + 4)
    on(DAYS + 12)
    with time_machine.travel(begun + timedelta(days=DAYS + 12, hours=2), tick=True):
        assert run(Erasure.objects.get().pk) == State.WAITING
    assert Customer.objects.filter(orders__number="A-1").exists()


def test_whoever_signs_in_between_the_asking_and_the_deletion_keeps_the_account(on, begun, aigerim):
    for day in (DAYS - 30, DAYS - 6, DAYS + 2):
        on(day)
    erasure = Erasure.objects.get()
    User.objects.filter(pk=aigerim.pk).update(last_login=erasure.requested_at + timedelta(seconds=1))
    with time_machine.travel(erasure.requested_at + timedelta(seconds=2), tick=True):
        assert run(erasure.pk) == State.CANCELLED
    assert User.objects.filter(pk=aigerim.pk, is_active=True).exists()


@pytest.mark.parametrize("facts", [{"is_staff": True}, {"is_superuser": True}, {"is_active": False}, {"is_demo": True}])
def test_staff_and_closed_accounts_are_left_alone(on, aigerim, facts):
    User.objects.filter(pk=aigerim.pk).update(**facts)
    for day in (DAYS, DAYS + 30, DAYS + 60):
        on(day)
    assert not Letter.objects.exists() and asked() == []


def test_whoever_has_rights_in_the_admin_is_staff(on, aigerim):
    aigerim.groups.add(Group.objects.create(name="Some rights"))
    on(DAYS)
    assert not Letter.objects.exists()


def test_a_shop_may_keep_them_and_forgets_its_letters(on, settings):
    on(DAYS - 30)
    on(DAYS - 6)
    settings.IDLE_ACCOUNT_DAYS = 0
    on(DAYS + 30)
    assert asked() == [] and not IdleWarning.objects.exists()


@pytest.mark.parametrize("language", ["ru", "kk", "en"])
def test_the_letters_are_in_the_persons_language_and_lead_to_sign_in_and_to_their_data(on, aigerim, language):
    Customer.objects.filter(user=aigerim).update(language=language)
    on(DAYS - 30, mail=False)
    on(DAYS - 6, mail=False)
    for template in (FIRST, LAST):
        text = Letter.objects.get(template=template, language=language).written.text
        assert f"/{language}/cabinet/\n" in text and f"/{language}/cabinet/data/\n" in text


def test_staff_can_look_at_them_as_at_every_kind():
    assert all(kinds[template].written("ru").text for template in (FIRST, LAST))


def test_asking_is_of_the_software_and_not_of_the_person(on):
    from cabinet.audit.models import Event

    for day in (DAYS - 30, DAYS - 6, DAYS + 2):
        on(day)
    events = {event.name: event.actor for event in Event.objects.filter(name__startswith="privacy.")}
    assert events == {"privacy.idle.warned": "", "privacy.erasure.requested": ""}


def test_many_customers_cost_no_more_queries_to_look_through(begun, make_customer, aigerim):
    def look():
        with time_machine.travel(begun + timedelta(days=DAYS - 40)), CaptureQueriesContext(connection) as queries:
            assert idle.warn() == 0 and enforce_one("customers.account") == 0
        return len(queries)

    few = look()
    for number in range(8):
        make_customer(f"c{number}@customer.example", "Somebody")
    assert look() == few
