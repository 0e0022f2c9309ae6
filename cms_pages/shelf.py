"""All editions of one document, as a visitor asks for them: which is in force, which was, which comes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from django.db import connection
from django.db.models import Case, F, Model, Q, Subquery, When
from django.db.models.functions import Now
from django.http import Http404, HttpRequest
from django.utils.functional import cached_property
from django.utils.translation import get_language
from wagtail.models import Locale, Page

from cms_pages.chrome import site_paths
from cms_pages.known_query import KnownQuery, Rows
from cms_pages.models import Edition, LegalDocumentPage
from cms_pages.models.edition import LONG_TEXTS
from cms_pages.standing import Standing

PAGE = ("slug", "title", "url_path", "translation_key", "locale_id", "plain_words")
READ = ("html", "outline")  # the long texts a page shows; the canonical text is asked for where it is
OWN = [field.attname for field in Edition._meta.concrete_fields if field.attname not in LONG_TEXTS]
AT_HAND = 32  # addresses whose edition in force this process has at hand, about 100 KB each
_at_hand: dict[str, tuple[Any, ...]] = {}  # rows of those: what is sealed is read once


@KnownQuery
def _rows(url_path: str, whole: tuple[int, ...] | None, key: int = 0, sha256: str = "") -> Any:
    """Return the editions at an address; the long texts of those numbered in `whole`, None: of the one in force.

    Which one that is the database says by its own clock, only to spare a query: what is shown is decided in Python.
    The edition of this key and hash is at hand.
    """
    # Wagtail has an index of slugs and none of these paths.
    page = Page.objects.filter(slug=url_path.split("/")[-2], url_path=url_path).order_by().values("pk")[:1]
    begun = Edition.objects.filter(page=Subquery(page), in_force_from__lte=Now()).order_by("-number")
    chosen = Q(number=Subquery(begun.values("number")[:1])) if whole is None else Q(number__in=whole or (0,))
    chosen &= ~Q(pk=key, sha256=sha256) if key else Q()
    texts = {f"of_text_{name}": Case(When(chosen, then=F(name))) for name in READ}
    of_page = {f"of_page_{name}": F(f"page__{name}") for name in PAGE}
    found = Edition.objects.filter(page=Subquery(page))
    found = found.annotate(language_code=F("page__locale__language_code"), **of_page, **texts)
    return found.values(*OWN, "language_code", *of_page, *texts)  # the texts last: see Shelf.key


def _rows_with_texts(url_path: str) -> Rows:
    """Return the editions at an address with the long texts of the one in force, read where they are not at hand."""
    at_hand = _at_hand.get(url_path)
    rows = _rows.rows(url_path, None, besides=_key(at_hand) if at_hand else ())
    for place, row in enumerate(rows.raw):
        if row[-1] is not None:
            _remember(url_path, row)
            break  # the one in force; who asks once more for the same rows may find an older one filled in below it
        if at_hand and row[: len(OWN)] == at_hand[: len(OWN)]:
            rows.raw[place] = (*row[: -len(READ)], *at_hand[-len(READ) :])
        elif at_hand and _key(row) == _key(at_hand):
            _at_hand.pop(url_path, None)  # another of that key, after a restore: it is read where it is shown
    return rows


def _key(row: tuple[Any, ...]) -> tuple[int, str]:
    return row[OWN.index("id")], row[OWN.index("sha256")]


def _remember(url_path: str, row: tuple[Any, ...]) -> None:
    if url_path not in _at_hand and len(_at_hand) >= AT_HAND:
        _at_hand.pop(next(iter(list(_at_hand)), ""), None)
    _at_hand[url_path] = row


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


@dataclass(frozen=True, eq=False)
class Dated:
    """All of an edition that decides how it stands."""

    in_force_from: datetime


class Shelf:
    """A document's editions, newest first."""

    def __init__(self, request: HttpRequest, slug: str, *, whole: tuple[int, ...] | None = ()) -> None:
        """Read the editions at this address in one query; raise Http404 where there are none.

        The text comes with those numbered in `whole`, None: with the one in force; others are read when asked for.
        """
        path = _url_path(request, slug)
        self.rows = _rows_with_texts(path) if whole is None else _rows.rows(path, whole)
        if not self.rows.raw:
            raise Http404
        self.url = f"/{get_language()}/{slug}/"

    @classmethod
    def of(cls, page: LegalDocumentPage) -> Shelf:
        """Return the shelf of a page, empty when nothing has been published."""
        shelf = cls.__new__(cls)
        editions = list(page.editions.all()) if page.pk else []  # type: ignore[attr-defined]
        shelf.url, shelf.page, shelf.standing = f"/{page.language}/{page.slug}/", page, Standing(editions)
        shelf.editions = shelf._placed(editions)
        return shelf

    @cached_property
    def standing(self) -> Standing:
        """Return how the editions stand now; nothing is made of them for that but their dates."""
        dates = [Dated(date) for date in self.rows.column("in_force_from")]
        return Standing(cast("list[Edition]", dates))

    @cached_property
    def page(self) -> LegalDocumentPage:
        """Return the document."""
        return _page(self.rows.named()[0])

    @cached_property
    def editions(self) -> list[Edition]:
        """Return the editions, newest first, each with how it stands."""
        return self._placed([_edition(row, self.page) for row in self.rows.named()])

    def _placed(self, editions: list[Edition]) -> list[Edition]:
        for edition, placed in zip(editions, self.standing.placed, strict=True):
            edition.state = placed.state
            # The last moment, so that its date is the last day: where the next begins at midnight, the day before.
            edition.in_force_until = placed.until and placed.until - timedelta(microseconds=1)
        return editions

    def _of(self, dated: Edition | None) -> Edition | None:
        places = (place for place, placed in enumerate(self.standing.placed) if placed.edition is dated)
        return next((self.editions[place] for place in places), None)

    @cached_property
    def in_force(self) -> Edition | None:
        """Return the edition in force."""
        return self._of(self.standing.in_force)

    @cached_property
    def coming(self) -> Edition | None:
        """Return the announced edition that comes into force first."""
        return self._of(self.standing.coming)

    @cached_property
    def shown(self) -> Edition | None:
        """Return the edition in force; while there is none, the one that comes."""
        return self.in_force or self.coming

    @property
    def next_number(self) -> int:
        """Return the number the next edition will bear."""
        return self.editions[0].number + 1 if self.editions else 1

    @property
    def changes_at(self) -> datetime | None:
        """Return when the next announced edition comes into force, if one is announced."""
        return self.standing.coming.in_force_from if self.standing.coming else None

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
    def translation_key(self) -> Any:
        """Return what the document has in common with its translations, as the database gives it."""
        return self.rows.raw[0][self.rows.names.index("of_page_translation_key")]

    @property
    def key(self) -> tuple[Any, ...]:
        """Return all of the shelf that a page can show, as the database gave it; sealed texts count by their hash."""
        states = [placed.state for placed in self.standing.placed]
        own = self.rows.names.index("language_code")  # what follows is the page's, the same in each row
        return states, self.rows.raw[0][: -len(READ)], [row[:own] for row in self.rows.raw]

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
        return str(uid), [edition for edition in self.editions if edition.anchor_of(uid)]


def _url_path(request: HttpRequest, slug: str) -> str:
    """Return where a document of this slug stands in the page tree of the request's site and language."""
    for path in site_paths(request):
        if path.language_code == get_language():
            return f"{path.root_path}{slug}/"
    raise Http404
