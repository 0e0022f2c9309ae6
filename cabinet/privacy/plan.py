"""The plan of an erasure: what goes, stays, or goes under lock. The preview shows it, the deletion executes it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from functools import cached_property, reduce
from operator import or_
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Sum
from django.utils import timezone

from cabinet.bonuses.models import Account
from cabinet.register.batches import among
from cabinet.register.categories import Category, End, Held, register
from cabinet.register.holds import Hold, Keeps, Standing, holds
from cabinet.register.owning import still_of
from cabinet.register.wording import AT, SOMEBODY, Asked, put, worded

# The person's own rows. While something of theirs is held they stay, emptied, for it to hang on.
CORE = ("customers.Customer", "customers.User")
OWN_TRACES = ("privacy.Erasure",)  # what proves the erasure is not erased by it
LAST = 99  # what is found by a function hangs on nothing and goes first
EXAMPLES = 5
COUNTED = 1_000  # people are told “more than”, so that a preview takes no longer for who ordered for years


@dataclass(frozen=True)
class Part:
    """One declaration of the register, for one account at one moment."""

    category: Category
    held: Held
    account: Any
    at: datetime

    @property
    def key(self) -> str:
        """Return its name in a receipt."""
        return f"{self.category.key} {self.held.model}"

    @property
    def is_core(self) -> bool:
        """Say whether it speaks of the person's own rows."""
        return self.held.model in CORE

    @property
    def deed(self) -> str:
        """Return what becomes of rows that are free: erased, restricted or anonymised."""
        ends = set(self.held.fields.values())
        return "restricted" if End.RESTRICT in ends else "anonymised" if End.ANONYMISE in ends else "erased"

    @property
    def depth(self) -> int:
        """Return by how many steps its rows hang on the account; the deepest go first."""
        return LAST if self.held.found_by else 0 if self.is_core else self.held.owner.count("__") + 1

    @property
    def rows(self) -> QuerySet[Any]:
        """Return the account's rows."""
        return self.held.rows(self.account)

    def held_by(self, hold: Hold) -> QuerySet[Any]:
        """Return the rows that a hold stands on."""
        return hold.of(self.account, self.at)

    @cached_property
    def _kept(self) -> Q | None:
        ways: dict[str, list[QuerySet[Any]]] = {}
        for hold in holds.over(self.category, Keeps.WHOLE):
            if way := hold.way_from(self.held):
                ways.setdefault(way, []).append(self.held_by(hold).order_by().values("pk"))
        # One set of keys, from which a database can begin; several, said with OR, it would hold against every row.
        each = [
            Q(**{f"{way}__in": first.union(*others) if others else first}) for way, (first, *others) in ways.items()
        ]
        return reduce(or_, each) if each else None

    def kept(self) -> QuerySet[Any]:
        """Return the rows that stay as they are because a hold stands on them."""
        # The holds' rows are the account's already; to say so twice would have the database go through all of them.
        return self.held.of()._base_manager.filter(self._kept) if self._kept else self.rows.none()

    def free(self) -> QuerySet[Any]:
        """Return the rows that may go."""
        return self.rows.filter(~self._kept) if self._kept else self.rows

    def to_change(self) -> QuerySet[Any]:
        """Return the rows that may be made nobody's and are not yet."""
        return self.free().filter(self.held.anonymise.todo) if self.held.anonymise else self.rows.none()

    def asked(self, rows: Callable[[Part], QuerySet[Any]]) -> Asked:
        """Return the question for some of its rows, such as `Part.free`: an erasure asks it many times."""
        if self.held.found_by or not hasattr(self.account, "customer"):
            return Asked(put(rows(self).order_by()), self.at, self.account)
        anybodys = Part(self.category, self.held, SOMEBODY, AT)
        name = (rows, self.category.key, self.held.model, self.held.owner, self.held.anonymise)
        return Asked(worded(name, lambda: rows(anybodys).order_by()), self.at, self.account)

    def free_among(self, pks: Sequence[Any]) -> QuerySet[Any]:
        """Return those of some rows that may go: each is asked by itself, so that it costs as much as they are."""
        model = self.held.of()
        ways = [(hold, hold.way_from(self.held)) for hold in holds.over(self.category, Keeps.WHOLE)]
        # Whose the held row is, the row itself says; to ask twice leads databases into all that the account has.
        kept = [hold.when(self.at, "" if way == "pk" else f"{way}__") for hold, way in ways if way]
        return model._base_manager.filter(self._still(), *(~each for each in kept), among(model, pks))

    def _still(self) -> Q:
        if self.held.found_by:
            return Q(Exists(self.rows.order_by().filter(pk=OuterRef("pk"))))
        return still_of(self.held.of(), self.held.owner, self.account)

    def locks(self) -> list[tuple[Hold, str]]:
        """Return the holds that put what goes under lock, each with the lookup to the row it stands on."""
        found = [(hold, hold.way_from(self.held)) for hold in holds.over(self.category, Keeps.RESTRICTED)]
        return [(hold, way) for hold, way in found if way and self.deed == "restricted"]

    def locked(self) -> QuerySet[Any]:
        """Return the rows of which something goes under lock."""
        # EXISTS, which stops where counting stops.
        return self.locked_among(self.free())

    def locked_among(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Return those of some free rows of which something goes under lock."""
        under = [Exists(self.held_by(hold).filter(pk=OuterRef(way))) for hold, way in self.locks()]
        return rows.filter(reduce(or_, under), self.tells()) if under else rows.none()

    def tells(self) -> Q:
        """Return the condition that something stands in a field that goes under lock."""
        return reduce(or_, [~Q(**{name: ""}) for name, end in self.held.fields.items() if end == End.RESTRICT])


@dataclass(frozen=True)
class Share:
    """How many rows of a part go, stay, and leave something under lock."""

    part: Part
    goes: int
    stays: int
    locked: int

    @property
    def figures(self) -> dict[str, int]:
        """Return the counts as a receipt names them, without noughts."""
        known = {self.part.deed: self.goes - self.locked, "kept": self.stays}
        if self.part.deed == "restricted":
            known = {"erased": self.goes - self.locked, "restricted": self.locked, "kept": self.stays}
        return {name: count for name, count in known.items() if count}


@dataclass(frozen=True)
class Stay:
    """A hold that stands on the account, with some of the rows by the names people know."""

    standing: Standing
    examples: list[tuple[str, datetime | None]]

    @property
    def hold(self) -> Hold:
        """Return the hold."""
        return self.standing.hold

    @property
    def more(self) -> int:
        """Return how many rows are not among the examples."""
        return self.standing.count - len(self.examples)


@dataclass(frozen=True)
class Line:
    """A category of the plan as people read it."""

    category: Category
    shares: list[Share]

    @property
    def goes(self) -> int:
        """Return how many rows of its own model go."""
        return self.shares[0].goes

    @property
    def stays(self) -> int:
        """Return how many stay."""
        return self.shares[0].stays

    @property
    def locked(self) -> int:
        """Return of how many something goes under lock."""
        return self.shares[0].locked

    @property
    def is_many(self) -> bool:
        """Say whether there are more than were counted."""
        return self.goes > COUNTED

    @property
    def is_anonymised(self) -> bool:
        """Say whether rows stay that lead to nobody."""
        return self.shares[0].part.deed == "anonymised"


@dataclass(frozen=True)
class Plan:
    """What an erasure of the whole account would do at a moment."""

    account: Any
    at: datetime
    parts: list[Part]
    shares: list[Share] = field(default_factory=list)
    stays: list[Stay] = field(default_factory=list)
    bonuses: Decimal = Decimal(0)

    @property
    def kept(self) -> list[Stay]:
        """Return what stays as it is."""
        return [stay for stay in self.stays if stay.hold.keeps == Keeps.WHOLE]

    @property
    def waits(self) -> bool:
        """Say whether something stays whole, so that the erasure has to wait for it."""
        return bool(self.kept)

    @property
    def until(self) -> datetime | None:
        """Return when the last of it is free; None where nobody can tell yet, or nothing stays."""
        last = [stay.standing.last for stay in self.kept]
        return max(last) if last and None not in last else None  # type: ignore[type-var]

    @property
    def lines(self) -> list[Line]:
        """Return it by category, those of which something is there."""
        found = [Line(category, self._of(category)) for category in register]
        return [line for line in found if any(share.goes or share.stays for share in line.shares)]

    def _of(self, category: Category) -> list[Share]:
        """Return the shares of a category in the order of its declaration: what it is named for comes first."""
        order = [held.model for held in category.held]
        shares = [share for share in self.shares if share.part.category is category]
        return sorted(shares, key=lambda share: order.index(share.part.held.model))

    @property
    def goes(self) -> list[Line]:
        """Return the categories of which something goes."""
        return [line for line in self.lines if any(share.goes for share in line.shares)]

    @property
    def figures(self) -> dict[str, dict[str, int]]:
        """Return the counts, as the receipt of the erasure will have them."""
        return {share.part.key: share.figures for share in self.shares if share.figures}


def parts_of(account: Any, at: datetime) -> list[Part]:
    """Return the register's declarations for an account, in the order in which an erasure goes through them."""
    every = [Part(category, held, account, at) for category in register for held in category.held if held.fields]
    return sorted((part for part in every if part.held.model not in OWN_TRACES), key=lambda part: -part.depth)


def plan_for(account: Any, at: datetime | None = None, *, most: int | None = None) -> Plan:
    """Return what erasing the account would do, now or at a moment; as many queries however many rows there are.

    `most` bounds how far rows are counted: one more than that means more.
    """
    moment = at or timezone.now()
    parts = parts_of(account, moment)
    stays = _stays(account, moment)
    balance = Account.objects.filter(customer__user=account.pk).aggregate(sum=Sum("balance"))["sum"]
    return Plan(account, moment, parts, [share_of(part, most) for part in parts], stays, balance or Decimal(0))


def what_stays(account: Any) -> Plan:
    """Return only what stays of an account now, and until when: of an erasure that waits nobody asks how much goes."""
    now = timezone.now()
    return Plan(account, now, [], stays=_stays(account, now))


def _stays(account: Any, at: datetime) -> list[Stay]:
    return [Stay(standing, _examples(standing.hold, account, at)) for standing in holds.standing(account, at)]


def share_of(part: Part, most: int | None = None) -> Share:
    """Count a part; where counts are bounded, of what people read no count only whether anything is there."""
    if most and part.held is not next(held for held in part.category.held if held.fields):
        most = 0
    return Share(part, _count(part.free(), most), _count(part.kept(), most), _count(part.locked(), most))


def _count(rows: QuerySet[Any], most: int | None) -> int:
    if rows.query.is_empty():
        return 0
    return (rows.order_by().values("pk")[: most + 1] if most is not None else rows.order_by()).count()


def _examples(hold: Hold, account: Any, at: datetime) -> list[tuple[str, datetime | None]]:
    # What is free the soonest: by the day an index finds the first of very many, by the key it would read them all.
    found = hold.of(account, at).order_by("held_until", "pk").values_list(hold.reference, "held_until")
    return [(str(reference), until) for reference, until in found[:EXAMPLES]]
