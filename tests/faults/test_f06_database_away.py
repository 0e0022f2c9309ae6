"""f06: the database is away, at start or in flight; the policy is still read, and all recovers alone."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.db import OperationalError, connection

from cms_pages import page_cache
from cms_pages.last_good import LastGood
from cms_pages.page_cache import PageCache
from tests.cms_pages.asking import Counted, Page, ask
from tests.databases import DEMO, ROOT, sqlite_template
from tests.running import free_port, kelisim

PATIENCE = 90  # seconds

pytestmark = pytest.mark.usefixtures("open_connection")


class Away:
    """Makes the database refuse every statement while `now` is set."""

    now = False

    def __call__(self, execute, sql, params, many, context):
        if self.now:
            raise OperationalError("connection refused")
        return execute(sql, params, many, context)


@pytest.fixture
def database_goes():
    away = Away()
    with connection.execute_wrapper(away):
        yield away


@pytest.fixture
def start(tmp_path, clock):
    """Return a function that starts a process anew: empty memory, the same folder."""

    def make(application=None):
        last_good = LastGood(tmp_path / "pages", 1 << 20)
        return PageCache(application or Counted(WSGIHandler()), limit=1 << 20, last_good=last_good, clock=clock)

    return make


@pytest.fixture
def policy(make_document, publish):
    page = make_document(clauses=[["We keep your name."]])
    publish(page)
    return page


def test_f06_the_policy_is_read_while_the_database_is_away(start, policy, database_goes, clock):
    worker = start()
    before = ask(worker)
    database_goes.now = True
    clock.now += 4000  # past every date the page bore
    after = ask(worker)
    assert (after.status, after.body) == (200, before.body)
    assert after.headers.get("CDN-Cache-Control") == "public, max-age=0"


def test_f06_a_page_of_an_earlier_process_is_read_after_a_start_without_database(start, policy, database_goes):
    before = ask(start())
    database_goes.now = True
    restarted = start()
    assert (ask(restarted).status, ask(restarted).body) == (200, before.body)
    assert not restarted.application.requests


def test_f06_a_page_nobody_has_rendered_is_a_calm_503(start, policy, database_goes):
    database_goes.now = True
    response = ask(start())
    assert response.status == 503
    assert response.headers["Retry-After"]
    assert response.headers["Cache-Control"] == "private, no-store"


def test_f06_the_database_goes_between_the_look_and_the_rendering(start, policy, database_goes, clock):
    worker = start()
    before = ask(worker)
    next(iter(worker.pages.values())).expires = 0
    database_goes.now = True
    assert ask(worker).body == before.body


def test_f06_what_was_published_meanwhile_is_shown_when_it_is_back(start, policy, publish, database_goes, clock):
    worker = start()
    ask(worker)
    database_goes.now = True
    clock.now += 1.0
    ask(worker)
    database_goes.now = False
    publish(policy, clauses=[["We keep your phone."]])
    clock.now += 1.0
    assert "We keep your phone." in ask(worker).body.decode()


def test_f06_a_failure_of_ours_is_shown_not_covered_by_an_older_page(start, clock, monkeypatch):
    monkeypatch.setattr(page_cache, "read_version", lambda: (1, 1))
    page = Page()
    worker = start(page)
    ask(worker)
    page.status = "500 Internal Server Error"
    next(iter(worker.pages.values())).expires = 0
    assert ask(worker).status == 500


def test_f06_a_hanging_database_does_not_hold_up_every_request(start, monkeypatch, clock):
    def hang():
        clock.now += 5

    monkeypatch.setattr(page_cache, "read_version", hang)
    worker = start(Page())
    for _each in range(100):
        ask(worker)
    assert clock.now == 1005


def test_f06_a_torn_file_is_no_page(start, policy, database_goes, tmp_path):
    ask(start())
    (file,) = (tmp_path / "pages").iterdir()
    file.write_bytes(file.read_bytes()[:-100])
    database_goes.now = True
    assert ask(start()).status == 503


def test_f06_a_folder_that_cannot_be_written_does_not_matter(start, policy, tmp_path):
    (tmp_path / "pages").write_text("a file where the folder should be")
    assert ask(start()).status == 200


# A real process, a real file ----------------------------------------------------------------------------------------


def get(url):
    # One name whatever the port: pages are kept by host.
    request = urllib.request.Request(url, headers={"Host": "localhost"})
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE) as response:
            return response.status, response.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()
    except OSError:
        return 0, b""


def until(wanted, url):
    end = time.monotonic() + PATIENCE
    while get(url)[0] != wanted and time.monotonic() < end:
        time.sleep(0.1)
    return get(url)


@pytest.fixture
def serve(tmp_path):
    """Return a function that starts the real server on a folder; all of them are ended afterwards."""
    database = tmp_path / "kelisim.sqlite3"
    shutil.copyfile(sqlite_template(DEMO), database)
    processes = []

    def act():
        port = free_port()
        environment = {**os.environ, "DEBUG": "1", "DATA_DIR": str(tmp_path), "LOG_LEVEL": "ERROR"}
        environment["DATABASE_URL"] = f"sqlite:///{database}"
        process = subprocess.Popen(
            kelisim().server_command("127.0.0.1", port),
            cwd=ROOT,
            env=kelisim().server_environment(environment),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        processes.append(process)
        url = f"http://127.0.0.1:{port}"
        until(200, f"{url}/livez")
        return process, url

    yield act
    for process in processes:
        process.terminate()  # not killed: its worker would outlive it
        process.wait(PATIENCE)


@pytest.mark.skipif(sys.platform == "win32", reason="a file in use cannot be moved there")
def test_f06_a_server_starts_without_its_database_and_recovers_alone(serve, tmp_path):
    database, away = tmp_path / "kelisim.sqlite3", tmp_path / "away.sqlite3"
    process, url = serve()
    policy = get(f"{url}/ru/privacy/")[1]
    process.send_signal(signal.SIGINT)
    process.wait(PATIENCE)

    database.rename(away)
    _process, url = serve()
    assert get(f"{url}/ru/privacy/") == (200, policy)
    assert get(f"{url}/ru/offer/")[0] == 503

    away.replace(database)
    assert until(200, f"{url}/ru/offer/")[0] == 200
    assert get(f"{url}/ru/privacy/") == (200, policy)
