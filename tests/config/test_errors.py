"""Error pages: in three languages, without the database, never kept."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import path
from django.utils.translation import override

from config import errors
from config.urls import handler400, handler403, handler404, handler500  # noqa: F401  (as the site has them)

LANGUAGES = [code for code, _name in settings.LANGUAGES]
PAGES = [
    (errors.bad_request, 400),
    (errors.forbidden, 403),
    (errors.not_found, 404),
    (errors.failed, 500),
    (errors.unavailable, 503),
]


def broken(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("Aigerim-Canary")


urlpatterns = [path("kk/broken/", broken), path("ru/broken/", broken), path("en/broken/", broken)]


# None of these asks for the database, so a query would fail the test.
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("view", "status"), PAGES)
def test_an_error_page_speaks_the_readers_language_without_the_database(view, status, language):
    with override(language):
        answer = view(RequestFactory().get(f"/{language}/"))
    assert answer.status_code == status
    assert f'<html lang="{language}"' in answer.text
    assert "<h1" in answer.text


@pytest.mark.parametrize(("view", "status"), PAGES)
def test_error_pages_differ_by_language(view, status):
    pages = set()
    for language in LANGUAGES:
        with override(language):
            pages.add(view(RequestFactory().get("/")).text.split("<h1", 1)[1].split("</h1>")[0])
    assert len(pages) == len(LANGUAGES)


def test_503_says_when_to_come_back():
    assert errors.unavailable(RequestFactory().get("/")).headers["Retry-After"] == "30"


@pytest.mark.urls(__name__)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_failure_is_a_calm_page_that_tells_nothing(language):
    answer = Client(raise_request_exception=False).get(f"/{language}/broken/")
    assert answer.status_code == 500
    assert f'<html lang="{language}"' in answer.text
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert "Canary" not in answer.text
    assert "Traceback" not in answer.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_address_without_a_page_is_404_in_its_language(visitor, site_ru, language):
    answer = visitor.get(f"/{language}/nothing-stands-here/")
    assert answer.status_code == 404
    assert f'<html lang="{language}"' in answer.text
    assert answer.headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_a_method_that_is_not_meant_changes_nothing_and_fails_calmly(visitor, site_ru, method):
    assert getattr(visitor, method)("/ru/privacy/").status_code < 500
