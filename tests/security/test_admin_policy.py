"""Wagtail's admin in a real Chromium under our policy: nothing is refused, and the widgets work (trust.md, s10)."""

from __future__ import annotations

import re

import pytest

from tests.browser.desk import cookie_screens
from tests.browser.looking import SETTLE
from tests.browser.signing_in import sign_in

WATCH = """
document.addEventListener("securitypolicyviolation", (event) =>
  console.error("POLICY", event.violatedDirective, event.blockedURI, event.sourceFile, event.lineNumber))
"""
SCREENS = [  # with those about cookies, which browser/desk.py finds
    "/admin/",
    "/admin/pages/",
    "/admin/pages/{page}/history/",
    "/admin/pages/{page}/revisions/compare/earliest...latest/",
    "/admin/pages/{page}/copy/",
    "/admin/pages/{page}/move/",
    "/admin/pages/usage/cms_pages/legaldocumentpage/",
    "/admin/pages/search/?q=a",
    "/admin/users/",
    "/admin/users/new/",
    "/admin/groups/new/",
    "/admin/sites/new/",
    "/admin/workflows/add/",
    "/admin/workflows/tasks/index/",
    "/admin/collections/",
    "/admin/reports/site-history/",
    "/admin/reports/aging-pages/",
    "/admin/reports/workflow/",
    "/admin/settings/cms_pages/operatorcard/",
    "/admin/account/",
]


@pytest.fixture
def refused(tab):
    """What the browser refused or failed at, as it happens."""
    found = []
    tab.set_default_timeout(60_000)
    tab.context.add_init_script(WATCH)
    tab.on("console", lambda message: found.append(message.text) if "POLICY" in message.text else None)
    tab.on("pageerror", lambda error: found.append(str(error)))
    return found


@pytest.fixture(scope="module")
def signed_in(browser, running_site):
    """What the browser of somebody keeps who may do everything, so that they sign in once."""
    context = browser.new_context(base_url=running_site)
    sign_in(context.new_page(), "admin")
    yield context.storage_state()["cookies"]
    context.close()


@pytest.fixture
def document(tab, signed_in):
    """The address of a document's editor, with them signed in."""
    tab.context.add_cookies(signed_in)
    tab.goto("/admin/pages/usage/cms_pages/legaldocumentpage/")
    href = tab.locator("a[href*='/edit/']").first.get_attribute("href")
    return re.search(r"/admin/pages/\d+/edit/", href).group(0)


def test_s10_every_screen_opens_without_a_refusal(tab, refused, document):
    page = re.search(r"\d+", document).group(0)
    for screen in [*(screen.format(page=page) for screen in SCREENS), *cookie_screens(tab)]:
        assert tab.goto(screen).status == 200, screen
        tab.evaluate(SETTLE)
        assert refused == [], screen


def test_s10_editing_works_without_a_refusal(tab, refused, document):
    tab.goto(document)
    text = tab.locator(".public-DraftEditor-content").first
    text.click()
    tab.keyboard.type(" written under the policy ")
    tab.wait_for_timeout(500)  # the editor hands its text to the form a quarter of a second later
    with tab.expect_response(lambda response: response.request.method == "POST" and response.url.endswith("/edit/")):
        tab.locator("button.action-save").first.click()
    for panel in ("preview", "checks", "comments", "status"):
        tab.locator(f"[data-side-panel-toggle={panel}]").first.click()
        tab.wait_for_timeout(700)
    tab.locator("[data-a11y-dialog-show^=schedule]").first.click()
    tab.locator("#id_go_live_at").click()
    tab.locator(".xdsoft_datetimepicker:visible").wait_for()
    tab.keyboard.press("Escape")
    tab.goto(document)
    assert "written under the policy" in tab.content()
    assert refused == []


def test_s10_the_preview_shows_the_page_in_its_frame(tab, refused, document):
    tab.goto(document)
    tab.locator("[data-side-panel-toggle=preview]").first.click()
    tab.locator("iframe.w-preview__iframe[src*=preview]").first.wait_for()
    assert tab.frame(url=re.compile("in_preview_panel")).locator("h1").first.inner_text()
    assert refused == []


def test_s10_choosers_and_rows_start_without_inline_scripts(tab, refused, document):
    tab.goto("/admin/sites/new/")
    tab.locator("[data-chooser-action-choose]:visible").first.click()
    tab.locator(".modal-content a.choose-page").first.click()
    assert tab.locator("input[name=root_page]").input_value()
    tab.goto("/admin/workflows/add/")
    tab.locator("#id_workflow_tasks-ADD").click()
    assert tab.locator("[id^=inline_child_workflow_tasks]").count() >= 1
    assert refused == []


def test_s10_markup_that_brings_scripts_and_styles_is_refused(tab, refused, document):
    tab.goto(document)
    tab.evaluate(
        """() => {
          document.body.insertAdjacentHTML("beforeend",
            `<style>body { display: none }</style><p id="probe" style="color: red" onclick="window.ran = 1">x</p>
             <div data-controller="start-widget" data-start-widget-name-value="eval"
                  data-start-widget-arguments-value='["window.ran = 1"]'></div>`);
          document.getElementById("probe").click();
        }"""
    )
    tab.wait_for_timeout(200)
    assert tab.evaluate("window.ran") is None
    assert tab.evaluate("getComputedStyle(document.body).display") != "none"
    assert len([each for each in refused if "POLICY" in each]) >= 3


def test_s13_a_passkey_is_added_and_signs_in(tab, refused, running_site):
    here = running_site.replace("127.0.0.1", "localhost")  # browsers give no passkeys to bare addresses
    keys = tab.context.new_cdp_session(tab)
    keys.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    options |= {"isUserVerified": True, "automaticPresenceSimulation": True}
    keys.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    sign_in(tab, "lawyer", here)
    tab.goto(f"{here}/en/accounts/2fa/webauthn/add/")
    tab.fill("input[name=password]", "lawyer reads it twice")
    tab.click("main form button[type=submit].button--primary")
    tab.check("input[name=passwordless]")
    tab.click("#mfa_webauthn_add")
    tab.wait_for_url("**/recovery-codes/")
    tab.context.clear_cookies()
    tab.goto(f"{here}/en/accounts/login/?next=/admin/")
    tab.click("#passkey_login")
    tab.wait_for_url("**/admin/")
    assert refused == []
