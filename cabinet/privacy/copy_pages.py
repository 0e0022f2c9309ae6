"""The copy as people read it: one page, and pages of their own where there is more than one would scroll through."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any

from django.template.loader import render_to_string
from django.utils.translation import get_language

from cabinet.privacy.archive import Archive
from cabinet.register.streaming import Column, Values

INLINE = 200  # rows of one model that stand in the first page
A_PAGE = 1000  # rows in each page beside it: a telephone still opens it
MEANS_SOMETHING = re.compile(r"[&<>\"']")
UNPRINTABLE = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]"
)  # no browser shows them, some stumble over them
SELECTOR = re.compile(r"[^A-Za-z0-9-]")  # what would mean something in a selector
FIRST_PAGE = "index.html"
ROWS = "<!--rows-->"  # where rows stand in a template: no text of anybody can hold it, being escaped

Row = tuple[str, ...]  # cells, escaped


@dataclass
class People:
    """The pages of one copy; give it every batch of every table, then have the first page written."""

    archive: Archive
    heading: dict[str, Any]  # what all pages say on top
    titles: dict[str, str]  # of the groups
    sections: dict[str, list[str]] = field(default_factory=dict)  # HTML by group, as far as it is short
    pages: dict[str, list[tuple[str, int]]] = field(default_factory=dict)  # group: pages and the rows in each

    def begin(self, key: str, columns: Sequence[Column]) -> Rows:
        """Begin with a table."""
        return Rows(self, key, columns)

    def finish(self, sections: list[dict[str, Any]]) -> None:
        """Write the first page: `sections` have a key, a title and whatever else its template says."""
        told = {**self.heading, **frame(), "sections": sections}
        top, _mark, end = render_to_string("privacy/copy/index.html", told).partition(ROWS)
        parts: list[str] = [top]
        for number, section in enumerate(sections, start=1):
            parts += self._section(section, number)
        self.archive.add(FIRST_PAGE, (part.encode("utf-8", "replace") for part in [*parts, end]))

    def _section(self, section: dict[str, Any], number: int) -> list[str]:
        pages, rows = self.pages.get(section["key"], []), self.sections.get(section["key"], [])
        is_empty = not (pages or rows or section.get("files") or section.get("is_all_secret"))
        told = {"section": section, "number": number, "pages": pages, "is_empty": is_empty}
        told["rows"] = sum(count for _name, count in pages)
        top, _mark, end = render_to_string("privacy/copy/section.html", told).partition(ROWS)
        return [top, *rows, end]

    def add_page(self, group: str, name: str, body: str, rows: int, before: str, after: str) -> None:
        """Write a page of rows, with the way to the pages around it."""
        number = len(self.pages.get(group, [])) + 1
        around = {"before": before, "after": after, "first_page": f"../{FIRST_PAGE}", "number": number}
        told = {**self.heading, **frame(), **around, "title": self.titles[group]}
        page = render_to_string("privacy/copy/rows.html", told)
        top, _mark, end = page.partition(ROWS)
        self.archive.add(f"pages/{name}", f"{top}{body}{end}".encode("utf-8", "replace"))
        self.pages.setdefault(group, []).append((f"pages/{name}", rows))


@dataclass
class Rows:
    """The rows of one table, kept until there are enough for a page; each category in it has pages of its own."""

    people: People
    key: str
    columns: Sequence[Column]
    waiting: dict[str, list[Row]] = field(default_factory=dict)
    written: dict[str, int] = field(default_factory=dict)  # pages of each group

    def take(self, batch: list[Values]) -> None:
        """Take a batch of the table's columns."""
        cells: dict[str, list[list[str]]] = {}
        for column, values in zip(self.columns, batch, strict=True):
            cells.setdefault(column.group, []).append(escaped(column.said(values)))
        for group, columns in cells.items():
            waiting = self.waiting.setdefault(group, [])
            waiting += [row for row in zip(*columns, strict=True) if any(row)]

    def pages(self) -> Iterator[tuple[str, list[Row]]]:
        """Yield the pages that are full, when more than one page is waiting."""
        for group, waiting in self.waiting.items():
            while len(waiting) > A_PAGE:
                yield group, waiting[:A_PAGE]
                del waiting[:A_PAGE]

    def write_full(self) -> None:
        """Write what fills a page."""
        for group, rows in self.pages():
            self._write(group, rows, is_last=False)

    def finish(self) -> None:
        """Write the rest: into the first page where it is short, else into a last page."""
        self.write_full()
        for group, rows in self.waiting.items():
            if self.written.get(group) or len(rows) > INLINE:
                self._write(group, rows, is_last=True)
            elif rows:
                self.people.sections.setdefault(group, []).append(self._body(group, rows, drop_empty=True))

    def _write(self, group: str, rows: list[Row], *, is_last: bool) -> None:
        number = self.written[group] = self.written.get(group, 0) + 1
        before = self._name(group, number - 1) if number > 1 else ""
        after = "" if is_last else self._name(group, number + 1)
        body = self._body(group, rows, drop_empty=False)
        self.people.add_page(group, self._name(group, number), body, len(rows), before, after)

    def _name(self, group: str, number: int) -> str:
        whole = self.key if len({column.group for column in self.columns}) == 1 else f"{self.key}-{group}"
        return f"{whole}-{number:04d}.html"

    def _body(self, group: str, rows: list[Row], *, drop_empty: bool) -> str:
        labels = [column.label for column in self.columns if column.group == group]
        if drop_empty:
            kept = [place for place, cells in enumerate(zip(*rows, strict=True)) if any(cells)]
            labels = [labels[place] for place in kept]
            rows = [tuple(row[place] for place in kept) for row in rows]
        name = SELECTOR.sub("-", f"{self.key}-{group}")
        shown = [escape(label) for label in labels]
        if len(rows) == 1:
            body = as_list(shown, rows[0])
        else:
            body = f'<div class="rows" id="{name}">\n{naming_cells(f"#{name}", labels)}{as_table(shown, rows)}</div>\n'
        return UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", body)


