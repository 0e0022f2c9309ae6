"""s18: who on staff may open which view of which model of ours; a view missing from the table fails."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.db import transaction
from django.urls import get_resolver, reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from wagtail.admin.viewsets import viewsets
from wagtail.admin.viewsets.chooser import ChooserViewSet
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.coreutils import resolve_model_string

from cabinet.audit.models import Event
from cabinet.audit.recording import record
from cabinet.consents.models import ConsentReceipt, ConsentText, CookieReceipt, Recipient
from cabinet.customers.models import User
from cabinet.desk.models import Request
from cabinet.exchange.keys import make
from cabinet.exchange.models import Delivery, Endpoint, ReceivedEvent
from cabinet.exchange.signing import new_secret
from cabinet.notices.models import Letter, State
from cabinet.notices.posting import post
from cabinet.orders.models import Assignment, BreakGlass, Order, OrderPerson, PhoneOrder, Refund
from cabinet.privacy.models import Restricted
from cms_pages.models import BannerEdition, CookieBanner, CookieGroup
from cms_pages.starter.cookies import load_cookies
from tests import authorization
from tests.cabinet.consents.shop import fill_card
from tests.conftest import signed_in
from tests.databases import ROOT

STAFF = {"editor", "lawyer", "officer", "administrator"}
KEEPERS = {"editor", "administrator"}  # of the cookies
COUNTERS = {"editor", "officer", "administrator"}
HOLDERS = {"officer", "administrator"}  # of single receipts, letters and events
OPERATORS = {"administrator"}  # secrets shared with other programs, and where events go
NOBODY: set[str] = set()
ORDERERS = {
    "order staff",
    "second clerk",
    "officer",
    "administrator",
}  # which orders stand in the list, seeing.py decides
CLERKS = {"order staff", "second clerk", "administrator"}
HANDS = {"order staff"}  # who has the order in hand; nobody is above that
SEEING = {"order staff", "officer"}  # the officer has an emergency access open
LISTERS = {*SEEING, "administrator"}  # of the one order; the administrator may give it to a colleague
PAYERS = {"accountant", "administrator"}
WRITTEN = ("index", "index_results", "add", "edit", "delete", "history", "history_results", "usage")
READ_ONLY = dict.fromkeys(("history", "history_results", "usage", "add", "edit", "delete"), NOBODY)

# By namespace: each view of each of our models, and who may open it. What is sealed nobody changes, an administrator
# included; whoever has the number of a receipt may change that choice, so single receipts are for officers.
TABLE = {
    "editions": {"index": STAFF, "index_results": STAFF, "inspect": STAFF, **READ_ONLY},
    "banner_editions": {"index": STAFF, "index_results": STAFF, "inspect": STAFF, **READ_ONLY},
    "events": {"index": HOLDERS, "index_results": HOLDERS, "inspect": HOLDERS, **READ_ONLY},
    "letters": {
        "index": HOLDERS,
        "index_results": HOLDERS,
        **READ_ONLY,
        "again": HOLDERS,
        "give_up": HOLDERS,
        "kinds": STAFF,  # sample data of nobody
        "preview": STAFF,
        "preview_html": STAFF,
    },
    "restricted": {"index": HOLDERS, "index_results": HOLDERS, **READ_ONLY, "open": HOLDERS},
    "jobs": {"index": HOLDERS, "index_results": HOLDERS, **READ_ONLY, "again": HOLDERS},
    "receipts": {"index": HOLDERS, "index_results": HOLDERS, "inspect": HOLDERS, **READ_ONLY},
    "consent_receipts": {"index": HOLDERS, "index_results": HOLDERS, "inspect": HOLDERS, **READ_ONLY},
    "orders": {
        "index": ORDERERS,
        "index_results": ORDERERS,
        "take": CLERKS,
        "by_phone": CLERKS,
        "by_phone_again": CLERKS,
        "find": CLERKS,
        "order": LISTERS,
        "reveal": SEEING,
        "assign": {"administrator"},
        "step": HANDS,
        "link": HANDS,
    },
    "refunds": dict.fromkeys(
        ("index", "index_results", "open", "refund", "reveal", "details", "paid", "came_back"), PAYERS
    ),
    "requests": dict.fromkeys(("index", "index_results", "new", "request", "reveal", "answer"), HOLDERS),
    "emergencies": {**dict.fromkeys(("index", "index_results", "find", "open"), HOLDERS), "access": {"officer"}},
    "recipients": dict.fromkeys(WRITTEN, HOLDERS),
    "keys": dict.fromkeys((*WRITTEN, "rotate"), OPERATORS),
    "endpoints": dict.fromkeys((*WRITTEN, "rotate"), OPERATORS),
    "deliveries": {"index": OPERATORS, "index_results": OPERATORS, **READ_ONLY, "again": OPERATORS},
    "received_events": {"index": OPERATORS, "index_results": OPERATORS, **READ_ONLY},
    "cookie_groups": {
        "index": COUNTERS,
        "index_results": COUNTERS,
        "inspect": COUNTERS,
        "add": KEEPERS,
        "edit": KEEPERS,
        "delete": KEEPERS,
        "reorder": KEEPERS,
        "history": KEEPERS,
        "history_results": KEEPERS,
        "usage": KEEPERS,
    },
    "cookie_banner": {
        "list": COUNTERS,
        "list_results": COUNTERS,
        "inspect": COUNTERS,
        "add": NOBODY,  # there is one already
        "edit": KEEPERS,
        "delete": NOBODY,
        "history": KEEPERS,
        "history_results": KEEPERS,
        "usage": KEEPERS,
        "preview_on_add": NOBODY,
        "preview_on_edit": KEEPERS,
    },
}
LEADS_ON = {
    "cookie_banner": "/admin/cookies/banner/edit/",
    "letters": "/admin/letters/",
    "orders": "/admin/orders/",
    "refunds": "/admin/refunds/",
    "emergencies": "/admin/reports/emergencies/",
    "requests": "/admin/requests/",
    "deliveries": "/admin/exchange/sent/",
    "jobs": "/admin/jobs/",
}
EXPORTED = ["editions", "banner_editions", "receipts", "events", "letters", "jobs", "deliveries", "received_events"]
REPORTS = {"cookie_choices": COUNTERS, "cookie_choices_results": COUNTERS}
OF_NO_ROW = {"index", "index_results", "list", "list_results", "add", "preview_on_add", "kinds"}
OF_NO_ROW |= {"take", "by_phone", "by_phone_again", "find", "new"}
OF_A_KIND = {"preview", "preview_html"}
BY_POST = {"reorder", "again", "give_up", "take", "by_phone_again", "reveal", "assign", "step", "link", "rotate"}
BY_POST |= {"open", "details", "paid", "came_back", "answer"}
BY_PUBLIC_ID = {"orders", "refunds", "emergencies", "requests"}
POSTED = {
    "reason": "an answer to a court",
    "outcome": "answered",
    "text": "An answer of some words",
    "to": "confirmed",
    "holder": "Nobody",
    "tax_number": "990101300033",
    "iban": "KZ86125KZT5004100100",
}
LETTER = "account/email/password_set"
ROLES = {
    "editor": "Editors",
    "lawyer": "Lawyers",
    "officer": "Privacy officers",
    "order staff": "Order staff",
    "second clerk": "Order staff",
    "accountant": "Accountants",
    "administrator": None,
}


@pytest.fixture
def edition(make_document, publish):
    return publish(make_document(slug="privacy", kind="policy"))


def under_lock():
    row = Restricted(category="orders.people", law="law", until=timezone.now())
    row.words = {"name": "Nobody"}
    row.save()
    return row


@pytest.fixture
def rows(edition, make_user, site_ru):
    """One row of each model."""
    load_cookies(optional=True)
    banner = BannerEdition.objects.first()
    facts = {"banner_sha256": banner.sha256, "method": "banner", "language": banner.language, "gpc": False}
    receipt = CookieReceipt.objects.create(made_at=timezone.now(), banner=banner, choices={"statistics": True}, **facts)
    group = CookieGroup.objects.get(varname="statistics")
    words = ConsentText.objects.create(purpose="bonuses", language="ru", parts=[], text="", sha256="", policy=edition)
    said = {"purpose": "bonuses", "given": True, "at": timezone.now(), "channel": "site", "language": "ru"}
    record("tests.row.made")
    letter = post(LETTER, to="nobody@customer.example", language="ru")
    Letter.objects.update(state=State.DEAD)
    now = timezone.now()
    moments = {"placed_at": now, "status_at": now, "tax_until": now}
    order = Order.objects.create(source="site", number="A-1", placed_by="site", total=1, **moments)
    OrderPerson.objects.create(order=order, name="Nobody")
    PhoneOrder.objects.create(order=order, form_key="x", token_sha256="x", link_until=now)
    fill_card(site_ru)
    endpoint = Endpoint(url="https://shop.example/hooks")
    endpoint.secret = new_secret()
    endpoint.save()
    came = {"source": "shop", "event_id": "1", "type": "a.b", "occurred_at": timezone.now(), "body_sha256": ""}
    return {
        "orders": order,
        "refunds": Refund.objects.create(order=order, amount=1),
        "requests": Request.objects.create(
            kind="question", channel="phone", language="ru", answer_by=now, form_key="x"
        ),
        "emergencies": BreakGlass.objects.create(
            officer=make_user("somebody@kelisim.example"), subject=order.subject, reason="x", until=now
        ),
        "keys": make("shop", ["*"])[0],
        "endpoints": endpoint,
        "deliveries": Delivery.objects.create(endpoint=endpoint, type="a.b"),
        "received_events": ReceivedEvent.objects.create(**came),
        "letters": letter,
        "jobs": parked_job(),
        "restricted": under_lock(),
        "editions": edition,
        "banner_editions": banner,
        "events": Event.objects.first(),
        "receipts": receipt,
        "consent_receipts": ConsentReceipt(subject=uuid.uuid4(), text=words, **said).seal(),
        "recipients": Recipient.objects.create(name="Courier LLP"),
        "cookie_groups": group,
        "cookie_banner": CookieBanner.objects.get(),
    }


def parked_job():
    facts = {"args_kwargs": {"args": [1], "kwargs": {}}, "task_path": "tests.cabinet.jobs.sample.note"}
    row = DBTaskResult(status="FAILED", finished_at=timezone.now(), backend_name="default", **facts)
    row.save()
    return row


@pytest.fixture
def client_of(make_user):
    def make(role):
        group = ROLES[role]
        return signed_in(
            make_user(f"{role.replace(' ', '-')}@kelisim.example", role, (group or "x",), is_superuser=group is None)
        )

    return make


@pytest.fixture
def at_work(rows):
    """Return a function that gives somebody what they work on: Timur has the order in hand, the officer an access."""

    def act(role):
        user = User.objects.get(first_name=role)
        if role == "order staff":
            Assignment.objects.create(order=rows["orders"], staff=user)
        if role == "officer":
            until = timezone.now() + timedelta(hours=1)
            known = {"subject": rows["orders"].subject, "reason": "x", "until": until}
            BreakGlass.objects.filter(pk=rows["emergencies"].pk).update(officer=user, **known)

    return act


def ask(client, room, view, row):
    """Ask for one view, and undo what it did, so that each is asked of the same rows."""
    url = reverse(f"{room}:{view}", args=args_of(room, view, row))
    posts = view in BY_POST and not (room == "refunds" and view == "open")
    with transaction.atomic():
        answer = client.post(url, POSTED) if posts else client.get(url)
        transaction.set_rollback(True)
    return answer


def args_of(room, view, row):
    if view in OF_NO_ROW or (room == "refunds" and view == "open"):
        return ()
    if view in OF_A_KIND:
        return ("kk", LETTER)
    if room in BY_PUBLIC_ID:
        return (row.subject if view == "open" else row.public_id,)
    return (row.pk,)


def is_opened(response, room):
    """Whether the person got in; the list of the one banner leads on to it, a decision about a letter to the list."""
    leads_on = response.status_code == 302 and room in LEADS_ON and response.url.startswith(LEADS_ON[room])
    return response.status_code == 200 or leads_on


def test_s18_every_view_of_our_models_stands_in_the_table():
    get_resolver().url_patterns  # noqa: B018  (registers what the hooks bring)
    ours = {one for one in viewsets.viewsets if isinstance(one, ModelViewSet) and is_ours(type(one))}
    for group in [one for one in viewsets.viewsets if hasattr(one, "registerables")]:
        ours |= {one for one in group.registerables if is_ours(type(one))}
    views = {one.url_namespace: {pattern.name for pattern in one.get_urlpatterns()} for one in ours}
    assert views == {room: set(table) for room, table in TABLE.items()}


def is_ours(written):
    return written.__module__.startswith(("cms_pages.", "cabinet."))


def test_the_page_for_people_tells_what_the_table_does():
    told = authorization.told(TABLE, ROLES)
    assert (ROOT / "docs/authorization.md").read_text() == told, "Run .venv/bin/python -m tests.authorization."


def test_s18_nothing_of_ours_is_chosen_from_a_list():
    choosers = [one for one in viewsets.viewsets if isinstance(one, ChooserViewSet)]
    assert [one for one in choosers if is_ours(resolve_model_string(one.model))] == []


@pytest.mark.parametrize("role", ROLES)
def test_s18_views_of_our_models(client_of, rows, at_work, role):
    client = client_of(role)
    at_work(role)
    for room, table in TABLE.items():
        for view, allowed in table.items():
            response = ask(client, room, view, rows[room])
            assert is_opened(response, room) is (role in allowed), (role, room, view, response.status_code)


@pytest.mark.parametrize("role", ROLES)
def test_s18_reports_and_exports_are_for_those_who_may_see_the_list(client_of, rows, role):
    client = client_of(role)
    for view, allowed in REPORTS.items():
        for query in ("", "?export=csv", "?export=xlsx"):
            assert (client.get(f"{reverse(view)}{query}").status_code == 200) is (role in allowed), (role, view, query)
    for room in EXPORTED:
        answer = client.get(f"{reverse(f'{room}:index')}?export=csv")
        assert (answer.status_code == 200) is (role in TABLE[room]["index"]), (role, room)


@pytest.mark.parametrize("role", ROLES)
def test_s18_the_operators_card_is_the_officers_and_documents_are_for_all_who_edit(client_of, edition, site_ru, role):
    client = client_of(role)
    card = reverse("wagtailsettings:edit", args=("cms_pages", "operatorcard", site_ru.pk))
    assert (client.get(card).status_code == 200) is (role in {"officer", "administrator"})
    for view in ("edit", "history", "view_draft", "usage"):
        url = reverse(f"wagtailadmin_pages:{view}", args=(edition.page_id,))
        assert (client.get(url).status_code == 200) is (role in STAFF), (role, view)


def test_s18_orders_refunds_emergencies_and_requests_are_never_exported(client_of, rows):
    client = client_of("administrator")
    for room in BY_PUBLIC_ID:
        assert client.get(f"{reverse(f'{room}:index')}?export=csv")["Content-Type"].startswith("text/html")


def test_s18_a_visitor_and_a_customer_see_nothing_of_it(visitor, customer_client, rows):
    for client in (visitor, customer_client):
        for room, table in TABLE.items():
            for view in table:
                response = ask(client, room, view, rows[room])
                assert response.status_code in {302, 403} and not is_opened(response, room)
        for view in REPORTS:
            assert client.get(reverse(view)).status_code in {302, 403}
