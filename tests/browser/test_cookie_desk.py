"""The screens on which the desk keeps cookies, in both themes, on a phone's width too: axe finds nothing serious."""

from __future__ import annotations

import pytest

from tests.browser.desk import cookie_screens
from tests.browser.looking import WIDTHS, grave_faults_everywhere, in_width
from tests.browser.signing_in import sign_in


@pytest.fixture(scope="module")
def window(browser, running_site):
    """The window of somebody who may do everything, signed in once."""
    context = browser.new_context(base_url=running_site, bypass_csp=True)
    yield context.new_page()
    context.close()


@pytest.fixture(scope="module")
def screens(window):
    sign_in(window, "admin")
    return cookie_screens(window)


def test_axe_finds_nothing_serious_where_cookies_are_kept(window, screens):
    in_width(window, WIDTHS[0])
    faults = []
    for screen in screens:
        assert window.goto(screen).status == 200, screen
        faults += grave_faults_everywhere(window, screen)
    assert not faults, "\n".join(faults)
