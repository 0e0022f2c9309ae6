"""What is kept of a customer's bonuses."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from cabinet.register.categories import Basis, Category, End, Held, Purpose, Term, register

register.add(
    Category(
        key="bonuses.account",
        title=_("Bonuses"),
        why=_("So that bonuses are credited to you, and you see what they came from and until when they hold."),
        purposes=(Purpose.BONUSES,),
        basis=Basis.CONSENT,
        term=Term(_("while you are registered"), source="policy 3.1"),
        place="bonuses",
        held=(
            Held(
                "bonuses.Account",
                owner="customer__user",
                fields=dict.fromkeys(("balance", "changed_at"), End.ERASE),
                aside=("changed_at",),
            ),
            Held(
                "bonuses.Movement",
                owner="customer__user",
                fields=dict.fromkeys(
                    ("kind", "amount", "reason", "order_number", "occurred_at", "expires_at", "public_id"), End.ERASE
                ),
                technical=("source", "event_id"),
                aside=("kind", "occurred_at", "expires_at", "public_id"),
                labels={"public_id": _("Number of the movement")},
            ),
        ),
    ),
)
