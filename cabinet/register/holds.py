"""Reasons why something may not go yet, each declared beside the data that causes it (policy 6.3; 94-V, art. 8(2)).

A hold answers in one query for however many rows: which rows, why in plain words, by which clause and law, until when.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Count, F, Max, Min, Q, Value
from django.utils import timezone
from django.utils.translation import gettext

from cabinet.register.categories import Category, Held, Purpose, Text
from cabinet.register.owning import of_account

Rows = models.QuerySet[Any]


class Keeps(models.TextChoices):
    """What a hold does with the rows it stands on."""

    WHOLE = "whole"  # they stay as they are and where they are: an order on its way
    RESTRICTED = "restricted"  # they leave everyday use and stay under lock: papers for the tax office


@dataclass(frozen=True)
class Hold:
    """One reason to keep rows of a model, with whoever they are about."""

    key: str  # dotted, the room first: "orders.being_carried_out"
    title: Text
    why: Text  # to the customer, a whole sentence
    clause: str  # of the policy; empty where only the law speaks
    law: str  # the article, or the name of the shop's setting
    model: str  # "orders.Order"
    owner: str  # lookup from a row to the account: "customer__user"
    # Whether it stands at a moment on the row to which a prefix of lookups leads: "order__", or "" for the row itself.
    when: Callable[[datetime, str], Q]
    until: str  # field of the row that tells until when; empty where nobody can tell yet
    categories: tuple[str, ...]  # keys of the register's categories that it keeps
    keeps: Keeps = Keeps.WHOLE
    bars: tuple[Purpose, ...] = ()  # consents that cannot be withdrawn while it stands
    reference: str = "pk"  # field by which people know a row: an order's number; a text or a number, never empty
    called: Text = ""  # what such names are the names of, before them: “Orders:”

    def rows(self, at: datetime) -> Rows:
        """Return all rows that it holds at a moment, each annotated with `held_until`; None: open."""
        until = F(self.until) if self.until else Value(None, output_field=models.DateTimeField())
        found: Rows = self.on()._default_manager.filter(self.when(at, "")).annotate(held_until=until)
        return found

    def of(self, account: Any, at: datetime | None = None) -> Rows:
        """Return the rows of one account that it holds, now or at a moment; one query."""
        return self.rows(at or timezone.now()).filter(of_account(self.on(), self.owner, account))

    def on(self) -> type[models.Model]:
        """Return the model whose rows it holds."""
        return apps.get_model(self.model)

    @property
    def law_name(self) -> str:
        """Return the article in the reader's language; empty where the term is the shop's own setting."""
        return "" if self.law.isupper() else gettext(self.law)

    def way_from(self, held: Held) -> str | None:
        """Return the lookup from a row of a declaration to the row by which this holds it; None: it holds none."""
        if held.found_by or held.model.lower() == self.model.lower():
            return None if held.found_by else "pk"
        way = held.owner.removesuffix(f"__{self.owner}")
        return way if way != held.owner else None


@dataclass(frozen=True)
class Standing:
    """A hold as it stands on one account."""

    hold: Hold
    count: int
    first: datetime | None  # when the first of its rows is free; None where no row has a date
    last: datetime | None  # when the last is; None where any row has none yet

    @property
    def is_open(self) -> bool:
        """Say whether nobody can tell yet until when."""
        return self.last is None


@dataclass
class Holds:
    """All holds, in the order in which they are told."""

    by_key: dict[str, Hold] = field(default_factory=dict)

    def __iter__(self) -> Iterator[Hold]:
        return iter(self.by_key.values())

    def add(self, *found: Hold) -> None:
        """Take holds; raise ValueError where a key is taken by another one."""
        for hold in found:
            if self.by_key.setdefault(hold.key, hold) != hold:
                raise ValueError(f"The hold {hold.key} is declared twice.")

    def over(self, category: Category, keeps: Keeps) -> list[Hold]:
        """Return the holds that keep a category, whole or restricted."""
        return [hold for hold in self if hold.keeps == keeps and category.key in hold.categories]

    def barring(self, purpose: str) -> list[Hold]:
        """Return the holds while which this consent cannot be withdrawn (94-V, art. 8(2))."""
        return [hold for hold in self if purpose in hold.bars]

    def standing(self, account: Any, at: datetime | None = None) -> list[Standing]:
        """Return the holds that stand on an account, now or at a moment; one query for each hold there is."""
        moment = at or timezone.now()
        return [standing for hold in self if (standing := _standing(hold, account, moment)).count]


def _standing(hold: Hold, account: Any, at: datetime) -> Standing:
    found = hold.of(account, at).aggregate(
        count=Count("pk"), open=Count("pk", filter=Q(held_until=None)), first=Min("held_until"), last=Max("held_until")
    )
    return Standing(hold, found["count"], found["first"], None if found["open"] else found["last"])


holds = Holds()
