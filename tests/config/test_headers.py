"""What every answer says to browsers and caches (trust.md, s03 and s10)."""

from __future__ import annotations

import pytest
from django.test import Client

from config.settings import MIDDLEWARE

WHEREVER = ["/ru/", "/ru/privacy/", "/ru/nothing/", "/ru/accounts/login/", "/livez", "/admin/login/"]


@pytest.fixture
def policy(make_document, publish):
    publish(make_document())


@pytest.mark.parametrize("path", WHEREVER)
def test_s10_every_answer_carries_the_security_headers(visitor, policy, path):
    headers = visitor.get(path).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "geolocation=()" in headers["Permissions-Policy"]
    assert "default-src 'none'" in headers["Content-Security-Policy"].split("; ")


@pytest.mark.parametrize("path", WHEREVER)
def test_s10_no_policy_allows_inline_or_evaluated_code(visitor, policy, path):
    csp = visitor.get(path).headers["Content-Security-Policy"]
    assert "unsafe-" not in csp
    assert "frame-ancestors 'none'" in csp


def test_s10_https_brings_hsts(visitor, settings):
    settings.SECURE_HSTS_SECONDS = 63_072_000
    assert "max-age=63072000" in Client().get("/livez", secure=True).headers["Strict-Transport-Security"]


def test_s03_only_a_page_that_says_so_is_public(visitor, policy):
    assert visitor.get("/ru/privacy/").headers["Cache-Control"].startswith("public")
    assert visitor.get("/ru/accounts/login/").headers["Cache-Control"] == "private, no-store"


def test_s03_a_preview_of_a_public_page_is_private(editor_client, make_document):
    page = make_document()
    answer = editor_client.get(f"/admin/pages/{page.pk}/edit/preview/")
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_the_language_is_the_addresss_whatever_the_browser_prefers(visitor, policy):
    answer = visitor.get("/ru/privacy/", headers={"accept-language": "en", "cookie": "django_language=kk"})
    assert answer.headers["Content-Language"] == "ru"
    assert "Accept-Language" not in answer.headers.get("Vary", "")


def test_the_root_leads_to_the_default_language_without_guessing(visitor, site_ru):
    assert visitor.get("/", headers={"accept-language": "en"}).headers["Location"] == "/ru/"


def test_no_answer_names_its_software(visitor, policy):
    assert not {"Server", "X-Powered-By"} & set(visitor.get("/ru/").headers)


def test_the_log_stands_outermost_and_the_calm_errors_innermost():
    assert MIDDLEWARE[0] == "config.middleware.log_request"
    assert MIDDLEWARE[-1] == "config.middleware.CalmErrors"
