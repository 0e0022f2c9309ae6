"""scan_cookies over the running demo, as it is and as a hand in between spoils it."""

from __future__ import annotations

import threading
import urllib.error
import urllib.request
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from cms_pages import scan_browser, scanning
from tests import running
from tests.browser.scan_demo import scan
from tests.conftest import demanded_browser

EVERYWHERE = set(scanning.State)
PATIENCE = 300  # seconds for a scan of some pages; the command's own time limits come long before
PASSED_ON = {"Content-Type", "Set-Cookie", "Location", "Cache-Control"}  # not the CSP, or it would stop what is put in


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """The demo in a folder of its own, where the command finds its database; both."""
    demanded_browser()
    folder = tmp_path_factory.mktemp("scan")
    with running.site_at(folder) as url:
        yield folder, url


class Straight(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args):
        return None


class Hand(BaseHTTPRequestHandler):
    """Passes everything on to the site and back, and adds what the test says."""

    def do_GET(self):
        self.pass_on()

    def do_POST(self):
        self.pass_on(self.rfile.read(int(self.headers.get("Content-Length", 0))))

    def pass_on(self, body=None):
        headers = {name: value for name, value in self.headers.items() if name not in {"Accept-Encoding", "Connection"}}
        asked = urllib.request.Request(self.server.site + self.path, body, headers, method=self.command)
        try:
            answer = urllib.request.build_opener(Straight).open(asked, timeout=90)
        except urllib.error.HTTPError as error:
            answer = error
        with answer:
            content = answer.read()
        if answer.headers.get_content_type() == "text/html":
            content = content.replace(b"</body>", self.server.html.encode() + b"</body>")
        self.send_response(answer.status)
        for name, value in [*answer.headers.items(), *self.server.headers]:
            if name in PASSED_ON:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *args):
        pass


@contextmanager
def spoiled(site, html, headers=()):
    server = ThreadingHTTPServer(("127.0.0.1", 0), Hand)
    server.site, server.html, server.headers = site, html, headers
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def on_demo(demo, url, *options):
    return scan(demo[0], url, *options, capture_output=True, timeout=PATIENCE)


@pytest.fixture(scope="module")
def findings(demo):
    """The table of a scan of a front page and a private one, spoiled in every way at once."""
    html = """<img src="https://pixel.invalid/seen.gif?who=7" alt="">
        <script src="/static/js/optional/visits.js"></script>
        <script>localStorage.setItem("shadow", 1); document.cookie = "csrf=1; Max-Age=34560000; Path=/long"</script>"""
    with spoiled(demo[1], html, [("Set-Cookie", "rogue=1; Path=/")]) as url:
        done = on_demo(demo, url, "--pages=2")
    assert done.returncode == 1, done.stderr
    assert "not as declared: " in done.stderr
    return [line for line in done.stdout.splitlines() if line.startswith("/ru/")]


def met(findings, *words):
    return {state for state in scanning.State for row in findings if all(word in row for word in (state, *words))}


def test_the_demo_sets_and_loads_what_it_declares_and_nothing_else(demo):
    done = on_demo(demo, demo[1], "--pages=8")  # all of one language; the others have the same templates
    assert done.returncode == 0, done.stdout + done.stderr
    lines = {line.split()[0]: line for line in done.stdout.splitlines() if line}
    assert "statistics" in lines["visit"] and "accepted" in lines["visit"]
    assert "nothing answered" not in lines["visit"] and "rejected" not in lines["visit"]
    assert "Left out, for --pages is 8" in done.stdout
    assert "Declared but not seen, which may well be right: session" in done.stdout


def test_a_seeded_rogue_cookie_is_named_in_every_state(findings):
    assert met(findings, "cookie rogue (127.0.0.1)", "not declared") == EVERYWHERE


def test_storage_is_seen_too(findings):
    assert met(findings, "local storage shadow (127.0.0.1)", "not declared") == EVERYWHERE


def test_an_undeclared_host_fails_though_it_never_answers(findings):
    assert met(findings, "https://pixel.invalid/seen.gif", "host not declared") == EVERYWHERE
    assert not [row for row in findings if "who=7" in row]


@pytest.mark.parametrize("what", ["/static/js/optional/visits.js", "cookie visit (127.0.0.1)"])
def test_what_is_optional_fails_before_it_is_allowed_and_on_private_pages(findings, what):
    assert met(findings, what, "early: group statistics is not allowed") == EVERYWHERE - {scanning.State.ACCEPTED}
    assert scanning.State.ACCEPTED in met(findings, what, "/ru/accounts/login/", "no place on a private page")


def test_a_cookie_that_outlives_its_declaration_is_told_with_both_lifetimes(findings):
    assert met(findings, "cookie csrf (127.0.0.1)", "lives 400 days, declared: 12 months")


def test_a_page_that_never_ends_does_not_keep_the_scan(demo, monkeypatch):
    monkeypatch.setattr(scan_browser, "PATIENCE", 3_000)
    with spoiled(demo[1], "<script>addEventListener('load', () => { for (;;); })</script>") as url:
        tour = scan_browser.Tour(url, ["/ru/"], frozenset(), 1, is_asked=True)
        with pytest.raises(scan_browser.ScanFailed, match="Timeout"):
            scan_browser.scan(tour, print)
