"""What the page of an order tells of objections."""

from __future__ import annotations

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from cabinet.desk.models import Kind, Request
from cabinet.orders.models import Order
from cabinet.orders.showing import Told, tells


@tells
def objection_to(order: Order) -> Told | None:
    """Return how the latest objection to the order stands; None where nobody objected."""
    found = Request.objects.of(order.customer_id).filter(order=order, kind=Kind.OBJECTION).first()
    return Told(_told(found), reverse("data_request", args=[found.public_id])) if found else None


def _told(request: Request) -> str:
    day = date_format(timezone.localtime(request.answered_at or request.answer_by), "DATE_FORMAT")
    if request.answered_at:
        return _("Your objection was answered on %(day)s.") % {"day": day}
    return _("Your objection is answered by %(day)s; until then what the order says of you stays.") % {"day": day}
