"""Whoever ordered without an account: when nothing holds an order any longer, the person goes in the same way."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from cabinet.notices.upkeep import hourly
from cabinet.orders.erasing import mark_guest_erased
from cabinet.orders.models import Guest
from cabinet.privacy.erasing import delete_rows, some_of
from cabinet.privacy.locking_away import put_under_lock
from cabinet.privacy.plan import Part
from cabinet.register.categories import register
from cabinet.register.holds import Hold, Keeps, holds

AT_ONCE = 500  # guests of one hour, each a statement or two


class GuestsPart(Part):
    """One declaration of the register, for all rows that are nobody's account."""

    @property
    def rows(self) -> QuerySet[Any]:
        """Return the rows of guests."""
        found: QuerySet[Any] = self.held.of()._base_manager.filter(**{f"{self.held.owner}__isnull": True})
        return found

    def held_by(self, hold: Hold) -> QuerySet[Any]:
        """Return the rows of guests that a hold stands on."""
        return hold.rows(self.at).filter(**{f"{hold.owner}__isnull": True})


def guests_parts(at: datetime) -> list[GuestsPart]:
    """Return what is kept of guests: the declarations that a hold can stand on, the deepest first."""
    found = [
        GuestsPart(category, held, None, at)
        for category in register
        for held in category.held
        if held.fields and any(hold.way_from(held) for hold in holds.over(category, Keeps.WHOLE))
    ]
    return sorted(found, key=lambda part: -part.depth)


@hourly
def let_guests_go() -> int:
    """Erase, put under lock or anonymise what no hold keeps of guests; return how many rows. Twice does no harm."""
    count = sum(_let_go(part) for part in guests_parts(timezone.now()))
    for guest in Guest.objects.filter(orders=None)[:AT_ONCE]:
        mark_guest_erased(guest)
    return count


def _let_go(part: GuestsPart) -> int:
    count, is_last = 0, False
    while not is_last:
        with transaction.atomic():
            if part.deed != "anonymised":
                rows, is_last = some_of(part.free())
                if part.deed == "restricted":
                    put_under_lock("", part, rows)
                count += delete_rows(rows)
            elif part.held.anonymise:
                rows, is_last = some_of(part.free().filter(part.held.anonymise.todo))
                count += rows.order_by().update(**part.held.anonymise.changes())
            else:
                is_last = True
    return count
