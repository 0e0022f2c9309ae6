"""Which worker runs what, and in which order: a file stays with one worker, and what takes long begins early.

A file's tests share what is costly: a browser, the running site, the starter. xdist's own groups are marks that it
writes into a test's name; pytest 9 no longer lets it.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from _pytest.pathlib import import_path
from xdist.scheduler import LoadScopeScheduling

# On a fresh machine the first has the databases made, migrated and filled with the demo, which takes half a minute; the
# others need none and keep the other workers busy meanwhile.
FIRST = ("tests/browser/test_cookies.py", "tests/config/test_settings.py", "tests/test_kelisim.py")
# Seconds of files that take long, roughly; they begin next, so that no worker is left alone with one at the end.
# Only their order matters. Who is not named takes a few seconds at the most.
SECONDS = {
    "tests/faults/test_machine.py": 110,
    "tests/security/test_s18_staff_matrix.py": 80,
    "tests/browser/test_scan_cookies.py": 40,
    "tests/browser/test_every_page_for_everybody.py": 30,
    "tests/browser/test_cookie_desk.py": 25,
    "tests/browser/test_cabinet_for_everybody.py": 20,
    "tests/security/test_admin_policy.py": 40,
    "tests/browser/test_editor_for_everybody.py": 20,
    "tests/browser/test_customer_journey.py": 20,
    "tests/browser/test_phone_order.py": 15,
    "tests/browser/test_erasure_journey.py": 40,
    "tests/browser/test_embeds.py": 10,
    "tests/browser/test_demo_letters.py": 8,
    "tests/browser/test_dana_publishes.py": 8,
    "tests/test_stage.py": 10,
    "tests/faults/test_killed_while_publishing.py": 10,
    "tests/cms_pages/test_editor.py": 8,
    "tests/cms_pages/test_cookie_refusals.py": 8,
    "tests/test_second_start.py": 9,
    "tests/cabinet/customers/test_neutral_answers.py": 8,
    "tests/cms_pages/test_starter.py": 8,
    "tests/cms_pages/test_demands.py": 8,
}


class FileByFile(LoadScopeScheduling):
    """Gives a file to one worker, in the order in which the tests were collected."""

    def __init__(self, config: pytest.Config, log: Any = None) -> None:
        """Keep our order; xdist's own, by the number of tests, would leave few long ones to the end."""
        super().__init__(config, log)
        config.option.loadscopereorder = False

    def _split_scope(self, nodeid: str) -> str:
        return file_of(nodeid)


def file_of(nodeid: str) -> str:
    """Return the path of the file in which a test stands."""
    return nodeid.partition("::")[0]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> FileByFile | None:
    """Spread the tests, unless told to spread them otherwise; xdist asks for this name."""
    return FileByFile(config, log) if config.getvalue("dist") == "loadscope" else None


@pytest.hookimpl(tryfirst=True)
def pytest_collection(session: pytest.Session) -> None:
    """Have each worker begin to read the whole suite at another place: what one has compiled, the others find ready."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "").removeprefix("gw")
    if not worker or [Path(word).name for word in session.config.args] != ["tests"]:
        return
    files = sorted(session.config.rootpath.glob("tests/**/test_*.py"))
    first = len(files) * int(worker) // int(os.environ["PYTEST_XDIST_WORKER_COUNT"])
    for path in files[first:] + files[:first]:
        with suppress(Exception):  # what cannot be read, the collection tells
            import_path(path, mode="importlib", root=session.config.rootpath, consider_namespace_packages=False)


@pytest.hookimpl
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let what comes first begin, then what takes longest; demand that whatever needs the running site is named."""
    ranks = {file: rank for rank, file in enumerate([*FIRST, *sorted(SECONDS, key=lambda file: -SECONDS[file])])}
    for item in items:
        if {"running_site", "browser"} & set(getattr(item, "fixturenames", ())) and file_of(item.nodeid) not in ranks:
            raise pytest.UsageError(f"{item.nodeid} needs the running site: name its file in tests/scheduling.py.")
    items.sort(key=lambda item: ranks.get(file_of(item.nodeid), len(ranks)))  # else as they stood
