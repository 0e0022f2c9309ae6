"""Maps and videos in rich text: a placeholder for everybody, the other site only after a yes."""

from __future__ import annotations

import pytest
from wagtail.embeds.embeds import get_embed
from wagtail.embeds.exceptions import EmbedNotFoundException

from cms_pages.cookies import seal_banner
from cms_pages.embeds import frame_address
from cms_pages.models import CookieDeclaration, CookieGroup, HomePage
from cms_pages.starter.cookies import load_cookies

MAP = "https://www.openstreetmap.org/export/embed.html?bbox=76.9,43.2,77.0,43.3"

REFUSED = [
    "https://evil.example/",
    "http://www.openstreetmap.org/",
    "javascript:alert(1)",
    "https://www.openstreetmap.org@evil.example/",
    "https://www.openstreetmap.org:8443/",
    "https://",
    "",
]
HOSTILE = [
    "<script>alert(1)</script>",
    '<img src=x onerror="alert(1)">',
    '<iframe src="https://evil.example"></iframe>',
    '<p onclick="alert(1)">x</p>',
    '<a href="javascript:alert(1)">x</a>',
    '<embed embedtype="media" url="javascript:alert(1)"/>',
    '<embed embedtype="other" url="x"/>',
]


@pytest.fixture
def media(site_ru):
    load_cookies(optional=True)
    group = CookieGroup.objects.create(
        varname="media",
        hosts="www.openstreetmap.org\nwww.youtube-nocookie.com",
        **{f"name_{code}": "Карты" for code in ("ru", "kk", "en")},
        **{f"description_{code}": "Карта" for code in ("ru", "kk", "en")},
    )
    purposes = {f"purpose_{code}": "Карта" for code in ("ru", "kk", "en")}
    CookieDeclaration.objects.create(group=group, name="_osm_*", owner="OpenStreetMap Foundation", **purposes)
    seal_banner()
    return group


@pytest.fixture
def show(media):
    def put(html):
        home = HomePage.objects.get(locale__language_code="ru")
        home.body = [("text", html)]
        home.save_revision().publish()

    return put


def embed(url):
    return f'<p>Мы здесь:</p><embed embedtype="media" url="{url.replace("&", "&amp;")}"/>'


def test_an_embed_waits_in_the_page(show, visitor):
    show(embed(MAP))
    answer = visitor.get("/ru/")
    assert f'data-cookie-group="media" data-src="{MAP.replace("&", "&amp;")}"' in answer.text
    assert "<iframe" not in answer.text and f' src="{MAP}' not in answer.text
    assert "Мы здесь:" in answer.text


def test_the_policy_of_the_page_lets_declared_hosts_in_and_no_other(show, visitor):
    show(embed(MAP))
    policy = visitor.get("/ru/").headers["Content-Security-Policy"]
    assert "frame-src https://www.openstreetmap.org https://www.youtube-nocookie.com;" in policy
    assert policy.count("https://") == 8


def test_a_group_that_is_gone_leaves_a_link(show, media, visitor):
    show(embed(MAP))
    media.delete()
    seal_banner()
    page = visitor.get("/ru/")
    assert 'data-cookie-group="media"' not in page.text and f'<a href="{MAP}' in page.text
    assert "openstreetmap" not in page.headers["Content-Security-Policy"]


def test_a_videos_page_becomes_the_player_that_sets_nothing():
    assert (
        frame_address("https://www.youtube.com/watch?v=abcdefghijk")
        == "https://www.youtube-nocookie.com/embed/abcdefghijk"
    )
    assert frame_address("https://youtu.be/abcdefghijk") == "https://www.youtube-nocookie.com/embed/abcdefghijk"


@pytest.mark.parametrize("url", REFUSED)
def test_an_editor_cannot_embed_what_no_group_declares(media, url):
    with pytest.raises(EmbedNotFoundException):
        get_embed(url)


def test_our_server_asks_nobody_about_an_embed(media, monkeypatch):
    import socket

    def refuse(*args, **kwargs):
        raise AssertionError("a call to another site")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    assert get_embed(MAP).provider_name == "www.openstreetmap.org"


@pytest.mark.parametrize("hostile", HOSTILE)
def test_s05_hostile_rich_text_stays_words(show, visitor, hostile):
    show(hostile)
    page = visitor.get("/ru/").text
    for word in ("alert(1)</script>", "onerror", "<iframe", "onclick", 'href="javascript:'):
        assert word not in page
