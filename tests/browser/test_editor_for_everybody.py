"""The editor's screens in both themes, on a phone's width too: axe finds nothing serious, and nothing is cut off."""

from __future__ import annotations

import pytest

from tests.browser.looking import HEIGHT, WIDER, WIDTHS, grave_faults_everywhere, in_width
from tests.browser.signing_in import sign_in

TABS = ["Текст", "Эта редакция", "Адрес"]
CUT = """all => all.filter(e => e.offsetParent && e.getBoundingClientRect().right > innerWidth).length"""


@pytest.fixture(scope="module")
def dana_signed_in(browser, running_site):
    """What Dana's browser keeps after signing in, so that she does it once."""
    context = browser.new_context(base_url=running_site)
    sign_in(context.new_page(), "dana")
    yield context.storage_state()
    context.close()


@pytest.fixture
def window(browser, running_site, dana_signed_in):
    # Axe is injected as an inline script, which our policy would refuse.
    options = {"viewport": {"width": WIDTHS[0], "height": HEIGHT}, "bypass_csp": True}
    context = browser.new_context(base_url=running_site, storage_state=dana_signed_in, **options)
    yield context.new_page()
    context.close()


@pytest.fixture
def editor(window):
    """The editor of the shortest document, which has all that the others have."""
    window.goto("/admin/")
    row = window.locator("table.listing tr", has_text="Правила бонусов")
    window.goto(row.locator("a[href*='/edit/']").first.get_attribute("href"), wait_until="networkidle")
    return window


def test_axe_finds_nothing_serious_in_the_editor_and_the_clauses_text_is_named_for_a_screen_reader(editor):
    assert editor.get_by_role("textbox", name="Текст", exact=True).count() > 1
    faults = []
    for name in TABS:
        editor.get_by_role("tab", name=name).click()
        editor.get_by_role("tabpanel", name=name).wait_for()
        faults += grave_faults_everywhere(editor, name)
    assert not faults, "\n".join(faults)


def test_axe_finds_nothing_serious_on_the_home_page_and_in_the_report_and_nothing_of_ours_is_cut_off(window):
    faults = []
    for path in ("/admin/", "/admin/editions/", "/admin/editions/inspect/1/"):
        window.goto(path, wait_until="networkidle")
        if "inspect" not in path:
            faults += grave_faults_everywhere(window, path)
        for width in WIDTHS:
            in_width(window, width)
            cut = window.locator(".documents td, .listing td, dd").evaluate_all(CUT)
            faults += [f"{path} at {width}: {cut} cut off"] if cut or window.evaluate(WIDER) > 0 else []
    assert not faults, "\n".join(faults)
