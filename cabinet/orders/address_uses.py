"""An address that an order on its way uses stays in that order."""

from __future__ import annotations

from django.utils.translation import gettext as _

from cabinet.customers.address_uses import tells_use
from cabinet.customers.models import Address
from cabinet.orders.models import Order

MOST = 3  # orders that are named


@tells_use
def in_open_orders(address: Address) -> list[str]:
    """Return in which open orders the address stays; one query."""
    place = {f"person__{name}": getattr(address, name) for name in ("city", "street", "apartment")}
    found = Order.objects.of(address.customer).being_carried_out().filter(**place)
    told = _("The address stays in order %(number)s until that is carried out.")
    return [told % {"number": number} for number in found.values_list("number", flat=True)[:MOST]]
