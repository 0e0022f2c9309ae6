"""A visitor, a real Chromium, its network log: the banner keeps its word (issue: cookie banner; i10, s23)."""

from __future__ import annotations

from contextlib import suppress

import pytest
from playwright.sync_api import Error

from tests.browser.looking import HEIGHT, WIDTHS, grave_faults_everywhere

OPTIONAL = "/static/js/optional/visits.js"
CHOICE = "/cookies/choice/"
GPC = "Object.defineProperty(Navigator.prototype, 'globalPrivacyControl', { get: () => true })"
SHIFTS = """
window.shifts = [];
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shifts.push(entry.value);
}).observe({ type: "layout-shift", buffered: true });
"""


@pytest.fixture
def open_tab(browser, running_site):
    """Return a function that opens a window of a fresh visitor and keeps a log of what it asks for."""
    contexts = []

    def make(path="/ru/", context=None, **options):
        if context is None:
            context = browser.new_context(base_url=running_site, **options)
            contexts.append(context)
        page = context.new_page()
        page.log = []
        page.on("request", lambda request: page.log.append(request.url.removeprefix(running_site)))
        page.add_init_script(SHIFTS)
        if path:
            page.goto(path, wait_until="networkidle")
        return page

    yield make
    for context in contexts:
        context.close()


def banner(page):
    return page.locator("#cookie_banner .cookies__form")


def press(page, choice):
    with page.expect_response(lambda answer: answer.url.endswith(CHOICE)) as acknowledged:
        page.locator(f"#cookie_banner button[value={choice}]").click()
    page.wait_for_load_state("networkidle")
    return acknowledged.value


def until(page, expression):
    """Wait for the browser; Playwright's own waiting evaluates text, which our policy refuses."""
    for _again in range(1000):
        with suppress(Error):  # the page begins anew
            if page.evaluate(expression):
                return
        page.wait_for_timeout(50)
    pytest.fail(f"It never came true: {expression}")


def held(page):
    return {cookie["name"]: cookie["value"] for cookie in page.context.cookies()}


def test_a_first_visit_asks_for_nothing_optional_and_stores_nothing(open_tab):
    page = open_tab()
    assert banner(page).is_visible()
    assert not [url for url in page.log if "optional" in url or "/cookies/" in url or "components" in url]
    assert held(page) == {}
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0
    assert page.evaluate("shifts") == []


def test_ignoring_the_banner_means_no(open_tab):
    page = open_tab()
    for path in ("/ru/privacy/", "/kk/", "/en/offer/"):
        page.goto(path, wait_until="networkidle")
        assert banner(page).is_visible()
    assert held(page) == {} and OPTIONAL not in page.log


def test_a_refusal_is_kept_and_nothing_optional_follows(open_tab):
    page = open_tab()
    assert press(page, "reject").status == 200
    assert page.locator("#cookie_said").is_visible()
    assert page.evaluate("document.activeElement.id") == "cookie_said"
    page.goto("/ru/privacy/", wait_until="networkidle")
    assert not page.locator("#cookie_banner").is_visible()
    assert set(held(page)) == {"cookie_consent"} and OPTIONAL not in page.log


def test_nothing_optional_is_loaded_before_the_answer_is_acknowledged(open_tab):
    page = open_tab()
    before = []

    def hold(route):
        before.extend(page.log)
        page.wait_for_timeout(300)
        assert "visit" not in held(page)
        route.continue_()

    page.route(f"**{CHOICE}", hold)
    press(page, "accept")
    until(page, "document.cookie.includes('visit=')")
    assert OPTIONAL not in before
    assert page.log.index(OPTIONAL) > page.log.index(CHOICE)
    assert set(held(page)) == {"cookie_consent", "visit"}


def test_what_was_allowed_is_loaded_on_every_page_and_nowhere_private(open_tab):
    page = open_tab()
    press(page, "accept")
    until(page, "document.cookie.includes('visit=1.')")
    page.goto("/kk/privacy/", wait_until="networkidle")
    assert not page.locator("#cookie_banner").is_visible()
    assert held(page)["visit"].startswith("2.")
    for private in ("/ru/accounts/login/", "/admin/", "/ru/cookies/receipts/", "/ru/nothing-here/"):
        page.log.clear()
        page.goto(private, wait_until="networkidle")
        assert OPTIONAL not in page.log, private


