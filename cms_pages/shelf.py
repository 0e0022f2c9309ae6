"""All editions of one document, as a visitor asks for them: which is in force, which was, which comes."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Case, F, Model, OuterRef, Q, Subquery, When
from django.db.models.functions import Now
from django.http import Http404, HttpRequest
from django.utils.translation import get_language
from wagtail.models import Locale

from cms_pages.chrome import site_paths
from cms_pages.known_query import KnownQuery
from cms_pages.models import Edition, LegalDocumentPage
from cms_pages.models.edition import LONG_TEXTS
from cms_pages.standing import Standing

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
        self.page, self.editions, self.standing = page, editions, Standing(editions)
        self.in_force, self.coming = self.standing.in_force, self.standing.coming
        self.shown = self.in_force or self.coming
        for placed in self.standing.placed:
            placed.edition.state, placed.edition.in_force_until = placed.state, placed.until

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
        return self.coming.in_force_from if self.coming else None

    @property
    def level(self) -> int:
        """Return how far this language of the document has come (publishing.level_of)."""
        return max((edition.level for edition in self.editions), default=0)

    def numbered(self, number: int) -> Edition:
        """Return one edition; raise Http404 when it was never published."""
        for edition in self.editions:
            if edition.number == number:
                return edition
        raise Http404

    @property
    def key(self) -> tuple[Any, ...]:
        """Return all of the shelf that a page can show, short: sealed texts stand for themselves."""
        page = tuple(getattr(self.page, name) for name in PAGE)
        return page, *((placed.edition.pk, placed.state, placed.until) for placed in self.standing.placed)

    def after(self, older: Edition, newer: Edition) -> list[Edition]:
        """Return the editions between the two and the newer itself, oldest first: the steps from one to the other."""
        return [edition for edition in reversed(self.editions) if older.number < edition.number <= newer.number]

    def find_clause(self, anchor: str) -> tuple[str, list[Edition]]:
        """Return a clause's id by its anchor or a name it has had, and the editions with it; raise Http404."""
        outlines = dict(Edition.objects.filter(page=self.page.pk).values_list("pk", "outline"))
        for edition in self.editions:
            edition.outline = outlines[edition.pk]
        clauses = [item for edition in self.editions for item in edition.clauses]
        uid = next((item["id"] for item in clauses if anchor in {f"c-{item['id']}", item["name"]}), None)
        if uid is None:
            raise Http404
        return str(uid), [edition for edition in self.editions if edition.has_clause(uid)]


def _url_path(request: HttpRequest, slug: str) -> str:
    """Return where a document of this slug stands in the page tree of the request's site and language."""
    for path in site_paths(request):
        if path.language_code == get_language():
            return f"{path.root_path}{slug}/"
    raise Http404
