"""Public pages in both themes, on a phone's width, without JavaScript, by keyboard; axe finds nothing serious."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe

PAGES = [
    "/ru/",
    "/kk/privacy/",
    "/ru/privacy/editions/",
    "/kk/privacy/editions/2...3/",
    "/ru/privacy/editions/1/",
    "/en/privacy/print/",
    "/ru/accounts/login/",
    "/kk/nothing-here/",
]
GRAVE = {"serious", "critical"}


@pytest.fixture(params=["light", "dark"])
def theme(request):
    return request.param


@pytest.fixture(params=[320, 1280])
def width(request):
    return request.param


@pytest.fixture
def window(browser, running_site, theme, width):
    size = {"width": width, "height": 800}
    # Axe is injected as an inline script, which our policy would refuse.
    context = browser.new_context(base_url=running_site, color_scheme=theme, viewport=size, bypass_csp=True)
    yield context.new_page()
    context.close()


def test_axe_finds_nothing_serious_and_nothing_scrolls_sideways(window):
    faults = []
    for path in PAGES:
        window.goto(path)
        found = Axe().run(window).response["violations"]
        faults += [f"{path}: {v['id']} {v['nodes'][0]['html'][:120]}" for v in found if v["impact"] in GRAVE]
        wider = window.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        faults += [f"{path}: {wider} px too wide"] if wider > 0 else []
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


def test_the_first_tab_stop_leads_past_the_header(tab):
    tab.goto("/ru/privacy/")
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.getAttribute('href')") == "#main"


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
    tab.wait_for_url("**/ru/privacy/editions/1/#c-*")
