"""Whether what is kept as a balance is what the movements come to."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db.models import F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from cabinet.bonuses.expiry import AMOUNT, DUST
from cabinet.bonuses.models import Movement
from cabinet.customers.models import Customer


def wrong() -> QuerySet[Any]:
    """Return the customers whose balance differs, with `kept` and `came_to`; one query."""
    sums = Movement.objects.filter(customer=OuterRef("pk")).order_by().values("customer").annotate(sum=Sum("amount"))
    came_to = Coalesce(Subquery(sums.values("sum")), Decimal(0), output_field=AMOUNT)
    kept = Coalesce(F("bonus_account__balance"), Decimal(0), output_field=AMOUNT)
    found = Customer.objects.annotate(came_to=came_to, kept=kept)
    return found.filter(Q(kept__gt=F("came_to") + DUST) | Q(kept__lt=F("came_to") - DUST)).order_by("pk")