def test_hiding_the_confirmation_leads_to_the_page(open_tab):
    page = open_tab()
    press(page, "reject")
    page.locator("[data-hide]").click()
    page.locator("#cookie_banner").wait_for(state="hidden")
    assert page.evaluate("document.activeElement.id") == "main"
    assert page.evaluate("shifts") == []


def test_withdrawing_takes_as_many_clicks_as_giving_and_removes_our_cookies(open_tab):
    page = open_tab("/ru/cookies/")
    page.locator("main button[value=accept]").click()
    until(page, "document.cookie.includes('visit=')")
    assert page.locator("main input[name=groups]").is_checked()
    page.locator("main button[value=reject]").click()
    until(page, "!document.cookie.includes('visit=')")
    page.wait_for_load_state("networkidle")
    page.log.clear()
    page.goto("/ru/", wait_until="networkidle")
    assert set(held(page)) == {"cookie_consent"} and OPTIONAL not in page.log


def test_the_cookies_page_says_what_this_browser_has_answered(open_tab):
    page = open_tab("/kk/cookies/")
    assert not page.locator(".is-allowed, .is-refused, .has-receipt").filter(visible=True).count()
    page.locator("main input[name=groups]").check()
    page.locator("main button[value=save]").click()
    page.locator(".is-allowed").wait_for()
    number = page.locator(".has-receipt output").inner_text()
    assert number in held(page)["cookie_consent"]
    page.locator(".has-receipt a").click()
    assert number in page.locator("main").inner_text() and "рұқсат етілді" in page.locator("main").inner_text()


def test_accept_and_reject_are_equal(open_tab):
    for width in (320, 700, 1280):
        page = open_tab(viewport={"width": width, "height": 800})
        boxes = [
            page.locator(f"#cookie_banner button[value={choice}]").bounding_box() for choice in ("accept", "reject")
        ]
        assert boxes[0]["width"] == boxes[1]["width"] and boxes[0]["height"] == boxes[1]["height"] >= 44
        assert boxes[0]["y"] == boxes[1]["y"]
        styles = [
            page.evaluate("(s) => ({...getComputedStyle(document.querySelector(s))})", f"#cookie_banner {selector}")
            for selector in ("button[value=accept]", "button[value=reject]", "a.button")
        ]
        same = ("color", "backgroundColor", "fontSize", "fontWeight", "fontFamily", "borderTopColor", "borderTopWidth")
        looks = [tuple(style[name] for name in (*same, "paddingLeft", "paddingTop", "width")) for style in styles]
        assert looks[0] == looks[1] == looks[2]


def test_the_banner_is_walked_by_keyboard_in_its_order(open_tab):
    page = open_tab()
    walked = []
    for _step in range(4):
        page.keyboard.press("Tab")
        walked.append(page.evaluate("document.activeElement.value || document.activeElement.className"))
    assert walked == ["accept", "reject", "button", "skip"]
    for _step in range(2):
        page.keyboard.press("Shift+Tab")
    with page.expect_response(lambda answer: answer.url.endswith(CHOICE)):
        page.keyboard.press("Enter")
    until(page, "document.activeElement.id === 'cookie_said'")
    assert "statistics=-1" in held(page)["cookie_consent"]


def test_a_doubled_click_is_one_choice(open_tab):
    page = open_tab()
    page.locator("#cookie_banner button[value=accept]").dblclick()
    page.locator("#cookie_said").wait_for()
    assert page.log.count(CHOICE) == 1


@pytest.mark.parametrize("status", [429, 503])
def test_s23_an_answer_that_is_not_recorded_loads_nothing(open_tab, status):
    page = open_tab()
    page.route(f"**{CHOICE}", lambda route: route.fulfill(status=status, body="<h1>No</h1>", content_type="text/html"))
    page.locator("#cookie_banner button[value=accept]").click()
    page.wait_for_url(f"**{CHOICE}")
    assert held(page) == {} and OPTIONAL not in page.log


# The browser's signal -----------------------------------------------------------------------------------------------


@pytest.fixture
def signalling(open_tab):
    def make(path="/ru/"):
        page = open_tab(None, extra_http_headers={"Sec-GPC": "1"})
        page.add_init_script(GPC)
        page.goto(path, wait_until="networkidle")
        return page

    return make


