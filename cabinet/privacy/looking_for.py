"""The re-scan: is anything of the person still in a table or a file? (trust.md, i4)"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import cache, reduce
from operator import or_
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection, models
from django.db.models import Func, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast, Coalesce
from django.utils import timezone
from phonenumber_field.phonenumber import PhoneNumber

from cabinet.customers.models import Address, Customer, User
from cabinet.notices.models import Letter
from cabinet.privacy.databases import is_backup
from cabinet.privacy.traces import addresses_of, on_their_way
from cabinet.register.categories import Held, register
from cabinet.register.holds import Keeps, holds
from cabinet.register.owning import of_account, of_nobody
from cabinet.register.wording import AT, SOMEBODY, filled, once

SHORTEST = 4  # letters of a name that are looked for; shorter ones stand in too many words
TELLING = 8  # letters of an address: “Abay 1” is in many people's
FILES = "files"
CHUNK = 1 << 20  # bytes read at a time
SEALED_HERE = {"privacy.Erasure"}  # holds what is looked for, sealed, until the erasure is over

Search = tuple[str, tuple[Any, ...]]  # SQL and what stands in it


def values_of(user: User) -> list[str]:
    """Return what would tell who the person was: addresses of every kind, phone, first and last name together.

    A first name alone, a birth date or a short address are other people's, too, and prove nothing.
    """
    customer = Customer.objects.filter(user=user).first()
    found = [*sorted(addresses_of(user))]
    if customer:
        found += [str(customer.phone or ""), customer.postal_address, _name(customer)]
        found += [address.street for address in Address.objects.filter(customer=customer)]
    return [value for value in dict.fromkeys(found) if len(value) >= TELLING]


def _name(customer: Customer) -> str:
    parts = (customer.first_name, customer.last_name)
    return customer.full_name if all(len(part) >= SHORTEST for part in parts) else ""


def hits(looked_for: Iterable[str], user: User | None) -> dict[str, int]:
    """Return how many rows of each model, and how many files, still hold one of the values; nought is what proves."""
    words = sorted({word for value in looked_for if value for word in spellings(value)})
    of_people = {held.model.lower() for category in register for held in category.held} | {Letter._meta.label_lower}
    found = {}
    for model in _tables():
        texts = _of_some(model, user) if model._meta.label_lower in of_people else _of_everybody(model)
        found[model._meta.label] = _in(texts, words)
    return {**found, FILES: _in_files(words)}


def _tables() -> list[type[models.Model]]:
    every = apps.get_models(include_auto_created=True)
    return [m for m in every if m._meta.managed and not m._meta.proxy and m._meta.label not in SEALED_HERE]


def _in(texts: Search, words: list[str]) -> int:
    sql, params = texts
    if not sql or not words:
        return 0
    place, all_of_them = IN_SQL[connection.vendor]
    found = " OR ".join([f"{place}(_words, %s) > 0"] * len(words))
    search = f"SELECT count(*) FROM ({sql} {all_of_them}) found WHERE {found}"  # noqa: S608  (compiled by Django)
    with connection.cursor() as cursor:
        cursor.execute(search, [*params, *words])
        return int(cursor.fetchone()[0])


def _of_some(model: type[models.Model], user: User | None) -> Search:
    now = timezone.now()
    if user and not hasattr(user, "customer"):
        return _texts_of(_not_of_others(model, user, now))
    somebody = SOMEBODY if user else None
    sql, params = once((_of_some, model, somebody), lambda: _texts_of(_not_of_others(model, somebody, AT)))
    return sql, tuple(filled(params, now, user))


@cache
def _of_everybody(model: type[models.Model]) -> Search:
    """Return the search of a model of which nothing is left out: worded once, for there are many such."""
    return _texts_of(model._base_manager.all())


def _texts_of(rows: QuerySet[Any]) -> Search:
    """Return the SQL of a column `_words` with all texts of a row; nothing where the model has none."""
    columns = [field.name for field in rows.model._meta.local_concrete_fields if isinstance(field, TEXT)]
    if not columns:
        return "", ()
    found = rows.order_by().annotate(_words=Lines(*columns)).values("_words")
    sql, params = found.query.get_compiler(connection=connection).as_sql()
    return sql, tuple(params)


class Lines(Func):
    """All texts of a row, each in a line of its own, so that no word is found across two of them."""

    output_field = TextField()  # type: ignore[assignment]
    template, arg_joiner = "(%(expressions)s)", " || chr(10) || "

    def __init__(self, *names: str) -> None:
        super().__init__(*(Coalesce(Cast(name, TextField()), Value(""), output_field=TextField()) for name in names))

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """Return the same for SQLite, which has another name for a character."""
        return self.as_sql(compiler, connection, arg_joiner=" || char(10) || ", **context)


TEXT = (models.CharField, models.TextField, models.JSONField)
# The name of the search; and a bound that bounds nothing, without which the texts are put together for every word anew.
IN_SQL = {"sqlite": ("instr", "LIMIT -1 OFFSET 0"), "postgresql": ("strpos", "OFFSET 0")}


def spellings(value: str) -> set[str]:
    """Return a value as it may stand: in small or large letters, within JSON, a phone as people write it."""
    found = {value, value.lower(), value.upper()}
    found |= {json.dumps(each)[1:-1] for each in found}
    if value.startswith("+") and value[1:].isdigit():
        number = PhoneNumber.from_string(value)
        found |= {value[1:], str(number.as_international), str(number.as_national)}
    return found


def _not_of_others(model: type[models.Model], user: User | None, at: datetime) -> QuerySet[Any]:
    """Return the rows that may not name the person: not those of other people, nor what a hold keeps."""
    rows: QuerySet[Any] = model._base_manager.all()
    for held in register.holding(model):
        if held.found_by:
            continue
        nobodys = of_nobody(model, held.owner)
        rows = rows.filter(nobodys | of_account(model, held.owner, user) if user else nobodys)
        rows = rows.filter(~_kept(held, at))
    if model is Letter:
        rows = rows.exclude(on_their_way())
    return rows


def _kept(held: Held, at: datetime) -> Q:
    """Return the condition that a hold stands on a row, whoever's it is."""
    categories = [category for category in register if held in category.held]
    ways = [(hold, hold.way_from(held)) for category in categories for hold in holds.over(category, Keeps.WHOLE)]
    each = [Q(**{f"{way}__in": hold.rows(at).values("pk")}) for hold, way in ways if way]
    return reduce(or_, each, Q(pk__in=[]))


