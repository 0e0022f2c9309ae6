"""What a copy of one customer with many orders costs: run in a process of its own, on the database DATABASE_URL names.

`python many_rows.py ORDERS WAY` prints JSON: seconds of processor time and the memory at its highest, before and after.
WAY is `copy`, ours; `export`, which streams the same rows plainly into the same forms; `dump`, which streams them into
one file of JSON; `idle`, which does nothing.
"""

from __future__ import annotations

import csv
import io
import json
import os
import resource
import sys
import time
from collections.abc import Callable, Iterator
from html import escape
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

A_DUMP = 500  # rows that a plain export reads and writes at once
COLUMNS = {  # what the copy holds of an order, by model
    "Order": (
        *("number", "placed_by", "placed_at", "status", "status_at", "delivered_at", "objections_until"),
        *("delivery_cost", "discount", "total", "currency", "call_reference", "public_id", "subject"),
    ),
    "Line": ("name", "sku", "quantity", "price", "discount", "cost"),
    "Step": ("status", "occurred_at"),
    "OrderPerson": ("name", "phone", "email", "language", "city", "street", "apartment", "postcode", "note"),
    "Refund": ("public_id", "amount", "reason", "state", "requested_at", "settled_at"),
}
Names, Row = tuple[str, ...], tuple[Any, ...]


def rows_of(customer: Any) -> Iterator[tuple[Names, Any]]:
    """Yield the columns and the rows of each model of orders."""
    from django.apps import apps

    for label, names in COLUMNS.items():
        model = apps.get_model("orders", label)
        mine = {"customer" if label == "Order" else "order__customer": customer}
        yield names, model._default_manager.filter(**mine).order_by("pk").values_list(*names)


# The ways ------------------------------------------------------------------------------------------------------------


def copy(customer: Any) -> None:
    """Make the copy as the job does."""
    from cabinet.privacy.data_copies import DataCopy
    from cabinet.privacy.making_copies import make_copy

    DataCopy.objects.filter(customer=customer).delete()
    made = DataCopy.objects.create(customer=customer, language="ru")
    make_copy(made.pk)
    made.refresh_from_db()
    if not made.is_ready:
        raise RuntimeError(f"The copy is {made.stage}.")


def dumps(customer: Any) -> Iterator[tuple[Names, list[Row]]]:
    """Yield the rows as a plain export reads them: no objects, a cursor, some hundred at once, with their columns."""
    for names, found in rows_of(customer):
        waiting = []
        for row in found.iterator(chunk_size=A_DUMP):
            waiting.append(row)
            if len(waiting) == A_DUMP:
                yield names, waiting
                waiting = []
        yield names, waiting


def as_json(names: Names, rows: list[Row]) -> str:
    """Return rows as JSON with the names of their columns."""
    return json.dumps([dict(zip(names, row, strict=True)) for row in rows], ensure_ascii=False, default=str)


def dump(customer: Any) -> None:
    """Stream the rows into one file of JSON."""
    with TemporaryFile("w") as file:
        for names, rows in dumps(customer):
            file.write(as_json(names, rows))


def as_csv(rows: list[tuple[Any, ...]]) -> str:
    """Return rows as a spreadsheet takes them."""
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue()


def as_html(rows: list[tuple[Any, ...]]) -> str:
    """Return rows as a table."""
    cells = ("".join(f"<td>{'' if value is None else escape(str(value))}</td>" for value in row) for row in rows)
    return "".join(f"<tr>{row}</tr>\n" for row in cells)


def export(customer: Any) -> None:
    """Stream the rows into the same three forms and pack these: no register, no words, no hashes, no reading back."""
    with TemporaryFile("w+") as data, TemporaryFile("w+") as table, TemporaryFile("w+") as page:
        for names, rows in dumps(customer):
            data.write(as_json(names, rows))
            table.write(as_csv(rows))
            page.write(as_html(rows))
        with TemporaryFile() as file, ZipFile(file, "w", ZIP_DEFLATED, compresslevel=1) as archive:
            for name, text in (("json", data), ("csv", table), ("html", page)):
                text.seek(0)
                with archive.open(name, "w") as member:
                    while chunk := text.read(1 << 18):
                        member.write(chunk.encode())


WAYS: dict[str, Callable[[Any], object]] = {
    "copy": copy,
    "export": export,
    "dump": dump,
    "idle": lambda _customer: None,
}


def highest() -> float:
    """Return the most memory this process ever had, in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main(count: int, way: str) -> None:
    """Measure one way and print."""
    import django

    django.setup()
    from cabinet.customers.models import Customer
    from tests.bench.many_orders import counted, customer_with

    found = Customer.objects.filter(user__email__startswith=f"rows-{count}-").select_related("user").first()
    customer = found or customer_with(count)
    counted()
    WAYS[way](customer_with(0))  # what is loaded once is not a row's
    before, begun = highest(), time.process_time()
    WAYS[way](customer)
    print(json.dumps({"seconds": time.process_time() - begun, "before": before, "after": highest()}))


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    sys.path[:0] = [str(Path(__file__).parents[2] / "site"), str(Path(__file__).parents[2])]
    main(int(sys.argv[1]), sys.argv[2])
