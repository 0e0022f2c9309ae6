"""What a copy holds: every table of the register in three forms, consents word by word, what happened, who looked."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator
from typing import Any

from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from cabinet.audit.models import Event
from cabinet.audit.recording import READ
from cabinet.audit.telling import Happened, batches_of, reads_of
from cabinet.consents.ledger import ConsentReceipt, ConsentText
from cabinet.customers.marks import marks_of, subjects_of
from cabinet.privacy.archive import Archive, Spool
from cabinet.privacy.copy_pages import People
from cabinet.privacy.words import told
from cabinet.register.cells import FORMULA_STARTS
from cabinet.register.described import described
from cabinet.register.streaming import Column, Table, Values, moments, tables
from cms_pages.models import Edition

FORM = 1  # of the files for machines; another number when a program that reads them would have to change
BOM = "\N{ZERO WIDTH NO-BREAK SPACE}"  # without it Excel takes Cyrillic letters for those of another alphabet
HISTORY, LOOKS, TEXTS = "history", "readers", "texts"
DANGEROUS = frozenset(FORMULA_STARTS)
encode = json.JSONEncoder(ensure_ascii=False, default=str).encode

Progress = Callable[[int], None]


def sheets(customer: Any) -> list[Table]:
    """Return the tables of the copy: the register's, what happened, and who on staff looked."""
    return [*tables(customer.user), _history(customer), _looks(customer)]


def write_copy(archive: Archive, customer: Any, found: list[Table], progress: Progress) -> None:
    """Write everything into the archive, in the active language; tell `progress` of rows as they are written."""
    heading, categories = {"made_at": archive.made_at, "number": customer.user.public_id}, described()
    sections = [*map(_section, categories), *_own_sections()]
    people = People(archive, heading, {each["key"]: each["title"] for each in sections})
    counted = {table.key: _write_table(archive, table, people, progress) for table in found}
    texts = list(_write_consents(archive, customer))
    people.finish([{**each, "files": texts} if each["key"] == TEXTS else each for each in sections])
    archive.add("json/register.json", _json({"categories": categories, "tables": _told_tables(found, counted)}))
    archive.add("README.txt", render_to_string("privacy/copy/readme.txt", heading).encode())
    archive.close(form=FORM, made_at=archive.made_at.isoformat(), account=heading["number"], language=get_language())


def _json(value: Any) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode("utf-8", "backslashreplace")


# Tables, each read once and written in three forms -------------------------------------------------------------------


def _write_table(archive: Archive, table: Table, people: People, progress: Progress) -> int:
    """Write a table; return how many rows it has. Where there are none, there is no file."""
    count, folder = 0, archive.place.parent
    with Spool(folder) as for_machines, Spool(folder) as for_spreadsheets:
        rows = people.begin(table.key, table.columns)
        for batch in table.batches():
            plain = [column.plain(values) for column, values in zip(table.columns, batch, strict=True)]
            for_machines.write(_json_rows(table, plain, is_first=not count))
            for_spreadsheets.write(_csv_rows(table, plain, is_first=not count))
            rows.take(batch)
            rows.write_full()
            count += len(batch[0])
            progress(len(batch[0]))
        rows.finish()
        if count:
            for_machines.write(b"\n]}\n")
            archive.add(f"json/{table.key}.json", for_machines.chunks(), for_machines.size)
            archive.add(f"csv/{table.key}.csv", for_spreadsheets.chunks(), for_spreadsheets.size)
    return count


def _json_rows(table: Table, plain: list[Values], *, is_first: bool) -> bytes:
    names = [column.name for column in table.columns]
    rows = encode([dict(zip(names, row, strict=True)) for row in zip(*plain, strict=True)])[1:-1]
    before = _json_head(table) if is_first else ",\n"
    # A lone surrogate, which only JSON in the database can hold, is written as JSON escapes it.
    return f"{before}{rows}".encode("utf-8", "backslashreplace")


def _json_head(table: Table) -> str:
    columns = [{"name": column.name, "label": column.label, "category": column.group} for column in table.columns]
    return f'{{"model": {encode(table.key)}, "columns": {encode(columns)}, "rows": [\n'


def _csv_rows(table: Table, plain: list[Values], *, is_first: bool) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    if is_first:
        text.write(BOM)
        writer.writerow(_harmless([column.label for column in table.columns]))
    cells = [
        _harmless(values) if column.may_be_formula else values
        for column, values in zip(table.columns, plain, strict=True)
    ]
    writer.writerows(zip(*cells, strict=True))
    return text.getvalue().encode("utf-8", "backslashreplace")