def escaped(texts: list[str]) -> list[str]:
    """Return the texts as HTML has them; most columns have nothing to escape, which one look tells."""
    if not MEANS_SOMETHING.search("".join(texts)):
        return texts
    return [escape(text) for text in texts]


def as_list(labels: list[str], row: Row) -> str:
    """Return one row as names and what stands under them."""
    lines = (f"<div><dt>{label}</dt><dd>{cell}</dd></div>\n" for label, cell in zip(labels, row, strict=True) if cell)
    return f"<dl>\n{''.join(lines)}</dl>\n"


def as_table(labels: list[str], rows: list[Row]) -> str:
    """Return rows as a table, in which on a narrow screen each cell names itself: by the style, once for a column."""
    head = "".join(f'<th scope="col">{label}</th>' for label in labels)
    lines = "".join(f"<tr><td>{'</td><td>'.join(row)}</td></tr>\n" for row in rows)
    return f"<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{lines}</tbody>\n</table>\n"


def naming_cells(selector: str, labels: list[str]) -> str:
    """Return the style by which cells on a narrow screen are named."""
    rules = (
        f"{selector} td:nth-child({place})::before{{content:{in_style(label)}}}"
        for place, label in enumerate(labels, start=1)
    )
    return f"<style>@media (max-width: 40rem){{{''.join(rules)}}}</style>\n"


def in_style(text: str) -> str:
    """Return a text as a string of CSS that ends neither itself nor the element it stands in."""
    return '"' + "".join(each if each.isalnum() or each in " .,()-" else f"\\{ord(each):x} " for each in text) + '"'


def frame() -> dict[str, Any]:
    """Return what the head of every page says."""
    return {"language": get_language()}
