"""Orders from a file, row by row, through the same door as those of a shop engine."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from hashlib import sha256
from itertools import groupby
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from openpyxl import load_workbook

from cabinet.exchange.intake import Rejected, take
from cabinet.orders.money import rounded

ENCODINGS = ("utf-8-sig", "cp1251")  # what spreadsheets of this country write
ORDER = ("number", "placed_at", "status", "status_at", "delivery_cost", "discount", "total", "customer_id", "note")
CONTACT, ADDRESS = ("name", "phone", "email", "language"), ("city", "street", "apartment", "postcode")
LINE = ("item", "sku", "product_class", "quantity", "price", "line_discount", "cost")
COLUMNS = (*ORDER, *CONTACT, *ADDRESS, *LINE)
SUMS = {"delivery_cost", "discount", "total", "price", "line_discount", "cost"}
Row = dict[str, str]


class NotReadable(Exception):
    """The file is no table of orders; the message says why."""


@dataclass(frozen=True)
class Found:
    """One order of the file: its lines stand in rows beneath each other."""

    place: int  # of its first row, as a spreadsheet counts
    rows: list[Row]
    data: dict[str, Any]
    status: str
    status_at: str


@dataclass(frozen=True)
class Refusal:
    """An order that was not taken, and why."""

    place: int
    number: str
    reasons: str


def orders_in(path: Path) -> list[Found]:
    """Return the orders of a CSV, XLSX or JSON lines file; raise NotReadable for any other."""
    if path.suffix.lower() in {".jsonl", ".ndjson"}:
        return [_of_json(place, line) for place, line in enumerate(_text(path).splitlines(), 1) if line.strip()]
    rows = _of_xlsx(path) if path.suffix.lower() == ".xlsx" else _of_csv(_text(path))
    numbered = [(place, row) for place, row in enumerate(rows, 2) if any(row.values())]
    return [_order(list(some)) for _number, some in groupby(numbered, key=lambda each: each[1].get("number", ""))]


def _text(path: Path) -> str:
    content = path.read_bytes()
    for encoding in ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise NotReadable("The file is neither in UTF-8 nor in Windows-1251.")


def _of_csv(text: str) -> Iterator[Row]:
    head = text.partition("\n")[0]
    delimiter = ";" if head.count(";") > head.count(",") else ","
    table = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    return _rows(table)


def _of_xlsx(path: Path) -> Iterator[Row]:
    try:
        book = load_workbook(path, read_only=True, data_only=True)
    except Exception as error:
        raise NotReadable("The file is no XLSX workbook.") from error
    return _rows([_cell(value) for value in row] for row in book.worksheets[0].iter_rows(values_only=True))


def _cell(value: Any) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, float):
        return f"{Decimal(repr(value)).normalize():f}"
    return "" if value is None else str(value)


def _rows(table: Iterable[list[str]]) -> Iterator[Row]:
    lines = iter(table)
    head = [name.strip().lower() for name in next(lines, [])]
    if unknown := sorted(set(head) - set(COLUMNS) - {""}):
        raise NotReadable(f"No column is called {', '.join(unknown)[:200]}. Columns are: {', '.join(COLUMNS)}.")
    if missing := sorted({"number", "placed_at", "item", "quantity", "price"} - set(head)):
        raise NotReadable(f"These columns are missing: {', '.join(missing)}.")
    return (dict(zip(head, map(str.strip, line), strict=False)) for line in lines)


def _order(numbered: list[tuple[int, Row]]) -> Found:
    place, first = numbered[0]
    rows = [row for _place, row in numbered]
    lines = [_line(row) for row in rows]
    data: dict[str, Any] = {name: _value(name, first[name]) for name in ORDER if first.get(name)}
    data.pop("status", None), data.pop("status_at", None)
    if customer := data.pop("customer_id", ""):
        data["customer"] = {"id": customer}
    data |= {"currency": "KZT", "lines": lines, "placed_at": _moment(first.get("placed_at", ""))}
    data["contact"] = {name: first[name] for name in CONTACT if first.get(name)}
    data["address"] = {name: first[name] for name in ADDRESS if first.get(name)}
    data.setdefault("total", _total(data))
    return Found(place, rows, data, first.get("status", ""), _moment(first.get("status_at", "")))


def _line(row: Row) -> dict[str, str]:
    line = {name: row[name] for name in ("sku", "product_class") if row.get(name)}
    line |= {"name": row.get("item", ""), "quantity": _value("quantity", row.get("quantity", ""))}
    line |= {"price": _value("price", row.get("price", ""))}
    if row.get("line_discount"):
        line["discount"] = _value("line_discount", row["line_discount"])
    line["cost"] = _value("cost", row["cost"]) if row.get("cost") else _cost(line)
    return line


def _value(name: str, text: str) -> str:
    """Return a sum or quantity as programs write it: “24 500,00” is 24500.00."""
    if name in SUMS or name == "quantity":
        return "".join(text.split()).replace("₸", "").replace(",", ".")
    return text


def _cost(line: dict[str, str]) -> str:
    try:
        whole = rounded(Decimal(line["quantity"]) * Decimal(line["price"]))
        return str(whole - Decimal(line.get("discount", "0")))
    except InvalidOperation:
        return ""  # the schema says which of them is wrong


def _total(data: dict[str, Any]) -> str:
    try:
        goods = sum((Decimal(line["cost"]) for line in data["lines"]), Decimal(0))
        return str(goods + Decimal(data.get("delivery_cost", "0")) - Decimal(data.get("discount", "0")))
    except InvalidOperation:
        return ""


def _moment(text: str) -> str:
    """Return a moment with its zone; one without is the shop's."""
    try:
        at = parse_datetime(text) or datetime.strptime(text, "%d.%m.%Y %H:%M")  # noqa: DTZ007 (gets its zone below)
    except ValueError:
        return text
    return (at if timezone.is_aware(at) else timezone.make_aware(at)).isoformat()


