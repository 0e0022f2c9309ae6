"""Enforcing the terms of the register, category by category; each hour by itself, beside the requests."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from cabinet.jobs import job
from cabinet.notices.upkeep import hourly
from cabinet.privacy.overdue import rules_of
from cabinet.privacy.terms import Counts, Rule, own_rules
from cabinet.register.categories import Category, register

log = logging.getLogger("kelisim.retention")

LONG = timedelta(hours=2)  # for a million rows; a worker that is killed loses no more


@dataclass(frozen=True)
class Went:
    """What went, or would, of one model in a category."""

    category: str
    model: str
    counts: Counts


def rules(category: Category) -> list[Rule]:
    """Return what there is to enforce of a category; nothing where all of it goes with the account."""
    return [*rules_of(category), *(rule for rule in own_rules if rule.category == category.key)]


def would(categories: Iterable[Category] = register) -> Iterator[Went]:
    """Yield what would go now; as many queries however many rows there are."""
    at = timezone.now()
    for category in categories:
        for rule in rules(category):
            yield Went(category.key, rule.model, rule.would(at))


def enforce(categories: Iterable[Category] = register) -> Iterator[Went]:
    """Have go what is past its term, and yield what went; cut off anywhere, the next run does the rest."""
    at = timezone.now()
    for category in categories:
        for rule in rules(category):
            yield Went(category.key, rule.model, rule.go(at))


def enforce_one(key: str) -> int:
    """Enforce the terms of one category, and return how many rows went."""
    return sum(went.counts.total() for went in enforce([register.by_key[key]]))


@job(lease=LONG)
def enforce_terms() -> None:
    """Enforce all; what fails is told to the log and does not keep the other categories from being enforced."""
    for category in register:
        try:
            enforce_one(category.key)
        except Exception:
            log.exception("retention.failed", extra={"data": {"category": category.key}})


@hourly
def begin() -> None:
    """Put it into the hands of a worker, unless it waits there already: dead days make no pile."""
    if not enforce_terms.is_waiting():
        enforce_terms.later()
