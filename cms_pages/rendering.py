"""From an editor's body to numbered sections, frozen HTML and canonical text."""

from __future__ import annotations

import re
import unicodedata
import uuid
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import nh3
from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import override
from wagtail.rich_text import expand_db_html

from cabinet.register.described import described, grouped

if TYPE_CHECKING:
    from cms_pages.models import LegalDocumentPage

CLAUSE_TAGS = {"p", "br", "b", "strong", "i", "em", "a", "ul", "ol", "li"}
BLOCK_TAGS = {"table", "tr", "th", "td", "p", "li", "ul", "ol", "h2", "h3", "div", "dl", "dt", "dd", "section", "br"}
EMBED = re.compile(r"<embed([^<>]*)>")
LONE_NUMBER = re.compile(r"^(\d+(?:\.\d+)*\.)\n", re.MULTILINE)  # a number belongs to the line it numbers
UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
SCHEMES = {"http", "https", "mailto", "tel"}
LINK_BY_ID = re.compile(r'(?<=href="#)c-([0-9a-f]{8})(?=")')
ID_LENGTH = 8  # hex digits of a block's UUID: one in four thousand million, within one document


@dataclass
class Clause:
    """A heading or a clause with its number, its permanent id and what it says."""

    kind: str  # "section", "clause", "card" or "table"
    id: str
    name: str
    number: str
    text: str
    html: str = ""
    clauses: list[Clause] = field(default_factory=list)

    @property
    def anchor(self) -> str:
        """Return the fragment that leads here."""
        return anchor_of(asdict(self))

    def stored(self) -> dict[str, Any]:
        """Return what an edition remembers of it for links and comparisons."""
        return {key: value for key, value in asdict(self).items() if key not in {"html", "clauses"}}


def anchor_of(item: dict[str, Any]) -> str:
    """Return the fragment that leads to a clause as an edition remembers it: its name, its id where it has none."""
    return item["name"] or f"c-{item['id']}"


def outline(page: LegalDocumentPage) -> list[Clause]:
    """Return the page's sections with their clauses, numbered from 1; cards and tables bear no number."""
    sections = []
    for position, section in enumerate(page.body, start=1):
        heading = section.value["heading"]
        parent = Clause("section", _id(section), section.value["link_name"] or "", str(position), heading)
        parent.clauses = list(_clauses(page, position, section.value["clauses"]))
        sections.append(parent)
    _lead_by_name(sections)
    return sections


def _lead_by_name(sections: list[Clause]) -> None:
    """Let links that name a clause's id lead to the one fragment it has in the text."""
    anchors = {item.id: item.anchor for item in flat(sections)}
    for item in flat(sections):
        item.html = SafeString(LINK_BY_ID.sub(lambda link: anchors.get(link[1], link[0]), item.html))


def stored_outline(page: LegalDocumentPage, sections: list[Clause]) -> list[dict[str, Any]]:
    """Return all of the text in reading order, title and plain words included, as links and comparisons need it."""
    whole = [Clause("title", "title", "", "", page.title)]
    if page.plain_words.strip():
        whole.append(Clause("plain", "plain", "", "", text_of(_paragraphs(page.plain_words))))
    return [item.stored() for item in (*whole, *flat(sections))]


def flat(sections: list[Clause]) -> list[Clause]:
    """Return headings and clauses in reading order."""
    return [item for section in sections for item in (section, *section.clauses)]


def _paragraphs(text: str) -> str:
    return "".join(f"<p>{escape(part)}</p>" for part in re.split(r"\n\s*\n|\r\n\s*\r\n", text))


def _clauses(page: LegalDocumentPage, section: int, blocks: Any) -> Iterator[Clause]:
    number = 0
    for block in blocks:
        if block.block_type in FILLED_IN:
            kind, fill = FILLED_IN[block.block_type]
            html = fill(page)
            yield Clause(kind, _id(block), "", "", text_of(html), html)
            continue
        number += 1
        html = clean_html(expand_db_html(block.value["text"].source))
        name = block.value["link_name"] or ""
        yield Clause("clause", _id(block), name, f"{section}.{number}", text_of(html), html)


def _id(block: Any) -> str:
    """Return the short id of a block; one that was never saved gets the id it will be saved with."""
    block.id = block.id or str(uuid.uuid4())
    return str(block.id)[:ID_LENGTH]


