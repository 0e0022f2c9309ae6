"""What somebody would lose who deletes the account: said before, and given up when it is done."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from cabinet.bonuses.actions import balance_of, forfeit
from cabinet.bonuses.counting import counted
from cabinet.bonuses.expiry import soon
from cabinet.customers.models import Customer

__all__ = ["AtRisk", "at_risk", "forfeit"]


@dataclass(frozen=True)
class AtRisk:
    """The bonuses that go with the account."""

    balance: Decimal  # below nought while the shop engine has told more that went than that came: then nothing is lost
    expiring: Decimal  # how much of it would expire within thirty days anyway

    @property
    def sentence(self) -> str:
        """Return what is lost, in the active language; empty where nothing is."""
        if self.balance <= 0:
            return ""
        told = {"bonuses": counted(self.balance), "soon": counted(self.expiring)}
        if not self.expiring:
            return _("You lose %(bonuses)s, which cannot be restored.") % told
        if self.expiring >= self.balance:
            return _("You lose %(bonuses)s, which would expire within 30 days anyway.") % told
        return (
            _("You lose %(bonuses)s, which cannot be restored; %(soon)s of them would expire within 30 days anyway.")
            % told
        )


def at_risk(customer: Customer) -> AtRisk:
    """Return the bonuses that go with the customer's account; two queries at the most."""
    balance = balance_of(customer)
    return AtRisk(balance, soon(customer, balance) if balance > 0 else Decimal(0))
