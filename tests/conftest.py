"""The cast and the stage: people, pages, databases, a running site and a browser (style.md, 20)."""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import tests.own_environment  # noqa: F401  # isort: skip  (first: what follows needs Django)
from django.contrib.auth.models import Group
from django.core.cache import cache
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import Client
from django.utils import translation
from wagtail.models import Locale, Page, Site, WorkflowPage

from tests import running
from tests.cms_pages.asking import Clock
from tests.databases import worker_database

PASSWORD = "a long walk by the sea"
NO_FLUSH = "Sealed tables cannot be flushed. Ask for the fixture `committed_db` instead: it restores a template."

Clauses = list[list[str | tuple[str, str]]]


# The database -------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker, worker_id, tmp_path_factory):
    """Give this worker a copy of the prepared database; pytest-django asks for this name."""
    with django_db_blocker.unblock():
        database = worker_database(worker_id, tmp_path_factory.mktemp("database"))
        database.make()
        yield database
        database.drop()


@pytest.fixture
def committed_db(django_db_setup, django_db_blocker):
    """Let a test commit, from threads too; afterwards the database is as migrated again."""
    with django_db_blocker.unblock():
        yield
        django_db_setup.make()


@pytest.fixture
def database(request):
    """Open the database for fixtures that serve both kinds of test: committing, or rolled back."""
    request.getfixturevalue("committed_db" if "committed_db" in request.fixturenames else "db")


@pytest.fixture
def transactional_db():
    pytest.fail(NO_FLUSH)


@pytest.fixture
def live_server():
    pytest.fail(f"{NO_FLUSH} For a server, ask for `running_site`.")


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    marker = item.get_closest_marker("django_db")
    if marker and marker.kwargs.get("transaction"):
        pytest.fail(NO_FLUSH)


def pytest_sessionstart(session: pytest.Session) -> None:
    """Compile the message catalogues that are older than their sources, as each start does."""
    if not hasattr(session.config, "workerinput"):
        running.kelisim().compiled_messages()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say the figures that tests have measured and recorded."""
    reports = [*terminalreporter.getreports("passed"), *terminalreporter.getreports("failed")]
    for name, figure in (each for report in reports if report.when == "call" for each in report.user_properties):
        terminalreporter.write_line(f"{name}: {figure}")


@pytest.fixture(scope="session", autouse=True)
def own_files(tmp_path_factory):
    """Keep what tests write away from the developer's own var/."""
    from django.conf import settings

    folder = tmp_path_factory.mktemp("data")
    settings.DATA_DIR, settings.MEDIA_ROOT, settings.PAGE_CACHE_DIR = folder, folder / "media", folder / "pages"
    settings.STATIC_ROOT = folder / "static"
    settings.STATIC_ROOT.mkdir()


@pytest.fixture(autouse=True)
def clean_process():
    """Begin each test with empty caches and the site's own language."""
    cache.clear()
    translation.deactivate()
    yield
    translation.deactivate()


# The cast -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def make_user(database) -> Callable[..., Any]:
    """Return a function that makes an account; groups are named, staff have one at least."""
    from cabinet.customers.models import User

    def make(email: str, first_name: str = "", groups: tuple[str, ...] = (), **fields: Any) -> User:
        user = User.objects.create_user(email, PASSWORD, first_name=first_name, is_staff=bool(groups), **fields)
        user.groups.set([Group.objects.get_or_create(name=name)[0] for name in groups])
        return user

    return make


@pytest.fixture
def dana(make_user):
    """The content editor, who may publish."""
    return make_user("dana@kelisim.example", "Dana", ("Editors",))


@pytest.fixture
def lawyer(make_user):
    return make_user("lawyer@kelisim.example", "Lyazzat", ("Lawyers",))


@pytest.fixture
def saule(make_user):
    """The privacy officer."""
    return make_user("saule@kelisim.example", "Saule", ("Privacy officers",))


@pytest.fixture
def timur(make_user):
    """Order staff: nothing to do in the documents."""
    return make_user("timur@kelisim.example", "Timur", ("Order staff",))


@pytest.fixture
def aigerim(make_user):
    """A customer."""
    return make_user("aigerim@customer.example")


@pytest.fixture
def boris(make_user):
    """Another customer."""
    return make_user("boris@customer.example")


@pytest.fixture
def visitor() -> Client:
    return Client()


def signed_in(user: Any) -> Client:
    """Return a client in which the person has signed in; staff with their second factor."""
    from tests.cabinet.customers.factors import show_second_factor

    client = Client()
    client.force_login(user)
    if user.is_staff:
        show_second_factor(client, user)
    return client


@pytest.fixture
def editor_client(dana) -> Client:
    return signed_in(dana)


@pytest.fixture
def lawyer_client(lawyer) -> Client:
    return signed_in(lawyer)


@pytest.fixture
def officer_client(saule) -> Client:
    return signed_in(saule)


@pytest.fixture
def order_staff_client(timur) -> Client:
    return signed_in(timur)


@pytest.fixture
def customer_client(aigerim) -> Client:
    return signed_in(aigerim)


