"""Public pages in both themes, on a phone's width, without JavaScript, by keyboard; axe finds nothing serious."""

from __future__ import annotations

import pytest

from tests.browser.looking import HEIGHT, WIDTHS, grave_faults_everywhere

PAGES = [
    "/ru/",
    "/kk/privacy/",
    "/ru/privacy/data/",
    "/ru/privacy/editions/",
    "/kk/privacy/editions/2...3/",
    "/ru/privacy/editions/1/",
    "/en/privacy/print/",
    "/ru/accounts/login/",
    "/kk/accounts/login/code/",
    "/kk/accounts/signup/",
    "/ru/accounts/email/undo/wrong/",
    "/kk/nothing-here/",
]


@pytest.fixture
def window(browser, running_site):
    size = {"width": WIDTHS[0], "height": HEIGHT}
    # Axe is injected as an inline script, which our policy would refuse.
    context = browser.new_context(base_url=running_site, viewport=size, bypass_csp=True)
    yield context.new_page()
    context.close()


def test_axe_finds_nothing_serious_and_nothing_scrolls_sideways(window):
    faults = []
    for path in PAGES:
        window.goto(path)
        faults += grave_faults_everywhere(window, path)
    assert not faults, "\n".join(faults)


@pytest.fixture
def plain(browser, running_site):
    """A window without JavaScript that counts what the page asks for and stores."""
    context = browser.new_context(base_url=running_site, java_script_enabled=False)
    tab = context.new_page()
    tab.asked = []
    tab.on("request", lambda request: tab.asked.append(request.url))
    yield tab
    context.close()


def test_without_javascript_everything_can_be_read(plain):
    plain.goto("/ru/privacy/")
    plain.locator("a[href='/ru/privacy/editions/']").first.click()
    plain.locator("a[href*='...']").first.click()
    assert plain.locator("ins, del").count()


def test_a_visitor_gets_no_cookie_and_nothing_comes_from_elsewhere(plain, running_site):
    for path in PAGES[:6]:
        plain.goto(path)
    assert plain.context.cookies() == []
    assert all(url.startswith(running_site) for url in plain.asked)


def test_the_first_page_asks_for_six_things_at_the_most(plain):
    plain.goto("/ru/privacy/", wait_until="networkidle")
    assert len(plain.asked) <= 6


def stops(tab, count):
    """Where the first presses of Tab lead: a link's target, or what a button says."""
    found = []
    for _stop in range(count):
        tab.keyboard.press("Tab")
        found.append(tab.evaluate("(e => e.getAttribute('href') ?? e.value)(document.activeElement)"))
    return found


def test_by_keyboard_the_banner_comes_first_and_then_the_way_past_the_header(tab):
    tab.goto("/ru/privacy/")
    assert stops(tab, 4) == ["accept", "reject", "/ru/cookies/", "#main"]


@pytest.mark.parametrize("answer", ["accept", "reject"])
def test_once_the_question_is_answered_the_first_tab_stop_leads_past_the_header(tab, answer):
    tab.goto("/ru/privacy/")
    with tab.expect_response("**/cookies/choice/"):
        tab.click(f"#cookie_banner button[value={answer}]")
    tab.locator("#cookie_said").wait_for()
    tab.goto("/ru/privacy/")
    assert stops(tab, 1) == ["#main"]
    tab.keyboard.press("Enter")
    assert stops(tab, 1)[0] not in {"#main", "/ru/"}
    assert tab.evaluate("document.getElementById('main').contains(document.activeElement)")


def test_the_language_switch_stays_on_the_page(tab):
    tab.goto("/ru/privacy/editions/3/")
    tab.click("header a[hreflang=kk], header a[lang=kk]")
    assert tab.url.endswith("/kk/privacy/editions/3/")


def test_nothing_moves_while_the_page_loads(tab):
    tab.add_init_script(
        "window.moved = 0; new PerformanceObserver(list => list.getEntries().forEach(e => window.moved += e.value))"
        ".observe({type: 'layout-shift', buffered: true})"
    )
    tab.goto("/ru/privacy/", wait_until="networkidle")
    assert tab.evaluate("window.moved") < 0.01


def test_a_lost_fragment_finds_the_last_edition_that_had_it(tab):
    tab.goto("/ru/privacy/#letter-only")
    tab.wait_for_url("**/ru/privacy/editions/1/#letter-only")
    assert tab.locator(":target").inner_text().endswith("Удаление данных по письму")


def test_a_fragment_by_id_leads_on_to_the_one_by_name(tab):
    tab.goto("/ru/privacy/#c-f16f0ce9")
    tab.wait_for_url("**/ru/privacy/#general")
