"""A machine that plays people, shop, clock, worker and operator in any order, against the invariants of trust.md.

The suite plays it fifty times, forty deeds each; `./kelisim soak` a thousand times, eighty deeds each.
"""

from __future__ import annotations

import contextlib
import copy
import io
import os
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from hashlib import sha256
from pathlib import Path
from zipfile import ZipFile

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection, models, transaction
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from hypothesis import HealthCheck, Phase
from hypothesis import settings as play
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from cabinet.audit.verifying import verify_chain
from cabinet.beside import UPKEEP_EVERY
from cabinet.consents.composing import Composer
from cabinet.consents.consenting import give, withdraw
from cabinet.consents.models import ConsentReceipt
from cabinet.customers.actions import add_address, remove_address
from cabinet.customers.linking import link
from cabinet.customers.models import Customer, User
from cabinet.desk.models import Request
from cabinet.desk.receiving import answer, receive
from cabinet.exchange.intake import take
from cabinet.jobs.running import run_due
from cabinet.notices import upkeep
from cabinet.orders.models import Order
from cabinet.orders.steps import reached
from cabinet.privacy import asking, copies, erasing, fault_points, gate, tombstones
from cabinet.privacy.data_copies import DataCopy, Stage
from cabinet.privacy.erasures import Erasure, State
from cabinet.register.regimes import Event, due
from cms_pages.models import Edition
from tests.cabinet.consents.conftest import policy, shop  # noqa: F401  (fixtures)

