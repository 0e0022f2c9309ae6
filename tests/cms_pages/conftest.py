"""An administrator for tests of Wagtail's admin, the starter's question about cookies, workers that keep pages."""

from __future__ import annotations

import pytest
from django.core.handlers.wsgi import WSGIHandler

from cms_pages import page_cache
from cms_pages.last_good import LastGood
from cms_pages.models import CookieGroup
from cms_pages.page_cache import PageCache
from cms_pages.starter.cookies import load_cookies
from tests.cms_pages.asking import Counted
from tests.conftest import signed_in


@pytest.fixture
def admin_client(make_user):
    """May do everything Wagtail allows, so that what is refused is refused by us."""
    return signed_in(make_user("admin@kelisim.example", "Admin", ("Administrators",), is_superuser=True))


@pytest.fixture
def asked(site_ru):
    load_cookies(optional=True)


@pytest.fixture
def statistics(asked):
    return CookieGroup.objects.get(varname="statistics")


@pytest.fixture
def make_worker(tmp_path, clock, monkeypatch):
    """Return a function that makes another worker before Django, or before an application of the test's own."""

    def make(application=None, folder="pages", limit=1 << 20):
        if application:
            monkeypatch.setattr(page_cache, "read_version", lambda: (1, 1))
        last_good = LastGood(tmp_path / folder, limit)
        return PageCache(application or Counted(WSGIHandler()), limit=limit, last_good=last_good, clock=clock)

    return make


@pytest.fixture
def worker(make_worker):
    return make_worker()


@pytest.fixture
def policy(make_document, publish):
    page = make_document(clauses=[["We keep your name."]])
    publish(page)
    return page
