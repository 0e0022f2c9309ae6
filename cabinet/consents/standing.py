"""What holds now: of one person, of everybody who wants to be written to, and what must be asked again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject
from django.utils import timezone
from django.utils.translation import get_language

from cabinet.consents.ledger import ConsentReceipt, Medium
from cabinet.consents.pending import PendingWithdrawal
from cabinet.consents.purposes import ASKED, NEWS, title_of
from cabinet.customers.models import Customer
from cabinet.register.categories import Purpose
from cms_pages.models import Edition
from cms_pages.models.document import DocumentKind


@dataclass(frozen=True)
class Question:
    """A consent whose policy or consent document has changed in a way that matters, and is asked for again."""

    receipt: ConsentReceipt
    edition: dict[str, Any]  # number, title, summary, slug, language of the newest such edition

    @property
    def title(self) -> str:
        """Return what people call the consent."""
        return title_of(self.receipt.purpose, self.receipt.medium)

    @property
    def changes_url(self) -> str:
        """Return where the edition agreed to stands beside the new one."""
        old, new = self.edition["agreed"], self.edition["number"]
        name = f"{old}...{new}" if old and old < new else str(new)
        return f"/{self.edition['language']}/{self.edition['slug']}/editions/{name}/"

    @property
    def points(self) -> list[str]:
        """Return what changed, a sentence each."""
        return [line.strip() for line in self.edition["summary"].splitlines() if line.strip()]


def answers(subject: UUID, language: str | None = None) -> list[ConsentReceipt]:
    """Return the person's latest answers, in one query.

    `newer` is the edition that asks again, None where none does; `waits` says that its withdrawal has to wait.
    """
    code = language or get_language()
    found = ConsentReceipt.objects.of(subject).standing().exclude(purpose__in=_unasked())
    policy = _material(DocumentKind.POLICY, code, "text__policy")
    document = _material(DocumentKind.CONSENT, code, "text__document")
    waits = PendingWithdrawal.objects.filter(
        customer__subject=OuterRef("subject"), purpose=OuterRef("purpose"), medium=OuterRef("medium")
    )
    receipts: list[Any] = list(found.annotate(newer_policy=policy, newer_document=document, waits=Exists(waits)))
    for receipt in receipts:
        receipt.newer = (receipt.newer_policy or receipt.newer_document) if receipt.given else None
    return receipts


def open_questions(customer: Customer, language: str | None = None) -> list[Question]:
    """Return the consents that wait for an answer to a material edition, in one query."""
    return [Question(each, each.newer) for each in answers(customer.subject, language) if each.newer]  # type: ignore[attr-defined]


def _unasked() -> list[str]:
    return [purpose for purpose in Purpose.values if purpose not in ASKED]


def _material(kind: str, language: str | None, agreed: str) -> Subquery:
    """Return the newest material edition that came into force after the one agreed to, by the level of its text."""
    found = Edition.objects.filter(
        page__kind=kind, language=language, page__live=True, material=True, level__gt=OuterRef(f"{agreed}__level")
    )
    # Until a newer one's date has come, an edition with a later date is not in force; one that was overtaken is.
    begun = Edition.objects.filter(
        page=OuterRef("page"), number__gte=OuterRef("number"), in_force_from__lte=timezone.now()
    )
    agreed_in = Edition.objects.filter(page=OuterRef("page"), level__lte=OuterRef(OuterRef(f"{agreed}__level")))
    told = JSONObject(
        number="number",
        title="title",
        summary="summary",
        slug="page__slug",
        language="language",
        agreed=Subquery(agreed_in.order_by("-number").values("number")[:1]),
    )
    return Subquery(found.filter(Exists(begun)).order_by("-number").values(found=told)[:1])


def wanting(topic: str, medium: str) -> QuerySet[ConsentReceipt]:
    """Return the consents of everybody who wants this topic by this medium, in the order of their marks.

    Page through it by `subject__gt`: the index holds what was given, in that order.
    """
    found: QuerySet[ConsentReceipt] = ConsentReceipt.objects.in_force().filter(purpose=topic, medium=medium)
    return found.order_by("subject")


def addressees(topic: str, medium: str) -> QuerySet[Customer]:
    """Return the customers who want this topic by this medium, in the order of their marks; one query."""
    wants = ConsentReceipt.objects.in_force().filter(purpose=topic, medium=medium, subject=OuterRef("subject"))
    return Customer.objects.filter(Exists(wants), user__is_active=True).order_by("subject")


def wanted(account_pk: Any, topic: str, medium: str = Medium.EMAIL) -> bool:
    """Say whether this account wants letters on a topic now; no for anything that is not news (s23)."""
    if topic not in NEWS:
        return False
    subject = Customer.objects.filter(user=account_pk, user__is_active=True).values("subject")
    found = ConsentReceipt.objects.in_force().filter(Q(subject__in=subject), purpose=topic, medium=medium)
    return bool(found.exists())
