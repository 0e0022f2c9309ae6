"""On a machine without a browser its tests are one skipped line, and a failure where a browser is demanded."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.databases import ROOT


@pytest.mark.parametrize("page", ["about:blank", "about:version"])
def test_a_browser_opens(browser, page):
    tab = browser.new_page()
    tab.goto(page)
    tab.close()


def without_browser(empty, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the test above where PATH leads to no browser."""
    outside = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "REQUIRE_"))}
    words = ["-p", "no:cacheprovider", f"{__file__}::test_a_browser_opens"]
    return subprocess.run(
        [sys.executable, "-m", "pytest", *words],
        cwd=ROOT,
        env={**outside, "PATH": str(empty), **environment},
        capture_output=True,
        text=True,
    )


def test_a_missing_browser_is_one_skipped_line(tmp_path):
    told = without_browser(tmp_path)
    assert told.returncode == 0, told.stdout + told.stderr
    skipped = [line for line in told.stdout.splitlines() if line.startswith("SKIPPED")]
    assert len(skipped) == 1
    assert skipped[0].startswith("SKIPPED [2] ")
    assert skipped[0].endswith("No Chromium on PATH, so browser tests were skipped.")


def test_a_missing_browser_fails_where_one_is_demanded(tmp_path):
    told = without_browser(tmp_path, REQUIRE_BROWSER="1")
    assert told.returncode == 1
    assert "REQUIRE_BROWSER=1, but no Chromium is on PATH." in told.stdout
    assert "2 errors" in told.stdout
