"""The words that order staff read out on the phone: the real consent, composed of what holds now."""

from __future__ import annotations

from dataclasses import replace

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cabinet.consents.composing import Composed, Composer
from cabinet.consents.purposes import ASKED, Asked
from cabinet.customers.models import Customer
from cabinet.register.categories import Purpose

ORDER = Purpose.ORDER

# Who orders by phone may have no account, and gets none by it.
SPOKEN: Asked = replace(
    ASKED[ORDER],
    title=pgettext_lazy("consent", "Order by phone"),
    sentences={
        "": _("I agree that the shop keeps my data to carry out the order I give by phone and to write to me about it.")
    },
    ending=_("An order that nobody has begun to carry out is cancelled with it; any other is carried out first."),
    covers=(),
    uses=("orders.orders", "orders.people", "orders.refunds"),
    at_sign_up=(),
    is_of_account=False,
    who=_("The person who says their full name on the phone and for whom the order is written down."),
)


def script(language: str, customer: Customer | None) -> Composed:
    """Return the words for this caller; raise NotReady while the shop has not said what a consent must state.

    A customer hears the consent of the account, for that is what the order falls under.
    """
    return Composer(language).compose(ASKED[ORDER] if customer else SPOKEN, "")
