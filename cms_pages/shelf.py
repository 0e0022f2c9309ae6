"""All editions of one document, as a visitor asks for them: which is in force, which was, which comes."""

from __future__ import annotations

from datetime import datetime
from itertools import pairwise
from typing import Any

from django.db import connection
from django.db.models import Case, F, Model, OuterRef, Q, Subquery, When
from django.db.models.functions import Now
from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.translation import get_language
from wagtail.models import Locale

from cms_pages.chrome import site_paths
from cms_pages.known_query import KnownQuery
from cms_pages.models import Edition, LegalDocumentPage
from cms_pages.models.edition import LONG_TEXTS

PAGE = ("slug", "title", "url_path", "translation_key", "locale_id", "plain_words")
READ = ("html", "outline")  # the long texts a page shows; the canonical text is asked for where it is


@KnownQuery
def _rows(url_path: str, whole: tuple[int, ...] | None) -> Any:
    """Return the editions at an address; the long texts of those numbered in `whole`, None: of the one in force.

    Which one that is the database says by its own clock, only to spare a query: what is shown is decided in Python.
    """
    begun = Edition.objects.filter(page=OuterRef("page"), in_force_from__lte=Now()).order_by("-number")
    chosen = Q(number=Subquery(begun.values("number")[:1])) if whole is None else Q(number__in=whole or (0,))
    texts = {f"of_text_{name}": Case(When(chosen, then=F(name))) for name in READ}
    of_page = {f"of_page_{name}": F(f"page__{name}") for name in PAGE}
    own = [field.attname for field in Edition._meta.concrete_fields if field.attname not in LONG_TEXTS]
    found = Edition.objects.filter(page__url_path=url_path)
    found = found.annotate(language_code=F("page__locale__language_code"), **of_page, **texts)
    return found.values(*own, "language_code", *of_page, *texts)


def _edition(row: dict[str, Any], page: LegalDocumentPage) -> Edition:
    texts = {name: row[f"of_text_{name}"] for name in READ if row[f"of_text_{name}"] is not None}
    edition: Edition = _from_row(Edition, {**row, **texts})
    edition.page = page
    return edition


def _page(row: dict[str, Any]) -> LegalDocumentPage:
    fields = {name: row[f"of_page_{name}"] for name in PAGE} | {"id": row["page_id"], "page_ptr_id": row["page_id"]}
    page: LegalDocumentPage = _from_row(LegalDocumentPage, fields)
    page.locale = Locale(pk=page.locale_id, language_code=row["language_code"])
    return page


def _from_row(model: type[Model], row: dict[str, Any]) -> Any:
    """Return an instance with the fields the row has; others are read when asked for."""
    names = [field.attname for field in model._meta.concrete_fields if field.attname in row]
    return model.from_db(connection.alias, names, [row[name] for name in names])


class Shelf:
    """A document's editions, newest first."""

    def __init__(self, request: HttpRequest, slug: str, *, whole: tuple[int, ...] | None = ()) -> None:
        """Read the editions at this address in one query; raise Http404 where there are none.

        The text comes with those numbered in `whole`, None: with the one in force; others are read when asked for.
        """
        rows = _rows(_url_path(request, slug), whole)
        if not rows:
            raise Http404
        page = _page(rows[0])
        self._place(page, [_edition(row, page) for row in rows])

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

    @property
    def key(self) -> tuple[Any, ...]:
        """Return all of the shelf that a page can show, short: sealed texts stand for themselves."""
        page = tuple(getattr(self.page, name) for name in PAGE)
        return page, *((edition.pk, edition.state, edition.in_force_until) for edition in self.editions)  # type: ignore[attr-defined]

    def clause_id(self, anchor: str) -> str:
        """Return the id of the clause that has, or once had, this anchor or name; raise Http404."""
        outlines = dict(Edition.objects.filter(page=self.page.pk).values_list("pk", "outline"))
        for edition in self.editions:
            edition.outline = outlines[edition.pk]
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