GAMES, DEEDS = int(os.environ.get("MACHINE_GAMES", "50")), int(os.environ.get("MACHINE_DEEDS", "40"))
TABLES = int(os.environ.get("MACHINE_TABLES", "1"))  # at how many of them the games are played, each by one process
GAMES_OF_A_TABLE = -(-GAMES // TABLES)
TOLD = 20  # games, some minutes, after which a soak says how far it is
WHO = st.integers(0, 2)
SPAN = st.sampled_from([timedelta(hours=hours) for hours in (1, 25, 24 * 8, 24 * 20, 24 * 2200)])
STATUS = st.sampled_from(["confirmed", "packed", "shipped", "delivered", "delivered", "returned", "cancelled"])
LATE = st.integers(0, 72).map(lambda hours: timedelta(hours=hours))  # by how much the shop tells of something late
BEGUN = datetime.fromisoformat("2026-03-02T09:00:00+05:00")
MUST_HAPPEN = ("crashes", "erasures done", "erasures waiting", "copies ready", "restores with somebody erased since")
WORDS = models.CharField, models.TextField, models.JSONField


class Crash(Exception):
    """The worker dies here."""


@dataclass
class Known:
    """An order as the machine remembers it."""

    whose: str  # mark of the person
    placed_at: datetime
    steps: set = field(default_factory=set)  # (status, when)
    owed: bool = False
    objection: str = ""  # number of the request that waits

    def is_held(self, at: datetime) -> bool:
        now = reached(self.placed_at, self.steps)
        in_period = now.delivered_at and due(Event.OBJECTIONS, now.delivered_at) > at
        return now.ended_at is None or self.owed or bool(self.objection) or bool(in_period)


@dataclass
class Memory:
    """What must be in the database, and goes back in time with it."""

    people: dict[int, str] = field(default_factory=dict)  # who has an account, by their mark
    orders: dict[str, Known] = field(default_factory=dict)
    agreed: dict[str, bool] = field(default_factory=dict)  # mark: wants news by e-mail
    asked: dict[str, str] = field(default_factory=dict)  # number of a request that waits: its words
    editions: dict[int, str] = field(default_factory=dict)


happened: Counter[str] = Counter()  # over all games, so that one sees what was tried


class World(RuleBasedStateMachine):
    """Three people, their shop, and everything that happens to them."""

    publish_once = None  # given by the test

    def __init__(self):
        super().__init__()
        self.game = transaction.atomic()
        self.game.__enter__()
        self.travel = time_machine.travel(BEGUN, tick=False)
        self.clock = self.travel.start()
        settings.TOMBSTONES = (
            Path(tempfile.mkdtemp(dir=settings.DATA_DIR)) / "tombstones.jsonl"
        )  # no game knows another's
        gate.watch = gate.Watch()
        self.memory, self.count = Memory(editions=sealed()), 0
        self.numbers: dict[str, str] = {}  # mark: the shop engine's number for the person
        self.signs: dict[str, list[str]] = {}  # mark: what nobody else bears
        self.begun: set[str] = set()  # marks of those whose erasure has begun
        self.swept: set[str] = set()  # marks of those of whom nothing was found
        self.whole: set[tuple[str, int]] = set()  # copies that were unpacked
        self.backup = None
        self.withdrawn: set[str] = set()  # since the backup
        self.answered: set[str] = set()  # numbers of requests, since the backup
        self.upkeep_at = BEGUN  # when a server has its hourly deeds done next

    def teardown(self):
        try:
            if not connection.needs_rollback:  # else a game was lost, and tells by what
                self.count_up()
                verify_chain([])  # i9
        finally:
            self.travel.stop()
            transaction.set_rollback(True)
            self.game.__exit__(None, None, None)

    def count_up(self):
        happened["games"] += 1
        if happened["games"] % TOLD == 0 and "MACHINE_GAMES" in os.environ:
            print(f"{happened['games']} of {GAMES_OF_A_TABLE} games at a table …", file=sys.stderr, flush=True)
        happened.update(f"erasures {state}" for state in Erasure.objects.values_list("state", flat=True))
        happened.update(f"copies {stage}" for stage in DataCopy.objects.values_list("stage", flat=True))
        happened.update(orders=len(self.memory.orders), begun=len(self.begun))

    # People ---------------------------------------------------------------------------------------------------------

    @initialize()
    def everybody_signs_up(self):
        for who in range(3):
            self.sign_up(who)
            self.order(who, timedelta())

    @rule(who=WHO)
    def sign_up(self, who):
        if User.objects.filter(email=f"who{who}@customer.example").exists():
            return  # still here, or an erasure of theirs was killed before it came to the address
        self.count += 1
        name, street, phone = f"Kanar{self.count}eika", f"Kanareichnaya {self.count}a", f"+7701555{self.count:04}"
        user = User.objects.create_user(f"who{who}@customer.example")
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
        customer = Customer.objects.create(user=user, first_name=name, phone=phone, language="ru")
        add_address(customer=customer, given={"city": "Алматы", "street": street})
        mark = str(customer.subject)
        self.memory.people[who], self.signs[mark], self.numbers[mark] = mark, [name, street, phone], f"n{self.count}"
        give(customer=customer, composed=Composer("ru").one("order", ""))
        link(source="shop", external_id=self.numbers[mark], customer=customer)
        self.memory.agreed[mark] = False

    def customer(self, who):
        return Customer.objects.filter(subject=self.memory.people[who], user__is_active=True).first()

    def is_there(self, who):
        return who in self.memory.people and self.memory.people[who] not in self.begun

    @rule(who=WHO, yes=st.booleans())
    def news(self, who, yes):
        if not self.is_there(who):
            return
        mark, customer = self.memory.people[who], self.customer(who)
        if yes and not Erasure.objects.live().filter(customer=customer).exists():
            give(customer=customer, composed=Composer("ru").one("news.prices", "email"))
            self.memory.agreed[mark] = True
        elif not yes:
            withdraw(customer=customer, purpose="news.prices", medium="email")
            self.stop_news(mark)

    def stop_news(self, mark):
        if self.memory.agreed.get(mark):
            self.withdrawn.add(mark)
        self.memory.agreed[mark] = False

    @rule(who=WHO)
    def remove_address(self, who):
        if self.is_there(who) and (address := self.customer(who).addresses.present().first()):
            remove_address(address=address)

    @rule(who=WHO, at_once=st.booleans(), twice=st.booleans())
    def ask_for_erasure(self, who, at_once, twice):
        if not self.is_there(who):
            return
        customer = self.customer(who)
        first = asking.ask(customer=customer, at_once=at_once)
        assert not twice or asking.ask(customer=customer, at_once=at_once).pk == first.pk  # i2
        self.stop_news(self.memory.people[who])

    @rule(who=WHO, hasten=st.booleans())
    def think_again(self, who, hasten):
        if not self.is_there(who):
            return
        standing = Erasure.objects.live().filter(customer=self.customer(who)).first()
        if standing:
            (asking.hasten if hasten else asking.call_off)(erasure=standing)

    @rule(who=WHO)
    def ask_for_a_copy(self, who):
        if self.is_there(who):
            with contextlib.suppress(copies.TooSoon):
                copies.ask(customer=self.customer(who), language="ru")

    # The shop -------------------------------------------------------------------------------------------------------

    def tell(self, kind, data, at):
        self.count += 1
        body = sha256(f"{self.count}".encode()).hexdigest()
        first, again = (take("shop", f"e{self.count}", kind, at, data, body) for _time in range(2))
        assert again.is_repeat and again.outcome == first.outcome  # i2
        return first.outcome

    def place(self, mark, late):
        self.count += 1
        number, at = f"A-{self.count}", timezone.now() - late
        signs = self.signs[mark]
        outcome = self.tell(
            "order.placed",
            {
                "number": number,
                "currency": "KZT",
                "total": "100.00",
                "lines": [{"name": "Икра", "quantity": "1", "price": "100.00", "cost": "100.00"}],
                "customer": {"id": self.numbers[mark]},
                "contact": {"name": signs[0], "phone": signs[2]},
                "address": {"city": "Алматы", "street": signs[1]},
            },
            at,
        )
        return number, at, outcome

    @rule(who=WHO, late=LATE)
    def order(self, who, late):
        if who in self.memory.people:
            mark = self.memory.people[who]
            number, at, outcome = self.place(mark, late)
            if mark in self.begun:
                assert outcome == "quarantined", outcome  # i3
            else:
                assert outcome == "applied", outcome
                self.memory.orders[number] = Known(mark, at)

    @precondition(lambda self: self.begun)
    @rule(late=LATE)
    def order_for_somebody_erased(self, late):
        number, _at, outcome = self.place(sorted(self.begun)[-1], late)
        assert outcome == "quarantined" and not Order.objects.filter(number=number).exists()  # i3

    @precondition(lambda self: self.memory.orders)
    @rule(pick=st.integers(0, 99), status=STATUS, late=LATE)
    def reach(self, pick, status, late):
        number = list(self.memory.orders)[pick % len(self.memory.orders)]
        known, at = self.memory.orders[number], timezone.now() - late
        if not Order.objects.filter(number=number, anonymised_at=None).exists():
            return
        self.tell("order.status_changed", {"number": number, "status": status}, at)
        known.steps.add((status, at))

    @precondition(lambda self: self.memory.orders)
    @rule(pick=st.integers(0, 99))
    def pay_back(self, pick):
        number = list(self.memory.orders)[pick % len(self.memory.orders)]
        known = self.memory.orders[number]
        if not Order.objects.filter(number=number, anonymised_at=None).exists():
            return
        kind = "refund.paid" if known.owed else "refund.requested"
        self.tell(kind, {"number": number, "reference": "R1", "amount": "10.00"}, timezone.now())
        known.owed = kind == "refund.requested" and not self.was_paid(number)

    def was_paid(self, number):
        return Order.objects.filter(number=number, refunds__state="paid").exists()

    @precondition(lambda self: self.memory.orders)
    @rule(pick=st.integers(0, 99))
    def object_or_be_answered(self, pick):
        number = list(self.memory.orders)[pick % len(self.memory.orders)]
        known, order = self.memory.orders[number], Order.objects.filter(number=number, anonymised_at=None).first()
        standing = Request.objects.open().filter(order__number=number).first()
        if standing:
            self.answer(standing)
        elif order and not known.objection:
            known.objection = self.ask("objection", known.whose, order=order)

    @rule(who=WHO)
    def ask_the_shop(self, who):
        if self.is_there(who):
            mark = self.memory.people[who]
            self.ask("question", mark, customer=self.customer(who))

    @precondition(lambda self: self.memory.asked)
    @rule(pick=st.integers(0, 99))
    def be_answered(self, pick):
        number = list(self.memory.asked)[pick % len(self.memory.asked)]
        found = Request.objects.get(public_id=number)
        if not found.order_id:
            self.answer(found)

    def answer(self, request):
        answer(request=request, text="Ответ магазина.", outcome="granted", by="")
        self.answered.add(request.public_id)
        self.forget(request.public_id)

    def forget(self, number):
        self.memory.asked.pop(number, None)
        for known in self.memory.orders.values():
            known.objection = known.objection if known.objection != number else ""

    def ask(self, kind, mark, **about):
        self.count += 1
        words = f"{self.signs[mark][0]} просит ответа, {self.count}"
        facts = {"channel": "letter", "text": words, "language": "ru", "form_key": f"f{self.count}", "by": "staff"}
        first, again = (receive(kind=kind, **facts, **about) for _time in range(2))
        assert first.pk == again.pk  # i2
        self.memory.asked[first.public_id] = words
        return first.public_id

    # Time, workers, editors, operators ------------------------------------------------------------------------------

    @rule(span=SPAN)
    def time_goes_by(self, span):
        self.clock.shift(span)

    @rule()
    def work(self):
        failed = DBTaskResult.objects.exclude(exception_class_path="").exclude(exception_class_path__endswith="Crash")
        if timezone.now() >= self.upkeep_at:
            for deed in upkeep.deeds:
                deed()
            self.upkeep_at = timezone.now() + timedelta(seconds=UPKEEP_EVERY)
        run_due()
        tombstones.flush()
        assert not failed.exists(), list(failed.values_list("task_path", "exception_class_path"))
        self.note_begun()

    @rule(span=SPAN)
    def the_worker_goes_on_while_time_goes_by(self, span):
        self.clock.shift(span)
        self.work()

    @rule(who=WHO)
    def ask_for_erasure_and_have_it_begin(self, who):
        self.ask_for_erasure(who, at_once=True, twice=False)
        self.work()

    # What seldom comes of single deeds, for many games are played with a few kinds of them only.

    @rule(who=WHO)
    def have_a_copy_made(self, who):
        self.ask_for_a_copy(who)
        self.work()

    @rule(who=WHO)
    def be_erased_when_all_is_long_over(self, who):
        mark = self.memory.people.get(who)
        for pick, known in enumerate(self.memory.orders.values()):
            if known.whose == mark:
                self.reach(pick, "delivered", timedelta())
                if known.owed:
                    self.pay_back(pick)
                if known.objection:
                    self.object_or_be_answered(pick)
        self.clock.shift(timedelta(days=2200))
        self.ask_for_erasure_and_have_it_begin(who)

    @rule(who=WHO)
    def restore_after_an_erasure(self, who):
        self.back_up()
        self.ask_for_erasure_and_have_it_begin(who)
        self.restore()

    @rule(nth=st.integers(1, 40))
    def work_and_die(self, nth):
        def die(name, seen=[]):  # noqa: B006
            seen.append(name)
            if len(seen) >= nth:
                raise Crash

        ready = Erasure.objects.live().filter(due_at__lte=timezone.now())
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(fault_points, "fault_point", die)
            for pk in ready.values_list("pk", flat=True):
                try:
                    erasing.run(pk)
                except Crash:
                    happened["crashes"] += 1
                    break
        tombstones.flush()
        self.note_begun()

    def note_begun(self):
        there = {str(mark) for mark in Customer.objects.filter(user__is_active=True).values_list("subject", flat=True)}
        self.begun |= set(self.signs) - there - self.lost
        for who, mark in list(self.memory.people.items()):
            if mark in self.begun:
                del self.memory.people[who]

    lost: frozenset = frozenset()  # marks of those who signed up after the backup that was restored

    @rule(text=st.sampled_from(["We keep your name.", "We keep your phone.", "We keep nothing."]))
    def publish(self, text):
        type(self).publish_once(text)
        self.memory.editions |= sealed()

    @rule()
    def back_up(self):
        self.backup = (transaction.savepoint(), copy.deepcopy(self.memory))
        self.begun_before = set(self.begun)
        self.withdrawn, self.answered = set(), set()

    @precondition(lambda self: self.backup)
    @rule()
    def restore(self):
        tombstones.flush()  # as each commit had done; a game is one transaction, which commits nothing
        savepoint, before = self.backup
        transaction.savepoint_rollback(savepoint)
        gate.watch, self.upkeep_at = gate.Watch(), timezone.now()  # of a server that has just started
        self.memory = copy.deepcopy(before)
        call_command("reapply_erasures", verbosity=0, stdout=io.StringIO())
        for number in self.answered:
            self.forget(number)
        for mark in self.withdrawn:
            if mark in self.memory.agreed:
                self.memory.agreed[mark] = False
        there = {str(mark) for mark in Customer.objects.values_list("subject", flat=True)}
        self.lost |= set(self.signs) - there - self.begun
        self.work()
        assert not gate.is_behind()
        happened["restores with somebody erased since"] += bool(self.begun - self.begun_before)
        self.note_begun()

    # What must hold after each deed ---------------------------------------------------------------------------------

    @invariant()
    def i3_nobody_erased_has_a_live_order(self):
        done = set(self.begun) - {str(mark) for mark in Customer.objects.values_list("subject", flat=True)}
        now = timezone.now()
        assert not [n for n, known in self.memory.orders.items() if known.whose in done and known.is_held(now)]
        assert not Order.objects.filter(subject__in=done).exists()

    @invariant()
    def i4_nothing_is_left_of_somebody_erased(self):
        there = {str(mark) for mark in Customer.objects.values_list("subject", flat=True)}
        gone = self.begun - there
        if gone - self.swept:
            assert found_of([sign for mark in gone for sign in self.signs[mark]]) == []
        self.swept = gone

    @invariant()
    def i6_nothing_goes_while_its_hold_stands(self):
        now = timezone.now()
        held = {number for number, known in self.memory.orders.items() if known.is_held(now)}
        whole = Order.objects.filter(number__in=held, anonymised_at=None).exclude(person__name="")
        assert set(whole.values_list("number", flat=True)) == held

    @invariant()
    def i6_who_waits_for_an_answer_gets_one(self):
        waiting = Request.objects.open().filter(public_id__in=self.memory.asked, customer__isnull=False)
        assert dict(waiting.values_list("public_id", "text")) == self.memory.asked

    @invariant()
    def i7_a_copy_is_whole_or_absent(self):
        for ready in DataCopy.objects.filter(stage=Stage.READY):
            state = ready.file, ready.place.stat().st_mtime_ns  # one that stands as it stood is not unpacked again
            if state not in self.whole:
                with ZipFile(ready.place) as packed:
                    assert packed.testzip() is None
                self.whole.add(state)

    @invariant()
    def i10_the_latest_answer_holds(self):
        wants = ConsentReceipt.objects.in_force().filter(purpose="news.prices", subject__in=self.signs)
        assert {str(mark) for mark in wants.values_list("subject", flat=True)} == {
            mark for mark, yes in self.memory.agreed.items() if yes
        }

    @invariant()
    def i11_editions_are_never_lost_or_altered(self):
        assert sealed().items() >= self.memory.editions.items()

    @invariant()
    def i12_nobody_comes_back(self):
        assert not Customer.objects.filter(subject__in=self.begun, user__is_active=True).exists()
        emptied = Customer.objects.filter(erasures__state=State.WAITING)
        assert not emptied.exclude(first_name="", phone="").exists()


def sealed():
    return dict(Edition.objects.values_list("pk", "sha256"))


def found_of(signs):
    """Every table with a row in which one of the signs stands."""
    return [model._meta.label for model in apps.get_models(include_auto_created=True) if holds(model, signs)]


@cache
def columns_of(model):
    quoted = [connection.ops.quote_name(each.column) for each in model._meta.local_fields if isinstance(each, WORDS)]
    return " || ' ' || ".join(f"coalesce(cast({column} as text), '')" for column in quoted)


def holds(model, signs):
    columns, table = columns_of(model), connection.ops.quote_name(model._meta.db_table)
    if not columns or not signs:
        return False
    asked = " OR ".join([f"({columns}) LIKE %s"] * len(signs))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT 1 FROM {table} WHERE {asked} LIMIT 1", [f"%{sign}%" for sign in signs])
        return cursor.fetchone() is not None


@pytest.fixture
def march():
    with time_machine.travel(BEGUN, tick=False):
        yield


@pytest.fixture
def world(march, shop, policy, publish, tmp_path, settings, monkeypatch):  # noqa: F811
    settings.DATA_DIR, settings.COPIES_DIR, settings.TOMBSTONES = tmp_path, tmp_path / "copies", None
    monkeypatch.setattr(World, "publish_once", staticmethod(lambda text: publish(policy, clauses=[[text]])))
    return World


@pytest.mark.parametrize("table", range(TABLES))
def test_whatever_happens_the_invariants_hold(world, record_property, table):
    happened.clear()
    run_state_machine_as_test(world, settings=playing())
    record_property(
        f"{GAMES_OF_A_TABLE} games of {DEEDS} deeds",
        ", ".join(f"{name} {n}" for name, n in sorted(happened.items()) if name != "games"),
    )
    assert GAMES_OF_A_TABLE < 50 or min(happened[each] for each in MUST_HAPPEN) > 0, (
        happened
    )  # in a few games one may be missing


def playing():
    return play(
        max_examples=GAMES_OF_A_TABLE,
        stateful_step_count=DEEDS,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        print_blob=False,
        phases=[Phase.generate],  # a game that was lost tells its deeds; to shorten it would take minutes
        derandomize="MACHINE_GAMES" not in os.environ,  # the suite plays the same games each time; a soak ever new ones
    )
