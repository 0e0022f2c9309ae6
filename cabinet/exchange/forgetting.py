"""Taking away what was exchanged: after its term, and when the person goes."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.utils import timezone

from cabinet.exchange.models import Delivery, ReceivedEvent, State
from cabinet.exchange.sending import owed


def forget(subject: UUID) -> int:
    """Take away what deliveries say of the person, send none of it any more; return how many said something.

    What is owed goes on: that the person was erased, under the pseudonym alone. The rows stay to their term and say
    when an event of which type went where. Twice does no harm.
    """
    about = Delivery.objects.filter(subject=subject).exclude(type__in=owed)
    ended = {"settled_at": timezone.now(), "next_attempt_at": None}
    about.filter(state=State.WAITING).update(state=State.CANCELLED, **ended)
    return about.exclude(sealed="").update(sealed="")


def forget_old() -> tuple[int, int]:
    """Delete ids of events received, and deliveries, older than their terms; return how many of each.

    What a dead delivery says goes with it: until then staff may send it again. What waits for an address that has been
    paused so long is no news any more, but for what is owed.
    """
    now = timezone.now()
    received = ReceivedEvent.objects.filter(received_at__lte=now - settings.RECEIVED_EVENT_LIFETIME)
    ended = Delivery.objects.filter(settled_at__lte=now - settings.DELIVERY_LIFETIME)
    stale = Delivery.objects.filter(settled_at=None, created_at__lte=now - settings.DELIVERY_LIFETIME)
    gone = ended.delete()[0] + stale.exclude(type__in=owed).delete()[0]
    return received.delete()[0], gone
