"""Delivering what waits: each event by one worker at a time, repeated with growing pauses, given up in the end."""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Collection
from datetime import timedelta
from http.client import HTTPException
from typing import Any

from cryptography.fernet import InvalidToken
from django.db.models import F
from django.utils import timezone
from wagtail.log_actions import log as log_action

from cabinet.exchange import calling
from cabinet.exchange.models import Delivery, Endpoint, State
from cabinet.exchange.signing import ID, SIGNATURE, TIMESTAMP, key_of, sign

log = logging.getLogger("kelisim.exchange")

# A little over three days: a weekend on which nobody looks after the shop engine loses nothing.
PAUSES = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    *(timedelta(hours=hours) for hours in (2, 5, 10, 14, 20, 24)),
)
LEASE = timedelta(minutes=2)  # how long a worker has a delivery for itself; resolving a name may take half a minute
AT_ONCE = 10  # looked at together; who is quicker takes one, the other worker the next
GIVEN_UP_AFTER = 5  # deliveries that died in a row, each after three days
GONE = 410
ABOUT_THE_NETWORK = (OSError, HTTPException, calling.NotAllowed)


def deliver_due() -> Counter[str]:
    """Try every delivery that is due, and return how many became what.

    Two workers never send one: taking it is one UPDATE that only one of them can make, on either database. An address
    that failed is not tried again in this round, so that its other events keep their tries, and addresses that answer
    do not wait for it.

    A crash after the other side's OK and before our commit sends once more when the lease has ended, under the same id.
    """
    done: Counter[str] = Counter()
    failed: set[int] = set()
    while delivery := take_one(failed):
        outcome = deliver(delivery)
        done[outcome] += 1
        if outcome != State.DELIVERED:
            failed.add(delivery.endpoint_id)
    return done


def take_one(but_for: Collection[int]) -> Delivery | None:
    """Take the delivery that has been due for longest, for this worker alone, until its lease ends."""
    now = timezone.now()
    due = Delivery.objects.due(now).exclude(endpoint__in=but_for)
    while candidates := list(due.select_related("endpoint")[:AT_ONCE]):
        for delivery in candidates:
            mine = Delivery.objects.filter(pk=delivery.pk, state=State.WAITING, attempts=delivery.attempts)
            if mine.filter(next_attempt_at__lte=now).update(attempts=F("attempts") + 1, next_attempt_at=now + LEASE):
                delivery.attempts += 1
                return delivery
    return None


def deliver(delivery: Delivery) -> str:
    """Try one delivery and return what it became."""
    if delivery.attempts > len(PAUSES) + 1:  # workers died over it, each time
        return bury(delivery)
    try:
        status = send(delivery)
    except ABOUT_THE_NETWORK as error:
        return repeat_or_bury(delivery, last_status=None, last_error=type(error).__name__)
    except (InvalidToken, ValueError) as error:  # its key is gone: no later try will be another
        return bury(delivery, last_status=None, last_error=type(error).__name__)
    if 200 <= status < 300:
        return arrived(delivery, status)
    if status == GONE:
        pause(delivery.endpoint, "gone")
        return bury(delivery, last_status=status, last_error="")
    return repeat_or_bury(delivery, last_status=status, last_error="")


def send(delivery: Delivery) -> int:
    """Post the delivery, signed, and return the status of the answer; raise what went wrong."""
    body, now = delivery.body, int(time.time())
    signatures = [sign(key_of(secret), delivery.public_id, now, body) for secret in delivery.endpoint.live_secrets()]
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "Kelisim",
        ID: delivery.public_id,
        TIMESTAMP: str(now),
        SIGNATURE: " ".join(signatures),
    }
    return calling.post(delivery.endpoint.url, body, headers)


def arrived(delivery: Delivery, status: int) -> str:
    """Bring the delivery to its good end: what it said goes."""
    Endpoint.objects.filter(pk=delivery.endpoint_id, dead_in_a_row__gt=0).update(dead_in_a_row=0)
    return settle(delivery, State.DELIVERED, sealed="", last_status=status, last_error="")


def repeat_or_bury(delivery: Delivery, **facts: Any) -> str:
    """Have the delivery tried again after its pause, or never."""
    told = {"delivery": delivery.public_id, "try": delivery.attempts, **facts}
    log.warning("exchange.delivery_failed", extra={"data": told})
    if delivery.attempts > len(PAUSES):
        return bury(delivery, **facts)
    wait = PAUSES[delivery.attempts - 1]
    return change(delivery, State.WAITING, next_attempt_at=timezone.now() + wait, **facts)


def bury(delivery: Delivery, **facts: Any) -> str:
    """Give the delivery up, and the address with it when too many died in a row; staff may send it again."""
    outcome = settle(delivery, State.DEAD, **facts)
    Endpoint.objects.filter(pk=delivery.endpoint_id).update(dead_in_a_row=F("dead_in_a_row") + 1)
    if Endpoint.objects.filter(pk=delivery.endpoint_id, dead_in_a_row__gte=GIVEN_UP_AFTER).exists():
        pause(delivery.endpoint, "dead")
    return outcome


def pause(endpoint: Endpoint, reason: str) -> None:
    """Send nothing more to the address until somebody on staff makes it active; said in the admin."""
    if Endpoint.objects.filter(pk=endpoint.pk, active=True).update(active=False, paused_reason=reason):
        log.error("exchange.endpoint_paused", extra={"data": {"endpoint": endpoint.pk, "reason": reason}})
        log_action(instance=endpoint, action="exchange.endpoint.paused")


def settle(delivery: Delivery, state: State, **facts: Any) -> str:
    """Bring the delivery to its end."""
    return change(delivery, state, settled_at=timezone.now(), next_attempt_at=None, **facts)


def change(delivery: Delivery, state: State, **facts: Any) -> str:
    """Write down what the delivery became, unless another worker has taken it, or somebody has forgotten it, since."""
    mine = Delivery.objects.filter(pk=delivery.pk, state=State.WAITING, attempts=delivery.attempts)
    mine.update(state=state, **facts)
    return state.value


def send_again(delivery: Delivery) -> bool:
    """Let a dead delivery begin anew; say whether it was dead and still had something to say."""
    dead = Delivery.objects.dead().filter(pk=delivery.pk).exclude(sealed="")
    begin = {"attempts": 0, "next_attempt_at": timezone.now(), "settled_at": None}
    return bool(dead.update(state=State.WAITING, **begin))