def clean_html(html: str) -> SafeString:
    """Return the HTML with only a clause's tags left, whatever was pasted or imported."""
    return SafeString(nh3.clean(html, tags=CLAUSE_TAGS, attributes={"a": {"href"}}, url_schemes=SCHEMES, link_rel=None))


def rich_html(source: str) -> SafeString:
    """Return an editor's rich text with its links and waiting embeds, and nothing else of what was pasted."""
    attributes = {"a": {"href", "linktype", "id"}, "embed": {"embedtype", "url"}}
    cleaned = nh3.clean(source, tags=CLAUSE_TAGS | {"embed"}, attributes=attributes, url_schemes=SCHEMES)
    return SafeString(expand_db_html(EMBED.sub(r"<embed\1/>", cleaned)))  # Wagtail looks for the slash


def operator_card_html(page: LegalDocumentPage) -> SafeString:
    """Render the operator's card of the page's site in the page's language."""
    from cms_pages.models import OperatorCard

    card = OperatorCard.of(page)
    with override(page.language):
        return render_to_string("cms_pages/operator_card.html", {"card": card, "text": card.text_in(page.language)})


def cookie_table_html(page: LegalDocumentPage) -> SafeString:
    """Render the cookies of every group in the page's language."""
    from cms_pages.cookies import content

    with override(page.language):
        return render_to_string("cms_pages/cookie_tables.html", {"groups": content(page.language)["groups"]})


def data_register_html(page: LegalDocumentPage) -> SafeString:
    """Render the register of personal data in the page's language."""
    with override(page.language):
        return render_to_string("cms_pages/data_register.html", {"groups": grouped(described())})


# What the software writes in the place of a block: the kind of clause it becomes, and who writes it.
FILLED_IN: dict[str, tuple[str, Callable[[LegalDocumentPage], SafeString]]] = {
    "operator_card": ("card", operator_card_html),
    "cookie_table": ("table", cookie_table_html),
    "data_register": ("table", data_register_html),
}


def frozen_html(page: LegalDocumentPage, sections: list[Clause]) -> SafeString:
    """Render the body as an edition keeps it, in the page's own language."""
    with override(page.language):
        base = f"/{page.language}/{page.slug}/"
        return render_to_string("cms_pages/frozen_body.html", {"page": page, "sections": sections, "base": base})


def canonical_text(title: str, html: str) -> str:
    """Return what a reader reads, one block a line, NFC: the text whose SHA-256 names the edition."""
    return f"{_one_line(title)}\n{text_of(html)}\n"


def text_of(html: str) -> str:
    """Return the text of rendered HTML, one block a line; links outside the document keep their address."""
    reader = _TextReader()
    reader.feed(html)
    reader.close()
    lines = (_one_line(line) for line in "".join(reader.parts).split("\n"))
    text = "\n".join(line for line in lines if line)
    return LONE_NUMBER.sub(r"\1 ", text)


def _one_line(text: str) -> str:
    return re.sub(r"\s+", " ", unicodedata.normalize("NFC", printable(text))).strip()


def printable(text: str) -> str:
    """Return the text without the control characters that XML forbids and no reader sees (XML 1.0, 2.2)."""
    return UNPRINTABLE.sub("", text)


class _TextReader(HTMLParser):
    """Collects text; block tags end a line."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in BLOCK_TAGS:
            self.parts.append("\n")
        if tag == "a":
            self.links.append(_target(dict(attrs).get("href") or ""))

    def handle_endtag(self, tag: str) -> None:
        if tag in BLOCK_TAGS:
            self.parts.append("\n")
        if tag == "a" and self.links:
            target = self.links.pop()
            if target and target not in "".join(self.parts[-1:]):
                self.parts.append(f" ({target})")

    def handle_data(self, data: str) -> None:
        # A line break inside a text node is a space to a reader, not a new block.
        self.parts.append(data.replace("\n", " "))


def _target(href: str) -> str:
    """Return the part of a link that is a promise: where it leads outside this text."""
    url = urlsplit(href)
    if url.scheme in {"mailto", "tel"}:
        return url.path
    return href if url.path and "/clauses/" not in url.path else ""
