"""Documents for tests: written, changed and published as an editor would."""

from __future__ import annotations

import uuid
from typing import Any

from cms_pages.models import Edition, HomePage, LegalDocumentPage

Clauses = list[list[str | tuple[str, str]]]


def body_of(clauses: Clauses) -> list[dict[str, Any]]:
    """Return a body of sections with these clauses; a clause is its text, or a (name, text) that keeps its id.

    Ids follow from names, else from places, so the same call again gives the same clauses.
    """
    return [
        {
            "type": "section",
            "id": _id(f"section {position}"),
            "value": {
                "heading": f"Section {position}",
                "link_name": "",
                "clauses": [_clause(f"{position}.{number}", text) for number, text in enumerate(section, start=1)],
            },
        }
        for position, section in enumerate(clauses, start=1)
    ]


def _clause(place: str, given: str | tuple[str, str]) -> dict[str, Any]:
    name, text = given if isinstance(given, tuple) else (place, given)
    text = text if text.startswith("<") else f"<p>{text}</p>"
    return {"type": "clause", "id": _id(f"clause {name}"), "value": {"text": text, "link_name": ""}}


def _id(name: str) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_URL, name))


def make_document(
    language: str = "ru", slug: str = "privacy", clauses: Clauses | None = None, **fields: Any
) -> LegalDocumentPage:
    """Make an unpublished document under the front page of a language.

    A document with the slug of one in another language becomes its translation.
    """
    sibling = LegalDocumentPage.objects.filter(slug=slug).first()
    if sibling:
        fields.setdefault("translation_key", sibling.translation_key)
    fields.setdefault("title", f"{slug} ({language})")
    home = HomePage.objects.get(locale__language_code=language)
    body = body_of(clauses or [["We keep your name."]])
    return home.add_child(instance=LegalDocumentPage(slug=slug, locale=home.locale, live=False, body=body, **fields))


def publish(page: LegalDocumentPage, user: Any = None, clauses: Clauses | None = None, **fields: Any) -> Edition:
    """Change a document, publish it and return its newest edition."""
    draft = LegalDocumentPage.objects.get(pk=page.pk).get_latest_revision_as_object()
    if clauses is not None:
        fields["body"] = body_of(clauses)
    for name, value in {"change_summary": "A clause was added.", **fields}.items():
        setattr(draft, name, value)
    draft.save_revision(user=user).publish(user=user)
    return LegalDocumentPage.objects.get(pk=page.pk).editions.first()


def anchor(page: LegalDocumentPage, text: str) -> str:
    """Return what leads to the clause that began with these words in one of the page's editions."""
    items = (item for edition in page.editions.all() for item in edition.clauses)
    return next(f"c-{item['id']}" for item in items if item["text"].startswith(text))