def _harmless(values: Values) -> Values:
    """Return cells that no spreadsheet runs (s06); lists and the like as JSON."""
    if _are_harmless_texts(values):
        return values
    texts = (encode(value) if isinstance(value, dict | list) else value for value in values)
    return [f"'{each}" if isinstance(each, str) and each[:1] in DANGEROUS else each for each in texts]


def _are_harmless_texts(values: Values) -> bool:
    """Say whether all are texts that need no apostrophe, as in most batches, in a quarter of the time."""
    try:
        return DANGEROUS.isdisjoint({value[:1] for value in values if value})
    except (TypeError, KeyError):  # a number, a list, a mapping
        return False


def _told_tables(found: list[Table], counted: dict[str, int]) -> list[dict[str, Any]]:
    return [{"table": each.key, "rows": counted[each.key], "kept_and_not_shown": each.secrets} for each in found]


# What the register does not hold -------------------------------------------------------------------------------------


def _moment(group: str) -> Column:
    return Column("at", _("When"), group, lambda value: value.isoformat(), moments(), may_be_formula=False)


def _history(customer: Any) -> Table:
    own, subjects = customer.user.public_id, subjects_of(customer)
    columns = [
        _moment(HISTORY),
        Column("what", _("What happened"), HISTORY),
        Column("by", _("By whom"), HISTORY),
        Column("event", _("Name of the event"), HISTORY),
        Column("line", _("Line of the log"), HISTORY, None, str, may_be_formula=False),
    ]

    def batches() -> Iterator[list[Values]]:
        for events in batches_of(*subjects):
            yield list(zip(*(_history_line(event, own) for event in events), strict=True))

    return Table(HISTORY, columns, [], Event.objects.of(*subjects).count, batches)


def _history_line(event: Happened, own: str) -> tuple[Any, ...]:
    line = told(event, own)
    return line.at, str(line.what), str(line.by), event.name, line.number


def _looks(customer: Any) -> Table:
    """Return who looked as the page about it does: what was seen, why and when, and no names of staff."""
    subjects = subjects_of(customer)
    columns = [
        _moment(LOOKS),
        Column("what", _("What was seen"), LOOKS),
        Column("reason", _("Reason"), LOOKS),
    ]

    def batches() -> Iterator[list[Values]]:
        if looks := [(look.at, look.what, look.reason) for look in reads_of(*subjects)]:
            yield list(zip(*looks, strict=True))

    return Table(LOOKS, columns, [], Event.objects.of(*subjects).filter(name=READ).count, batches)


def _write_consents(archive: Archive, customer: Any) -> Iterator[str]:
    """Write receipts as their hashes cover them, the texts agreed to and the editions they point at; yield the texts.

    Each is named by its number or hash, never by what somebody typed.
    """
    receipts = ConsentReceipt.objects.filter(marks_of(customer.user_id)).select_related("follows")
    texts = set()
    for receipt in receipts.iterator(chunk_size=500):
        archive.add(f"consents/receipts/{receipt.public_id}.json", receipt.canonical().encode())
        texts.add(receipt.text_id)
    editions: set[int] = set()
    for key in sorted(texts):
        text = ConsentText.objects.get(pk=key)
        editions.update(filter(None, (text.policy_id, text.document_id)))
        archive.add(name := f"consents/texts/{text.sha256}.txt", text.text.encode())
        yield name
    agreed = Edition.objects.filter(pk__in=editions)
    for sha256 in sorted(set(agreed.values_list("sha256", flat=True))):  # a text that came back has the hash it had
        edition = agreed.filter(sha256=sha256)[0]
        archive.add(f"consents/editions/{sha256}.txt", edition.canonical_text.encode())


# Sections of the first page ------------------------------------------------------------------------------------------


def _section(category: dict[str, Any]) -> dict[str, Any]:
    secrets = [one["label"] for one in category["fields"] if not one["shown"]]
    is_all_secret = len(secrets) == len(category["fields"])
    return {**category, "secrets": list(dict.fromkeys(secrets)), "is_all_secret": is_all_secret}


def _own_sections() -> list[dict[str, Any]]:
    return [
        {"key": TEXTS, "title": _("Words of your consents")},
        {"key": HISTORY, "title": _("What happened to your data")},
        {"key": LOOKS, "title": _("Who looked at your data")},
    ]
