"""Somebody with everything that can be kept of a person, and orders in whatever state a test wants."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.utils import timezone

from cabinet.audit.recording import record
from cabinet.bonuses.models import Account, Movement
from cabinet.customers.models import Address, EmailChange
from cabinet.notices.posting import post
from cabinet.orders.models import Line, Order, OrderPerson, Refund, RefundDetails, Step

YEARS = timedelta(days=5 * 366)
NAME, SURNAME, PHONE = "Қанарейка", "Сынақова", "+77015550142"
STREET, POST = "Қанарейка көшесі, 17", "050000, Алматы, а/я 4242"
CANARIES = (NAME, SURNAME, PHONE, STREET, POST)


def order(customer: Any, number: str, *, ended: int | None = 30, objections: int = -10, tax: int = 1800) -> Order:
    """Make an order that ended so many days ago (None: it is carried out), held for so many days more."""
    now = timezone.now()
    placed = now - timedelta(days=(ended or 0) + 5)
    made: Order = Order.objects.create(
        customer=customer,
        subject=customer.subject,
        source="site",
        number=number,
        placed_by="site",
        placed_at=placed,
        status="placed" if ended is None else "delivered",
        status_at=placed,
        ended_at=None if ended is None else now - timedelta(days=ended),
        objections_until=None if ended is None else now + timedelta(days=objections),
        tax_until=now.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=tax),
        total=Decimal(100),
        call_reference="call 7",
    )
    person = {"name": f"{NAME} {SURNAME}", "phone": PHONE, "email": customer.user.email, "street": STREET}
    OrderPerson.objects.create(order=made, city="Алматы", note="Қанарейканы күтіңіз", **person)
    Line.objects.create(order=made, position=1, name="Икра", quantity=1, price=100, cost=100)
    Step.objects.create(order=made, status="placed", occurred_at=placed)
    return made


def refund(of: Order, state: str = "paid") -> Refund:
    """Make a refund of an order, with sealed bank details."""
    made: Refund = Refund.objects.create(order=of, amount=10, reason=f"{NAME} rang", state=state)
    RefundDetails.objects.create(refund=made, sealed="sealed")
    return made


def fill(user: Any) -> None:
    """Have every room keep something of this account."""
    customer = user.customer
    for name, value in {"first_name": NAME, "last_name": SURNAME, "phone": PHONE, "postal_address": POST}.items():
        setattr(customer, name, value)
    customer.birth_date = date(1990, 5, 17)
    customer.save()
    Address.objects.create(customer=customer, city="Алматы", street=STREET)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    EmailChange.objects.create(
        user=user, old_email=f"old-{user.email}", new_email=user.email, token_sha256=f"{user.pk:064}"
    )
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": "x"})
    Account.objects.create(customer=customer, balance=250)
    Movement.objects.create(
        customer=customer, kind="accrued", amount=250, occurred_at=timezone.now(), source="shop", event_id=user.email
    )
    post("account/email/password_changed", to=user.email, language="ru", account=user)
    post("account/email/password_changed", to=user.email, language="ru")
    record("customers.profile.changed", subject=customer.subject, actor=user.public_id, fields=["first_name"])
