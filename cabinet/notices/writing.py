"""Writing a letter: its text from a template, its HTML from the text, so that no letter has two sources."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import BadHeaderError
from django.template import Context, TemplateDoesNotExist
from django.template.loader import get_template, select_template
from django.utils.translation import gettext as _
from django.utils.translation import override
from wagtail.models import Site

FRAME = "letters/base.html"
GAP = re.compile(r"\n\s*\n")


class Written(NamedTuple):
    """A letter's words."""

    subject: str
    text: str
    html: str
    headers: dict[str, str]


class Part(NamedTuple):
    """A paragraph of a letter, or an address of ours that stands alone in its line."""

    lines: list[str]
    url: str = ""
    is_button: bool = False


def write(template: str, language: str, context: Mapping[str, Any], unsubscribe_url: str = "") -> Written:
    """Return the letter in the language; raise BadHeaderError when its subject has a second line.

    Nothing is escaped in subject and text, which are not HTML; in the HTML everything is.
    """
    with override(language):
        whole = {**frame_of(language), "unsubscribe_url": unsubscribe_url, **context}
        subject = one_line(plain([f"{template}_subject.txt"], whole))
        text = with_way_out(plain([f"{template}.txt", f"{template}_message.txt"], whole), unsubscribe_url)
        parts = list(parts_of(text, unsubscribe_url))
        html = designed(template).render({**whole, "subject": subject, "parts": parts})
    return Written(subject, text + "\n", html.strip() + "\n", headers(unsubscribe_url))


def frame_of(language: str) -> dict[str, Any]:
    """Return what every letter may name; the shop by the name its site has in Wagtail."""
    domain = urlsplit(settings.SITE_URL).netloc
    names = Site.objects.filter(is_default_site=True).values_list("site_name", flat=True)
    name = names.first() or settings.WAGTAIL_SITE_NAME
    return {"site_name": name, "site_domain": domain, "site_url": settings.SITE_URL, "language": language}


def plain(names: list[str], context: Mapping[str, Any]) -> str:
    """Return the first of the templates that exists as plain text."""
    template: Any = select_template(names)
    return re.sub(r"\n{3,}", "\n\n", template.template.render(Context(dict(context), autoescape=False)).strip())


def designed(template: str) -> Any:
    """Return the letter's own HTML template, or the one that makes HTML of any text."""
    try:
        return get_template(f"{template}.html")
    except TemplateDoesNotExist:
        return get_template(FRAME)


def one_line(subject: str) -> str:
    """Return the subject; what would begin another header is refused."""
    if len(subject.splitlines()) != 1:
        raise BadHeaderError("A letter's subject is one line.")
    return subject


def with_way_out(text: str, unsubscribe_url: str) -> str:
    """Return a marketing letter's text with the way to end such letters, whatever its template says."""
    if not unsubscribe_url or unsubscribe_url in text:
        return text
    reason = _("You asked for such letters. If you no longer want them, open this link:")
    return f"{text}\n\n{reason}\n{unsubscribe_url}"


def headers(unsubscribe_url: str) -> dict[str, str]:
    """Return the headers: written by software (RFC 3834), and one click out of marketing (RFC 8058)."""
    ours = {"Auto-Submitted": "auto-generated"}
    if unsubscribe_url:
        ours |= {"List-Unsubscribe": f"<{unsubscribe_url}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    return ours


def parts_of(text: str, unsubscribe_url: str = "") -> Iterator[Part]:
    """Return the text in paragraphs; only our own addresses become links, the first one a button.

    What people typed may hold an address, too: in our letter it must not be something to press.
    """
    pressed = False
    for paragraph in GAP.split(text):
        for url, lines in _runs(paragraph.splitlines()):
            is_button = bool(url) and not pressed and url != unsubscribe_url
            pressed = pressed or is_button
            yield Part(lines, url, is_button)


def _runs(lines: list[str]) -> Iterator[tuple[str, list[str]]]:
    kept: list[str] = []
    for line in lines:
        if not is_ours(line):
            kept.append(line)
            continue
        if kept:
            yield "", kept
        yield line.strip(), [line.strip()]
        kept = []
    if kept:
        yield "", kept


def is_ours(line: str) -> bool:
    """Say whether a line is an address of this site and nothing else."""
    word = line.strip()
    return word.startswith(f"{settings.SITE_URL}/") and len(word.split()) == 1
