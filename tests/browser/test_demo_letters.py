"""A newcomer without a mail server: asks for a new password, reads the letter on the page, follows its button."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe


@pytest.mark.parametrize(("theme", "width"), [("light", 1280), ("dark", 320)])
def test_the_letter_is_found_read_and_followed(browser, running_site, theme, width):
    size = {"width": width, "height": 800}
    # Axe is injected as an inline script, which our policy would refuse.
    context = browser.new_context(base_url=running_site, color_scheme=theme, viewport=size, bypass_csp=True)
    window = context.new_page()
    window.goto("/kk/accounts/password/reset/")
    window.fill("input[name=email]", "lawyer@kelisim.example")
    window.press("input[name=email]", "Enter")
    window.click("a[href='/kk/letters/']")
    found = Axe().run(window).response["violations"]
    assert [violation["id"] for violation in found if violation["impact"] in {"serious", "critical"}] == []
    assert window.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    window.locator("a[href*='/password/reset/key/']").first.click()
    assert window.locator("input[name=password1]").count() == 1
    context.close()
