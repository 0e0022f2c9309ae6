"""Requests: what somebody asks of the shop, by when it is to be answered, and what the answer was."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cabinet.privacy.erasures import new_reference


def new_number() -> str:
    """Return a number by which a person names a request: REQ-XXXX-XXXX."""
    return new_reference("REQ")


class Kind(models.TextChoices):
    """What is asked for."""

    INFORMATION = "information", pgettext_lazy("request", "What the shop holds of me, and why")
    CORRECTION = "correction", pgettext_lazy("request", "To correct my data")
    DELETION = "deletion", pgettext_lazy("request", "To delete my data")
    OBJECTION = "objection", pgettext_lazy("request", "An objection to an order")
    QUESTION = "question", pgettext_lazy("request", "A question or a proposal")


class Channel(models.TextChoices):
    """By which way it came (policy 4.3, 6.1, 6.3)."""

    CABINET = "cabinet", pgettext_lazy("request", "in the cabinet")
    EMAIL = "email", pgettext_lazy("request", "by e-mail")
    PHONE = "phone", pgettext_lazy("request", "by phone")
    LETTER = "letter", pgettext_lazy("request", "by a letter on paper")


class Outcome(models.TextChoices):
    """What came of it."""

    GRANTED = "granted", pgettext_lazy("request", "granted")
    PARTLY = "partly", pgettext_lazy("request", "granted in part")
    REFUSED = "refused", pgettext_lazy("request", "refused")
    ANSWERED = "answered", pgettext_lazy("request", "answered")


class RequestQuerySet(models.QuerySet["Request"]):
    """Requests."""

    def of(self, customer: Any) -> RequestQuerySet:
        """Return one customer's, the latest first."""
        return self.filter(customer=customer).order_by("-received_at", "-pk")

    def open(self) -> RequestQuerySet:
        """Return those that wait for their answer."""
        return self.filter(answered_at=None)


class Request(models.Model):
    """One request; it tells of nobody once its person is gone, and still proves that it was answered in time."""

    wagtail_reference_index_ignore = True

    public_id = models.CharField(max_length=16, unique=True, editable=False, default=new_number)
    # PROTECT: nobody goes while what they asked for is open (policy 6.3).
    customer = models.ForeignKey(
        "customers.Customer", on_delete=models.PROTECT, null=True, blank=True, related_name="requests"
    )
    subject = models.UUIDField(editable=False, default=uuid.uuid4)  # the customer's mark, or one of its own
    order = models.ForeignKey("orders.Order", on_delete=models.SET_NULL, null=True, blank=True, related_name="requests")
    kind = models.CharField(_("kind of request"), max_length=12, choices=Kind.choices)
    channel = models.CharField(pgettext_lazy("request", "came"), max_length=10, choices=Channel.choices)
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    received_at = models.DateTimeField(pgettext_lazy("request", "received"), default=timezone.now)
    answer_by = models.DateTimeField(_("to be answered by"))  # reckoned by the regime when it came
    answered_at = models.DateTimeField(pgettext_lazy("request", "answered"), null=True, blank=True)
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome.choices, blank=True)
    name = models.CharField(_("name"), max_length=301, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)  # where the answer goes, also when the account is gone
    text = models.TextField(pgettext_lazy("request", "request"), max_length=5000, blank=True)
    answer = models.TextField(pgettext_lazy("request", "answer"), max_length=5000, blank=True)
    form_key = models.CharField(max_length=64, unique=True)  # of the form: sent twice, it is still one request
    received_by = models.CharField(max_length=40, blank=True)  # public id of staff; empty: the person themselves
    answered_by = models.CharField(max_length=40, blank=True)
    anonymised_at = models.DateTimeField(editable=False, null=True)

    objects: ClassVar[Any] = RequestQuerySet.as_manager()

    class Meta:
        ordering = ["answer_by", "pk"]
        indexes = [
            models.Index(fields=["customer", "-received_at"], name="requests_of_customer"),
            models.Index(fields=["answered_at"], name="requests_by_answer"),
            # Open objections hold their orders, and are few among many.
            models.Index(fields=["order"], condition=Q(answered_at=None, kind="objection"), name="open_objections"),
        ]
        default_permissions = ()
        permissions = [("answer_request", "Can read and answer requests")]
        verbose_name = _("request")
        verbose_name_plural = _("requests")

    def __str__(self) -> str:
        return self.public_id

    @property
    def is_open(self) -> bool:
        """Say whether it waits for its answer."""
        return self.answered_at is None

    @property
    def is_overdue(self) -> bool:
        """Say whether it waits longer than the law lets it."""
        return self.is_open and self.answer_by < timezone.now()
