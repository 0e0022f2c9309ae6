"""What browsers and caches are told about each kind of answer (trust.md, s03, s09, s10)."""

from __future__ import annotations

import pytest
from django.http import HttpResponse
from django.test import Client

from cms_pages.models import LegalDocumentPage
from cms_pages.public import public
from config.security_headers import STATE_SCRIPT, ContentPolicy, public_policy
from config.settings import MIDDLEWARE
from tests.documents import make_document, publish
from tests.security.observatory import directives, score

PUBLIC = ["/ru/", "/ru/privacy/", "/ru/privacy/editions/", "/ru/privacy/editions/1/"]
PRIVATE = ["/ru/accounts/login/", "/ru/accounts/2fa/", "/admin/", "/admin/pages/", "/admin/reports/site-history/"]
MISSING = ["/ru/no-such-page/", "/no-such-page", "/admin/no-such-page/", "/ru/accounts/no-such-page/"]
REST = ["/livez", "/readyz", "/.well-known/security.txt"]


@pytest.fixture
def over_https(settings):
    """Answer as with HTTPS=1."""
    settings.SECURE_HSTS_SECONDS = 63_072_000
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True


@pytest.fixture(scope="module")
def published(scenery):
    publish(make_document())


@pytest.fixture
def policy_page(published, db):
    return LegalDocumentPage.objects.get(slug="privacy")


@pytest.mark.parametrize("path", PUBLIC)
def test_s10_public_pages_have_one_policy_for_everybody(policy_page, visitor, editor_client, path):
    for client in (visitor, editor_client):
        assert client.get(path)["Content-Security-Policy"] == public_policy()


@pytest.mark.parametrize("path", [*PUBLIC, *PRIVATE, *MISSING, *REST])
def test_s10_no_answer_allows_what_is_inline_or_foreign(policy_page, visitor, editor_client, path):
    for client in (visitor, editor_client):
        policy = directives(client.get(path))
        assert policy["default-src"] == policy["base-uri"] == policy["frame-ancestors"] == ["'none'"]
        allowed = {source for sources in policy.values() for source in sources if not source.startswith("'nonce-")}
        assert allowed <= {"'self'", "'none'", "data:", "blob:", STATE_SCRIPT}
        assert {"data:", "blob:"}.isdisjoint(policy["script-src"])


@pytest.mark.parametrize("path", [*PUBLIC, *PRIVATE, *MISSING, *REST])
def test_s10_every_answer_has_the_other_headers(policy_page, editor_client, over_https, path):
    headers = editor_client.get(path, secure=True).headers
    assert headers["Strict-Transport-Security"] == "max-age=63072000"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "geolocation=()" in headers["Permissions-Policy"]
    assert not {"Server", "X-Powered-By"} & set(headers)


def test_s10_other_names_are_spoken_for_only_when_somebody_decided_so(visitor, over_https, settings):
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = settings.SECURE_HSTS_PRELOAD = True
    told = visitor.get("/livez", secure=True).headers["Strict-Transport-Security"]
    assert told == "max-age=63072000; includeSubDomains; preload"


@pytest.mark.parametrize("path", PUBLIC)
def test_s10_the_observatory_gives_public_pages_130(policy_page, visitor, over_https, path):
    response = visitor.get(path, secure=True)
    assert score(response.headers, response.cookies, response.content.decode()) >= 130


@pytest.mark.parametrize("path", ["/ru/accounts/login/", "/admin/pages/"])
def test_s10_the_observatory_gives_staff_pages_130(editor_client, over_https, path):
    response = editor_client.get(path, secure=True)
    assert score(response.headers, response.cookies, response.content.decode()) >= 130


def test_s10_a_nonce_is_never_used_twice(editor_client):
    nonces = {editor_client.get("/admin/").headers["Content-Security-Policy"].split("'nonce-")[1][:24] for _ in "ab"}
    assert len(nonces) == 2


def test_s03_only_a_page_that_says_so_is_public(policy_page, visitor):
    assert visitor.get("/ru/privacy/").headers["Cache-Control"].startswith("public")
    assert visitor.get("/ru/accounts/login/").headers["Cache-Control"] == "private, no-store"


def test_the_language_is_the_addresss_whatever_the_browser_prefers(policy_page, visitor):
    answer = visitor.get("/ru/privacy/", headers={"accept-language": "en", "cookie": "django_language=kk"})
    assert answer.headers["Content-Language"] == "ru"
    assert "Accept-Language" not in answer.headers.get("Vary", "")


def test_the_root_leads_to_the_default_language_without_guessing(visitor, site_ru):
    assert visitor.get("/", headers={"accept-language": "en"}).headers["Location"] == "/ru/"


def test_the_log_stands_outermost_and_the_calm_errors_innermost():
    assert MIDDLEWARE[0] == "config.middleware.log_request"
    assert MIDDLEWARE[-1] == "config.middleware.CalmErrors"


@pytest.mark.parametrize("mode", ["", "print", "changes"])
def test_s10_only_the_preview_may_be_framed_and_only_by_us(policy_page, editor_client, mode):
    preview = f"/admin/pages/{policy_page.pk}/edit/preview/"
    response = editor_client.get(preview, {"mode": mode, "in_preview_panel": "true"})
    assert response["X-Frame-Options"] == "SAMEORIGIN"
    assert directives(response)["frame-ancestors"] == ["'self'"]
    assert response["Cache-Control"] == "private, no-store"


def test_s10_a_failure_of_ours_is_told_under_the_policy_too(visitor, db, monkeypatch):
    monkeypatch.setattr("django.contrib.auth.views.LoginView.get", None, raising=False)
    client = Client(raise_request_exception=False)
    monkeypatch.setattr("allauth.account.views.LoginView.get_context_data", None)
    response = client.get("/ru/accounts/login/")
    assert response.status_code == 500
    assert directives(response)["default-src"] == ["'none'"]


def test_s10_static_files_are_not_for_other_sites(visitor, db):
    response = visitor.get("/static/css/base.css")
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "Access-Control-Allow-Origin" not in response.headers


def test_s09_signing_in_sets_no_other_cookie(editor_client):
    editor_client.get("/ru/accounts/login/")
    editor_client.get("/ru/accounts/email/")
    assert set(editor_client.cookies) <= {"session", "csrf"}


def test_s10_a_page_with_scripts_of_others_refuses_them_every_feature(rf):
    response = public(HttpResponse(), hosts=("maps.example",))
    ContentPolicy(lambda request: response)(rf.get("/ru/"))
    assert {"accelerometer=()", "geolocation=()", "payment=()"} <= set(response["Permissions-Policy"].split(", "))
