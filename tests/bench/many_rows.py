"""What a copy of one customer with many rows costs: run in a process of its own, on the database DATABASE_URL names.

`python many_rows.py ROWS WAY` prints JSON: seconds of processor time and the memory at its highest, before and after.
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
from datetime import timedelta
from html import escape
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

A_DUMP = 500  # rows that a plain export reads and writes at once
NAMES = ("public_id", "label", "city", "street", "apartment", "postcode", "note", "added_at", "removed_at")


def addresses(customer: Any, count: int) -> None:
    """Give the customer so many rows; another model may take their place, with its columns in NAMES."""
    from django.utils import timezone

    from cabinet.customers.models import Address

    now = timezone.now()
    for start in range(0, count, 5000):
        Address.objects.bulk_create(
            Address(
                customer=customer,
                label=f"Адрес {number}",
                city="Алматы" if number % 3 else "Астана",
                street=f"проспект Абая, {number % 400}",
                apartment=str(number % 90),
                postcode=f"05{number % 10000:04d}",
                note="позвонить за час" if number % 5 else "",
                added_at=now - timedelta(minutes=number),
            )
            for number in range(start, min(count, start + 5000))
        )


def rows_of(customer: Any) -> Any:
    """Return what the builder made."""
    return customer.addresses.order_by("pk").values_list(*NAMES)


def customer_with(count: int, build: Callable[[Any, int], None] = addresses) -> Any:
    """Return a new customer with so many rows."""
    from cabinet.customers.models import Customer, User

    user = User.objects.create_user(f"rows-{count}-{time.time_ns()}@customer.example")
    customer = Customer.objects.create(user=user, language="ru")
    build(customer, count)
    return customer


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


def dumps(customer: Any) -> Iterator[list[tuple[Any, ...]]]:
    """Yield the rows as a plain export reads them: no objects, a cursor, some hundred at once."""
    waiting = []
    for row in rows_of(customer).iterator(chunk_size=A_DUMP):
        waiting.append(row)
        if len(waiting) == A_DUMP:
            yield waiting
            waiting = []
    yield waiting


def as_json(rows: list[tuple[Any, ...]]) -> str:
    """Return rows as JSON with the names of their columns."""
    return json.dumps([dict(zip(NAMES, row, strict=True)) for row in rows], ensure_ascii=False, default=str)


def dump(customer: Any) -> None:
    """Stream the rows into one file of JSON."""
    with TemporaryFile("w") as file:
        for rows in dumps(customer):
            file.write(as_json(rows))


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
        for rows in dumps(customer):
            data.write(as_json(rows))
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

    found = Customer.objects.filter(user__email__startswith=f"rows-{count}-").select_related("user").first()
    customer = found or customer_with(count)
    WAYS[way](customer_with(0))  # what is loaded once is not a row's
    before, begun = highest(), time.process_time()
    WAYS[way](customer)
    print(json.dumps({"seconds": time.process_time() - begun, "before": before, "after": highest()}))


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    sys.path[:0] = [str(Path(__file__).parents[2] / "site"), str(Path(__file__).parents[2])]
    main(int(sys.argv[1]), sys.argv[2])