def _in_files(words: list[str]) -> int:
    needles = [word.encode() for word in words]
    return sum(_holds(path, needles) for path in _files()) if needles else 0


def _files() -> Iterator[Path]:
    """Yield what the site has written, but for the database, whose tables were read, and what everybody may read."""
    places = {Path(settings.DATA_DIR), Path(settings.MEDIA_ROOT)}
    apart = [Path(settings.STATIC_ROOT), Path(settings.PAGE_CACHE_DIR)]
    database = str(connection.settings_dict["NAME"])
    for place in {place for place in places if not any(place.is_relative_to(p) for p in places - {place})}:
        for path in place.rglob("*"):
            is_apart = any(path.is_relative_to(each) for each in apart) or str(path).startswith(database or "\0")
            # Backups hold who had not gone yet, until BACKUP_DAYS are over; tombstones keep them from coming back.
            if path.is_file() and not is_apart and not is_backup(path):
                yield path


def _holds(path: Path, needles: list[bytes]) -> bool:
    longest = max(map(len, needles))
    tail = b""
    try:
        with path.open("rb") as file:
            while chunk := file.read(CHUNK):
                if any(needle in tail + chunk for needle in needles):
                    return True
                tail = chunk[-longest:]
    except OSError:  # it went while we looked
        return False
    return False
