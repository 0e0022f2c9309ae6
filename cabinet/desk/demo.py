"""Requests of the demo: one that waits for its answer, and one that has it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from cabinet.customers.models import Customer
from cabinet.desk.clocks import answer_by
from cabinet.desk.models import Channel, Kind, Outcome, Request

BORIS = "boris@kelisim.example"


def load_requests() -> int:
    """Have Boris ask twice, in Russian; return how many requests that made. Twice changes nothing."""
    boris = Customer.objects.filter(user__email=BORIS, user__is_demo=True).select_related("user").first()
    if boris is None or Request.objects.of(boris).exists():
        return 0
    now = timezone.now()
    _ask(
        boris,
        "demo: waits",
        kind=Kind.QUESTION,
        received_at=now - timedelta(hours=3),
        text="Здравствуйте! Можно ли получать чеки только по почте, без бумажных?",
    )
    _ask(
        boris,
        "demo: answered",
        kind=Kind.INFORMATION,
        received_at=now - timedelta(days=40),
        answered_at=now - timedelta(days=39),
        outcome=Outcome.GRANTED,
        text="Прошу сообщить, кому магазин передавал мой адрес в этом году.",
        answer="Адрес получала служба доставки, каждый раз для одного вашего заказа. Никому другому он не передавался.",
    )
    return 2


def _ask(customer: Customer, form_key: str, **facts: Any) -> None:
    due = answer_by(facts["kind"], facts["received_at"])
    Request.objects.create(
        customer=customer,
        subject=customer.subject,
        channel=Channel.CABINET,
        language=customer.language,
        name=customer.full_name,
        email=customer.user.email,
        answer_by=due,
        form_key=form_key,
        **facts,
    )
