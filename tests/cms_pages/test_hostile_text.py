"""Hostile text renders inert wherever a document shows it (s05), and broken text is never a failure (f13)."""

from __future__ import annotations

from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "</title><script>alert(1)</script>",
    "{{ request }}{% debug %}",
    "javascript:alert(1)",
    "' onmouseover='alert(1)",
    "<svg/onload=alert(1)>",
    "]]><script>alert(1)</script>",
]
PATHS = ["", "print/", "editions/", "editions/1/", "editions/2/", "editions/1...2/", "editions/feed/"]


class Alive(HTMLParser):
    """Collects what a browser would run."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag, attrs):
        if tag in {"svg", "script"} and not dict(attrs).keys() & {"src", "viewbox"}:
            self.found.append(tag)
        self.found += [name for name, value in attrs if name.startswith("on") or _leads_to_script(name, value)]


def _leads_to_script(name, value) -> bool:
    return name in {"href", "src", "action"} and (value or "").strip().lower().startswith("javascript:")


def alive(html: str) -> list[str]:
    sniffer = Alive()
    sniffer.feed(html)
    return sniffer.found


@pytest.mark.parametrize("text", HOSTILE)
def test_s05_hostile_text_is_inert_on_every_page(visitor, make_document, publish, text):
    clauses = [[f"{text}", f'<p>{text} <a href="javascript:alert(1)">x</a></p>']]
    page = make_document(clauses=clauses, title=text[:200])
    publish(page, plain_words=text)
    publish(page, plain_words=f"{text} again", change_summary=f"{text}\n{text}")
    for path in PATHS:
        response = visitor.get(f"/ru/privacy/{path}")
        assert response.status_code == 200
        assert not alive(response.text), path


@pytest.mark.parametrize(
    "text", ["\u202eevil\u202c", "a\u200bb", "e" + "\u0301" * 1000, "👩‍👩‍👧", "Әғқңөұүһі", "\ufeffx"]
)
def test_f13_odd_text_is_published_and_compared(visitor, make_document, publish, text):
    page = make_document()
    publish(page)
    publish(page, clauses=[[f"x {text}"]])
    for path in PATHS:
        assert visitor.get(f"/ru/privacy/{path}").status_code == 200


def test_a_body_of_a_megabyte_is_sealed_and_read(visitor, make_document, publish):
    page = make_document(clauses=[[f"Clause {n}. " + "Words of the policy. " * 250 for n in range(200)]])
    publish(page)
    response = visitor.get("/ru/privacy/")
    assert response.status_code == 200
    assert len(response.content) > 1_000_000


def test_control_characters_do_not_break_the_feed(visitor, make_document, publish):
    publish(make_document(title="Pol\x0b\x02icy"), change_summary="One\x02two\x0b.")
    assert visitor.get("/ru/privacy/editions/feed/").status_code == 200


def test_the_feed_shows_a_hostile_summary_as_text(visitor, make_document, publish):
    page = make_document()
    publish(page)
    publish(page, clauses=[["New."]], change_summary="<script>alert(1)</script>")
    feed = ElementTree.fromstring(visitor.get("/ru/privacy/editions/feed/").content)
    for summary in feed.iter("{http://www.w3.org/2005/Atom}summary"):
        assert not alive(summary.text or "")
