"""Secrets of the addresses that hear events: made with the address, rotated with a day in which both sign."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from cabinet.exchange.models import Endpoint
from cabinet.exchange.signing import new_secret

OVERLAP = timedelta(hours=24)  # in which each event bears a signature by the secret before, too


@transaction.atomic
def rotate(endpoint: Endpoint) -> str:
    """Give the address a new secret and return it, which nobody can see again."""
    kept = Endpoint.objects.select_for_update().get(pk=endpoint.pk)
    secret = new_secret()
    kept.sealed_before, kept.before_not_after = kept.sealed, timezone.now() + OVERLAP
    kept.secret = secret
    kept.save(update_fields=["sealed", "sealed_before", "before_not_after"])
    return secret
