"""Taking away what has expired, where the shop engine leaves that to us."""

from __future__ import annotations

import logging

from django.conf import settings

from cabinet.bonuses.actions import expire_due
from cabinet.bonuses.expiry import with_overdue
from cabinet.notices.upkeep import hourly

log = logging.getLogger("kelisim.bonuses")

AT_ONCE = 1000  # accounts in one round; the next hour goes on


@hourly
def expire() -> int:
    """Take away what has expired of every account, and return of how many; nothing unless BONUSES_EXPIRE_HERE."""
    if not settings.BONUSES_EXPIRE_HERE:
        return 0
    accounts = with_overdue().select_related("customer").order_by("pk")[:AT_ONCE]
    done = sum(expire_due(customer=account.customer) is not None for account in accounts)
    if done:
        log.info("bonuses.expired", extra={"data": {"accounts": done}})
    return done