def _of_json(place: int, line: str) -> Found:
    try:
        data = json.loads(line)
    except ValueError:
        data = {}
    data = data if isinstance(data, dict) else {}
    status, status_at = str(data.pop("status", "")), _moment(str(data.pop("status_at", "")))
    return Found(place, [], data, status, status_at)


class Dry(Exception):
    """Everything is taken back."""


def take_in(found: Found, source: str, *, dry_run: bool = False) -> Refusal | None:
    """Take an order and its status, both or none; return why not. The same row twice is one order."""
    try:
        with transaction.atomic():
            _take(found, source)
            if dry_run:
                raise Dry
    except Dry:
        return None
    except Rejected as rejected:
        reasons = "; ".join(f"{field}: {message}" for field, message in rejected.faults)
        return Refusal(found.place, str(found.data.get("number", "")), reasons)
    return None


def _take(found: Found, source: str) -> None:
    placed_at = _at(found.data.get("placed_at"), "data.placed_at")
    _tell(source, "order.placed", placed_at, found.data)
    if found.status and found.status != "placed":
        at = _at(found.status_at or found.data.get("placed_at"), "data.status_at")
        told = {"number": found.data.get("number"), "status": found.status}
        _tell(source, "order.status_changed", at, told)


def _at(text: Any, field: str) -> datetime:
    at = parse_datetime(str(text)) if text else None
    if at is None or timezone.is_naive(at):
        raise Rejected((field, "Write the moment as 2026-03-02 09:30 or 02.03.2026 09:30."))
    return at


def _tell(source: str, type_: str, at: datetime, data: dict[str, Any]) -> None:
    digest = sha256(json.dumps([type_, at.isoformat(), data], sort_keys=True, default=str).encode()).hexdigest()
    take(source, f"import-{digest}", type_, at, data, digest)