def test_the_signal_counts_as_a_refusal_and_is_said_so(signalling):
    page = signalling()
    assert page.locator("p.cookies__gpc").is_visible()
    assert not page.locator("#cookie_banner button[value=accept]").is_visible()
    assert held(page) == {} and CHOICE not in page.log
    press(page, "gpc")
    page.goto("/ru/privacy/", wait_until="networkidle")
    assert not page.locator("#cookie_banner").is_visible() and OPTIONAL not in page.log


def test_a_refusal_stays_one_whatever_its_receipts_number_begins_with(signalling):
    page = signalling()
    asked = page.evaluate("document.documentElement.dataset.asked")
    answer = f"statistics=-1|asked={asked}|receipt=22222-2A"  # the digit that versions begin with
    page.context.add_cookies([{"name": "cookie_consent", "value": answer, "url": page.url}])
    page.reload()
    assert not page.locator("#cookie_banner").is_visible()


def test_a_later_choice_wins_over_the_signal(signalling):
    page = signalling("/ru/cookies/")
    page.locator("main button[value=accept]").click()
    until(page, "document.cookie.includes('visit=')")
    page.goto("/ru/", wait_until="networkidle")
    assert not page.locator("#cookie_banner").is_visible() and OPTIONAL in page.log


def test_a_signal_that_comes_later_withdraws_what_was_allowed(open_tab):
    first = open_tab()
    press(first, "accept")
    first.context.set_extra_http_headers({"Sec-GPC": "1"})
    first.add_init_script(GPC)
    first.log.clear()
    with first.expect_response(lambda answer: answer.url.endswith(CHOICE)):
        first.goto("/ru/privacy/")
    until(first, "!document.cookie.includes('visit=')")
    assert OPTIONAL not in first.log and "statistics=-1" in held(first)["cookie_consent"]


# Two tabs, the back button ------------------------------------------------------------------------------------------


def test_i10_another_tab_obeys_the_latest_choice(open_tab):
    one = open_tab()
    two = open_tab(context=one.context)
    press(one, "accept")
    two.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    two.locator("#cookie_banner").wait_for(state="hidden")
    for _again in range(1000):
        if OPTIONAL in two.log:
            return
        two.wait_for_timeout(50)
    pytest.fail("The other tab never loaded what is allowed now.")


def test_the_back_button_shows_no_answered_banner(open_tab):
    page = open_tab()
    page.goto("/ru/privacy/", wait_until="networkidle")
    press(page, "reject")
    page.go_back(wait_until="networkidle")
    page.locator("#cookie_banner").wait_for(state="hidden")


# Without JavaScript -------------------------------------------------------------------------------------------------


@pytest.fixture
def plain(open_tab):
    return open_tab("/kk/privacy/", java_script_enabled=False)


@pytest.mark.parametrize("choice", ["accept", "reject"])
def test_without_javascript_nobody_faces_the_banner_after_choosing(plain, choice):
    before = plain.request.get("/kk/privacy/").text()
    assert banner(plain).is_visible()
    plain.locator(f"#cookie_banner button[value={choice}]").click()
    plain.wait_for_url("**/kk/privacy/#cookie_said")
    assert plain.locator("#cookie_said").is_visible() and not banner(plain).is_visible()
    plain.goto("/kk/offer/")
    assert not plain.locator("#cookie_banner").is_visible()
    assert plain.request.get("/kk/privacy/").text() == before
    assert OPTIONAL not in plain.log


def test_without_javascript_a_consent_is_withdrawn_too(plain):
    plain.context.add_cookies([{"name": "visit", "value": "1.1", "url": plain.url.replace("/kk/privacy", "")}])
    plain.locator("#cookie_banner button[value=accept]").click()
    plain.goto("/kk/cookies/")
    assert plain.locator(".is-allowed").is_visible()
    plain.locator("main button[value=reject]").click()
    plain.wait_for_url("**/kk/cookies/#cookie_said")
    assert plain.locator(".is-refused").is_visible() and "visit" not in held(plain)


# For everybody ------------------------------------------------------------------------------------------------------


def test_axe_finds_nothing_serious_in_banner_page_and_receipt(open_tab):
    page = open_tab("/kk/cookies/", viewport={"width": WIDTHS[0], "height": HEIGHT}, bypass_csp=True)
    faults = grave_faults_everywhere(page)
    press(page, "accept")
    faults += grave_faults_everywhere(page)
    for path in ("/kk/cookies/receipts/", "/kk/cookies/receipts/?number=x"):
        page.goto(path)
        faults += grave_faults_everywhere(page)
    assert faults == []
