"""The cast and the stage: people, pages, databases, a running site and a browser (style.md, 20)."""

from __future__ import annotations

import gc
import logging
import os
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

import tests.own_environment  # noqa: F401  # isort: skip  (first: what follows needs Django)
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.core import mail
from django.core.cache import cache
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, connection, transaction
from django.dispatch import receiver
from django.test import Client
from django.test.signals import setting_changed
from django.utils import translation
from wagtail.models import Site
from whitenoise.middleware import WhiteNoiseMiddleware

from cabinet.register import wording
from config.logs import JsonFormatter
from tests import documents, running
from tests.cms_pages.asking import Clock
from tests.databases import worker_database
from tests.scheduling import (  # noqa: F401 (hooks)
    pytest_collection,
    pytest_collection_modifyitems,
    pytest_xdist_make_scheduler,
)

PASSWORD = "a long walk by the sea"
NO_FLUSH = "Sealed tables cannot be flushed. Ask for the fixture `committed_db` instead: it restores a template."


# The database -------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker, worker_id, tmp_path_factory):
    """Give this worker a copy of the prepared database; pytest-django asks for this name."""
    with django_db_blocker.unblock():
        database = worker_database(worker_id, tmp_path_factory.mktemp("database"))
        database.make()
        yield database
        database.drop()


@pytest.fixture(scope="module")
def scenery(django_db_setup, django_db_blocker):
    """Let what a file's own fixtures put up stand for all tests of the file; it is taken down behind them.

    Nothing is committed: what such a fixture leaves for the commit never happens.
    """
    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture
def committed_db(django_db_setup, django_db_blocker):
    """Let a test commit, from threads too; afterwards the database is as migrated again."""
    with django_db_blocker.unblock():
        assert not connection.in_atomic_block, "Scenery stands in this file, and would be committed."
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


@pytest.hookimpl
def pytest_collection_finish(session: pytest.Session) -> None:
    """Spare the garbage collector what will never be garbage; walking it took an eighth of the suite."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 50, 100)
    gc.enable()


@pytest.fixture(scope="session", autouse=True)
def static_files_found_once():
    """Let whoever stands before Django know the static files without a walk of all of them for each client."""
    known: dict[str, Any] = {}
    walk = WhiteNoiseMiddleware.add_files_from_finders

    def add(self: WhiteNoiseMiddleware) -> None:
        if not known:
            walk(self)
            known.update(self.files)
        self.files.update(known)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(WhiteNoiseMiddleware, "add_files_from_finders", add)
        yield


@pytest.fixture(scope="session", autouse=True)
def own_files(tmp_path_factory):
    """Keep what tests write away from the developer's own var/."""
    from django.conf import settings

    folder = tmp_path_factory.mktemp("data")
    settings.DATA_DIR, settings.MEDIA_ROOT, settings.PAGE_CACHE_DIR = folder, folder / "media", folder / "pages"
    settings.STATIC_ROOT, settings.AUDIT_ANCHORS = folder / "static", folder / "audit-anchors.jsonl"
    settings.COPIES_DIR = folder / "copies"
    settings.TOMBSTONES = folder / "tombstones.jsonl"
    settings.STATIC_ROOT.mkdir()


@receiver(setting_changed)
def words_follow_settings(**changed):
    """Have questions worded anew by other settings, which stand still only outside of tests."""
    wording.known.clear()


@pytest.fixture(autouse=True)
def clean_process(own_files, settings):
    """Begin each test with empty caches, no tombstones of another test, and the site's own language."""
    cache.clear()
    settings.TOMBSTONES.unlink(missing_ok=True)
    translation.deactivate()
    yield
    translation.deactivate()


CANARIES = ("aigerim@", "boris@customer", "Айгерім", PASSWORD)  # who and what no log may name


class CanaryHandler(logging.Handler):
    """Keeps each line of the log, as a site would write it, that names somebody of the cast."""

    def __init__(self) -> None:
        super().__init__()
        self.setFormatter(JsonFormatter())
        self.caught: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Look at one line."""
        line = self.format(record)
        if any(canary in line for canary in CANARIES):
            self.caught.append(line)


@pytest.fixture(autouse=True)
def s20_no_log_names_the_cast():
    """Watch the log of every test: no line of it tells who somebody is (trust.md, s20)."""
    watching = CanaryHandler()
    logging.getLogger().addHandler(watching)
    yield
    logging.getLogger().removeHandler(watching)
    assert watching.caught == []


# The cast -----------------------------------------------------------------------------------------------------------


@lru_cache
def hashed_password() -> str:
    """Return the hash of everybody's password: made once, for it takes a twentieth of a second on purpose."""
    return make_password(PASSWORD)


@pytest.fixture
def make_user(database) -> Callable[..., Any]:
    """Return a function that makes an account; groups are named, staff have one at least."""
    from cabinet.customers.models import User

    def make(email: str, first_name: str = "", groups: tuple[str, ...] = (), **fields: Any) -> User:
        user = User.objects.create_user(email, None, first_name=first_name, is_staff=bool(groups), **fields)
        user.password = hashed_password()
        user.save(update_fields=["password"])
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
def make_customer(make_user) -> Callable[..., Any]:
    """Return a function that makes an account and the person behind it; the account."""
    from cabinet.customers.models import Customer

    def make(email: str, first_name: str, **fields: Any) -> Any:
        user = make_user(email)
        Customer.objects.create(user=user, first_name=first_name, **{"language": "ru", **fields})
        return user

    return make


@pytest.fixture
def aigerim(make_customer):
    """A customer."""
    return make_customer("aigerim@customer.example", "Aigerim")


@pytest.fixture
def boris(make_customer):
    """Another customer."""
    return make_customer("boris@customer.example", "Boris")


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


@pytest.fixture
def delivered(database) -> Callable[[], list[Any]]:
    """Return a function that delivers what waits in the outbox and returns all that has reached a mailbox."""
    from cabinet.notices.delivery import deliver_due

    def deliver() -> list[Any]:
        deliver_due()
        return list(mail.outbox)

    return deliver


# The pages ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def site_ru(database) -> Site:
    """The site that stands in every test's database: a front page in each language, the starter's roles."""
    return Site.objects.get()


@pytest.fixture
def make_document(site_ru) -> Callable[..., Any]:
    """Return a function that makes an unpublished document under the front page of a language."""
    return documents.make_document


@pytest.fixture
def publish() -> Callable[..., Any]:
    """Return a function that changes a document, publishes it and returns its newest edition."""
    return documents.publish


@pytest.fixture(scope="module")
def shop_stands(scenery) -> None:
    """Put up, for a whole file, the shop that can take consents in Russian."""
    from tests.cabinet.consents.shop import standing_shop

    standing_shop("ru")


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


@pytest.fixture(scope="session")
def running_site(tmp_path_factory) -> Iterator[str]:
    """Serve the demo with the real server; the address."""
    with running.site_at(Path(tmp_path_factory.mktemp("site"))) as url:
        yield url


def demanded_browser() -> str:
    """Return where Chromium is; without one the test is skipped, or fails where REQUIRE_BROWSER=1."""
    path = running.browser_path()
    if path:
        return path
    if os.environ.get("REQUIRE_BROWSER") == "1":
        pytest.fail("REQUIRE_BROWSER=1, but no Chromium is on PATH.")
    pytest.skip("No Chromium on PATH, so browser tests were skipped.")


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Start the machine's Chromium; a module at a time, because its event loop would hinder Django's own tests."""
    path = demanded_browser()
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
