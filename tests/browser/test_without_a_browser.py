"""On a machine without a browser its tests are skipped, and a failure where a browser is demanded."""

from __future__ import annotations

import pytest

from tests.conftest import demanded_browser


@pytest.fixture
def no_browser(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("REQUIRE_BROWSER", raising=False)


def test_a_missing_browser_is_a_skip_that_says_so(no_browser):
    # One line for all of them in the summary, which pytest folds by place and words.
    with pytest.raises(pytest.skip.Exception, match=r"^No Chromium on PATH, so browser tests were skipped\.$"):
        demanded_browser()


def test_a_missing_browser_fails_where_one_is_demanded(no_browser, monkeypatch):
    monkeypatch.setenv("REQUIRE_BROWSER", "1")
    with pytest.raises(pytest.fail.Exception, match="REQUIRE_BROWSER=1, but no Chromium is on PATH"):
        demanded_browser()