# The pages ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def site_ru(database) -> Site:
    """A site with a front page in each language, the Russian one at its root, and the starter's roles."""
    from cms_pages.models import HomePage
    from cms_pages.starter.roles import make_roles

    Page.objects.filter(depth__gt=1).delete()
    root = Page.objects.get(depth=1)
    key = uuid.uuid4()
    for code, title in (("ru", "Магазин"), ("kk", "Дүкен"), ("en", "Shop")):
        locale, _made = Locale.objects.get_or_create(language_code=code)
        root.add_child(instance=HomePage(title=title, slug=f"home-{code}", locale=locale, translation_key=key))
    make_roles([*HomePage.objects.all()])
    WorkflowPage.objects.filter(page__in=HomePage.objects.all()).delete()  # tests of the workflow bring it themselves
    home = HomePage.objects.get(locale__language_code="ru")
    site = Site.objects.create(hostname="localhost", root_page=home, is_default_site=True, site_name="Kelisim")
    cache.clear()
    return site


def body_of(clauses: Clauses) -> list[dict[str, Any]]:
    """Return a body of sections with these clauses; a clause is its text, or a (name, text) that keeps its id.

    Ids follow from names, else from places, so the same call again gives the same clauses.
    """
    return [
        {
            "type": "section",
            "id": _id(f"section {position}"),
            "value": {
                "heading": f"Section {position}",
                "link_name": "",
                "clauses": [_clause(f"{position}.{number}", text) for number, text in enumerate(section, start=1)],
            },
        }
        for position, section in enumerate(clauses, start=1)
    ]


def _clause(place: str, given: str | tuple[str, str]) -> dict[str, Any]:
    name, text = given if isinstance(given, tuple) else (place, given)
    text = text if text.startswith("<") else f"<p>{text}</p>"
    return {"type": "clause", "id": _id(f"clause {name}"), "value": {"text": text, "link_name": ""}}


def _id(name: str) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_URL, name))


@pytest.fixture
def make_document(site_ru) -> Callable[..., Any]:
    """Return a function that makes an unpublished document under the front page of a language.

    A document with the slug of one in another language becomes its translation.
    """
    from cms_pages.models import HomePage, LegalDocumentPage

    def make(language: str = "ru", slug: str = "privacy", clauses: Clauses | None = None, **fields: Any) -> Any:
        sibling = LegalDocumentPage.objects.filter(slug=slug).first()
        if sibling:
            fields.setdefault("translation_key", sibling.translation_key)
        fields.setdefault("title", f"{slug} ({language})")
        home = HomePage.objects.get(locale__language_code=language)
        body = body_of(clauses or [["We keep your name."]])
        return home.add_child(
            instance=LegalDocumentPage(slug=slug, locale=home.locale, live=False, body=body, **fields)
        )

    return make


@pytest.fixture
def publish() -> Callable[..., Any]:
    """Return a function that changes a document, publishes it and returns its newest edition."""
    from cms_pages.models import LegalDocumentPage

    def act(page: Any, user: Any = None, clauses: Clauses | None = None, **fields: Any) -> Any:
        draft = LegalDocumentPage.objects.get(pk=page.pk).get_latest_revision_as_object()
        if clauses is not None:
            fields["body"] = body_of(clauses)
        for name, value in {"change_summary": "A clause was added.", **fields}.items():
            setattr(draft, name, value)
        draft.save_revision(user=user).publish(user=user)
        return LegalDocumentPage.objects.get(pk=page.pk).editions.first()

    return act


# The page cache -----------------------------------------------------------------------------------------------------


@pytest.fixture
def clock() -> Clock:
    """A clock that stands still until the test moves it."""
    return Clock()


@pytest.fixture
def open_connection() -> Iterator[None]:
    """Keep the test's transaction open when it calls the application itself, as Django's own test client does."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


# The running site and the browser -----------------------------------------------------------------------------------


@pytest.hookimpl(tryfirst=True)  # before xdist reads the marks
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep what needs the running site together, so that one worker starts one server."""
    for item in items:
        if {"running_site", "browser"} & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.xdist_group("browser"))


@pytest.fixture(scope="session")
def running_site(tmp_path_factory) -> Iterator[str]:
    """Serve the demo with the real server; the address."""
    with running.site_at(Path(tmp_path_factory.mktemp("site"))) as url:
        yield url


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Start the machine's Chromium; a module at a time, because its event loop would hinder Django's own tests."""
    path = running.browser_path()
    if path is None:
        if os.environ.get("REQUIRE_BROWSER") == "1":
            pytest.fail("REQUIRE_BROWSER=1, but no Chromium is on PATH.")
        pytest.skip("No Chromium on PATH, so browser tests were skipped.")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=running.QUIET)
        yield chromium
        chromium.close()


@pytest.fixture
def tab(browser, running_site) -> Iterator[Any]:
    """Open a fresh window on the running site, with no cookies; addresses may begin with a slash."""
    context = browser.new_context(base_url=running_site, locale="ru-RU")
    yield context.new_page()
    context.close()
