"""A map on the front page: asked for by a click, once or for good; the other site hears nothing before."""

from __future__ import annotations

import os
import re
import subprocess
import sys

import pytest

from tests.databases import ROOT
from tests.running import site_at

MAP = "https://www.openstreetmap.org/export/embed.html"
ADD_A_MAP = f"""
from cms_pages.cookies import seal_banner
from cms_pages.models import CookieDeclaration, CookieGroup, HomePage
names = {{f"name_{{code}}": "Карты" for code in ("ru", "kk", "en")}}
texts = {{f"description_{{code}}": "Карта магазина" for code in ("ru", "kk", "en")}}
group = CookieGroup.objects.create(varname="media", ordering=3, hosts="www.openstreetmap.org", **names, **texts)
purposes = {{f"purpose_{{code}}": "Карта" for code in ("ru", "kk", "en")}}
CookieDeclaration.objects.create(group=group, name="_osm_*", owner="OpenStreetMap Foundation", **purposes)
seal_banner()
home = HomePage.objects.get(locale__language_code="ru")
home.body = [("text", '<embed embedtype="media" url="{MAP}"/>')]
home.save_revision().publish()
"""


@pytest.fixture(scope="module")
def site_with_a_map(tmp_path_factory):
    folder = tmp_path_factory.mktemp("map")
    with site_at(folder) as url:
        surroundings = {**os.environ, "DEBUG": "1", "DATA_DIR": str(folder), "SITE_URL": url}
        surroundings["DATABASE_URL"] = f"sqlite:///{folder / 'kelisim.sqlite3'}"
        program = [sys.executable, "manage.py", "shell", "--no-imports", "-c", ADD_A_MAP]
        subprocess.run(program, cwd=ROOT, env=surroundings, check=True, capture_output=True)
        yield url


@pytest.fixture
def page(browser, site_with_a_map):
    context = browser.new_context(base_url=site_with_a_map)
    page = context.new_page()
    page.abroad = []

    page.on("request", lambda request: page.abroad.append(request.url) if request.url.startswith("https:") else None)
    context.route(re.compile("^https:"), lambda route: route.fulfill(body="<h1>A map</h1>", content_type="text/html"))
    page.goto("/ru/", wait_until="networkidle")
    yield page
    context.close()


def test_the_map_waits(page):
    assert page.locator(".embed__ask").is_visible() and page.abroad == []


def test_a_click_loads_it_this_once(page):
    page.locator("[data-load]").click()
    page.frame_locator(".embed iframe").locator("h1").wait_for()
    assert page.abroad == [MAP] and page.context.cookies() == []
    page.goto("/ru/", wait_until="networkidle")
    assert page.locator(".embed__ask").is_visible() and page.abroad == [MAP]


def test_it_can_be_remembered_and_forgotten(page):
    page.locator(".embed button[value=add]").click()
    page.frame_locator(".embed iframe").locator("h1").wait_for()
    page.goto("/ru/", wait_until="networkidle")
    page.frame_locator(".embed iframe").locator("h1").wait_for()
    assert "media=2" in page.context.cookies()[0]["value"] and "statistics=-1" in page.context.cookies()[0]["value"]
    page.goto("/ru/cookies/")
    page.locator("main button[value=reject]").click()
    page.locator("#cookie_said").wait_for()
    page.abroad.clear()
    page.goto("/ru/", wait_until="networkidle")
    assert page.locator(".embed__ask").is_visible() and page.abroad == []


def test_without_javascript_there_is_a_plain_link(browser, site_with_a_map):
    context = browser.new_context(base_url=site_with_a_map, java_script_enabled=False)
    page = context.new_page()
    page.goto("/ru/")
    assert page.locator(f".embed a[href='{MAP}']").is_visible()
    assert not page.locator(".embed button").first.is_visible()
    context.close()
