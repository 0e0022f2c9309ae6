"""All editions of one document, as a visitor asks for them: which is in force, which was, which comes."""

from __future__ import annotations

from datetime import datetime
from itertools import pairwise
from typing import Any

from django.db import connection
from django.db.models import F, Model
from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.translation import get_language
from wagtail.models import Locale

from cms_pages.chrome import site_paths
from cms_pages.known_query import KnownQuery
from cms_pages.models import Edition, LegalDocumentPage
from cms_pages.models.edition import LONG_TEXTS

PAGE = ("slug", "title", "url_path", "translation_key", "locale_id", "plain_words")


@KnownQuery
def _rows(url_path: str, whole: bool) -> Any:
    left_out = () if whole else LONG_TEXTS
    own = [field.attname for field in Edition._meta.concrete_fields if field.attname not in left_out]
    of_page = {f"of_page_{name}": F(f"page__{name}") for name in PAGE}
    found = Edition.objects.filter(page__url_path=url_path).annotate(
        language_code=F("page__locale__language_code"), **of_page
    )
    return found.values(*own, "language_code", *of_page)


def _from_row(model: type[Model], row: dict[str, Any], prefix: str = "") -> Any:
    """Return a row of the model with the fields the query brought; others are read when asked for."""
    names = [field.attname for field in model._meta.concrete_fields if f"{prefix}{field.attname}" in row]
    return model.from_db(connection.alias, names, [row[f"{prefix}{name}"] for name in names])


def _page_of(row: dict[str, Any]) -> LegalDocumentPage:
    keys = {"of_page_id": row["page_id"], "of_page_page_ptr_id": row["page_id"]}
    page: LegalDocumentPage = _from_row(LegalDocumentPage, {**row, **keys}, "of_page_")
    page.locale = Locale(pk=page.locale_id, language_code=row["language_code"])
    return page


class Shelf:
    """A document's editions, newest first."""

    def __init__(self, request: HttpRequest, slug: str, *, whole: bool = False) -> None:
        """Read the editions at this address in one query; raise Http404 where there are none."""
        rows = _rows(_url_path(request, slug), whole)
        if not rows:
            raise Http404
        page = _page_of(rows[0])
        editions = [_from_row(Edition, row) for row in rows]
        for edition in editions:
            edition.page = page
        self._place(page, editions)

    @classmethod
    def of(cls, page: LegalDocumentPage) -> Shelf:
        """Return the shelf of a page, empty when nothing has been published."""
        shelf = cls.__new__(cls)
        shelf._place(page, list(page.editions.all()) if page.pk else [])  # type: ignore[attr-defined]
        return shelf

    def _place(self, page: LegalDocumentPage, editions: list[Edition]) -> None:
        now = timezone.now()
        self.page, self.editions = page, editions
        self.in_force = next((edition for edition in editions if not edition.is_coming(now)), None)
        self.coming = editions[0] if editions and editions[0].is_coming(now) else None
        self.shown = self.in_force or self.coming
        for edition in editions:
            edition.in_force_until = self._until(edition)  # type: ignore[attr-defined]
            edition.state = self._state(edition)  # type: ignore[attr-defined]

    @property
    def url(self) -> str:
        """Return the document's address."""
        return f"/{self.page.language}/{self.page.slug}/"

    @property
    def next_number(self) -> int:
        """Return the number the next edition will bear."""
        return self.editions[0].number + 1 if self.editions else 1

    @property
    def changes_at(self) -> datetime | None:
        """Return when the next announced edition comes into force, if one is announced."""
        now = timezone.now()
        return min((edition.in_force_from for edition in self.editions if edition.is_coming(now)), default=None)

    @property
    def shared_editions(self) -> int:
        """Count the editions the other languages must follow."""
        return sum(not edition.only_this_language for edition in self.editions)

    @property
    def pairs(self) -> list[tuple[Edition, Edition]]:
        """Return each edition with the one before it, newest first."""
        return list(pairwise(self.editions))

    def numbered(self, number: int) -> Edition:
        """Return one edition; raise Http404 when it was never published."""
        for edition in self.editions:
            if edition.number == number:
                return edition
        raise Http404

    def previous(self, edition: Edition) -> Edition | None:
        """Return the edition before this one."""
        return next((older for older in self.editions if older.number < edition.number), None)

    def clause_id(self, anchor: str) -> str:
        """Return the id of the clause that has, or once had, this anchor or name; raise Http404."""
        for edition in self.editions:
            for item in edition.clauses:
                if anchor in {f"c-{item['id']}", item["name"]}:
                    return str(item["id"])
        raise Http404

    def _until(self, edition: Edition) -> datetime | None:
        """Return when a newer edition took or takes its place; never earlier than its own beginning."""
        newer = [other.in_force_from for other in self.editions if other.number > edition.number]
        return min(newer, default=None)

    def _state(self, edition: Edition) -> str:
        """Return “in_force”, “coming”, “past”, or “superseded” when a newer one came before its own day."""
        if edition == self.in_force:
            return "in_force"
        if edition.is_coming():
            return "coming" if edition == self.coming else "superseded"
        until = edition.in_force_until  # type: ignore[attr-defined]
        return "superseded" if until and until <= edition.in_force_from else "past"


def _url_path(request: HttpRequest, slug: str) -> str:
    """Return where a document of this slug stands in the page tree of the request's site and language."""
    for path in site_paths(request):
        if path.language_code == get_language():
            return f"{path.root_path}{slug}/"
    raise Http404
