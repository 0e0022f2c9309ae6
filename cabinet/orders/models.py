"""An order: what the books keep of it, apart from the person behind it."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from phonenumber_field.modelfields import PhoneNumberField

from cabinet.customers.ids import new_public_id
from cabinet.orders.engine_models import Early, Guest
from cabinet.orders.phone_models import PhoneOrder, PhoneSeries
from cabinet.orders.refund_models import Refund, RefundDetails
from cabinet.orders.seeing_models import Assignment, BreakGlass

__all__ = [
    "Assignment",
    "BreakGlass",
    "Early",
    "Guest",
    "Line",
    "Order",
    "OrderPerson",
    "PhoneOrder",
    "PhoneSeries",
    "Placed",
    "Refund",
    "RefundDetails",
    "Step",
]


class Placed(models.TextChoices):
    """By which way an order came (policy 1)."""

    SITE = "site", pgettext_lazy("order", "on the site")
    PHONE = "phone", pgettext_lazy("order", "by phone")
    ENGINE = "engine", pgettext_lazy("order", "in the shop")


class Status(models.TextChoices):
    """How far an order is."""

    PLACED = "placed", pgettext_lazy("order", "placed")
    CONFIRMED = "confirmed", pgettext_lazy("order", "confirmed")
    PACKED = "packed", pgettext_lazy("order", "packed")
    SHIPPED = "shipped", pgettext_lazy("order", "on its way")
    DELIVERED = "delivered", pgettext_lazy("order", "delivered")
    RETURNED = "returned", pgettext_lazy("order", "returned")
    CANCELLED = "cancelled", pgettext_lazy("order", "cancelled")


ENDED = (Status.DELIVERED, Status.RETURNED, Status.CANCELLED)  # nothing is left to carry out


class OrderQuerySet(models.QuerySet["Order"]):
    """Orders."""

    def of(self, customer: Any) -> OrderQuerySet:
        """Return one customer's."""
        return self.filter(customer=customer)

    def of_mark(self, subject: Any) -> OrderQuerySet:
        """Return those of whom the mark stands for; an order that is nobody's has one that stands for nobody."""
        return self.filter(subject=subject, anonymised_at=None)

    def being_carried_out(self) -> OrderQuerySet:
        """Return those that have not ended."""
        return self.filter(ended_at=None)


class Order(models.Model):
    """What was bought and how far it is; says nothing of anybody once `customer` and `person` are gone."""

    wagtail_reference_index_ignore = True

    public_id = models.CharField(max_length=16, unique=True, editable=False, default=new_public_id)
    # PROTECT: nobody goes while an order still leads to them (trust.md, i3).
    customer = models.ForeignKey(
        "customers.Customer", on_delete=models.PROTECT, null=True, blank=True, related_name="orders"
    )
    # Whom the shop engine knows by a number of its own, until they say in the cabinet that it is they.
    guest = models.ForeignKey(Guest, on_delete=models.SET_NULL, null=True, blank=True, related_name="orders")
    # Whose it is in proofs and in the audit log: the customer's mark, or a guest's own.
    subject = models.UUIDField(editable=False, default=uuid.uuid4)
    source = models.CharField(_("source"), max_length=40)  # of the exchange key; "site" for what is placed here
    number = models.CharField(_("number"), max_length=40)  # as the shop calls it
    placed_by = models.CharField(_("placed"), max_length=10, choices=Placed.choices)
    placed_at = models.DateTimeField(_("placed at"))
    status = models.CharField(_("status"), max_length=12, choices=Status.choices, default=Status.PLACED)
    status_at = models.DateTimeField(_("status since"))
    delivered_at = models.DateTimeField(_("delivered at"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)  # delivered, returned or cancelled
    objections_until = models.DateTimeField(_("objections until"), null=True, blank=True)  # reckoned at delivery
    tax_until = models.DateTimeField(_("kept for tax until"))  # reckoned when placed
    currency = models.CharField(_("currency"), max_length=3, default="KZT")
    delivery_cost = models.DecimalField(_("delivery"), max_digits=14, decimal_places=2, default=0)
    discount = models.DecimalField(_("discount"), max_digits=14, decimal_places=2, default=0)  # on the whole order
    total = models.DecimalField(_("total"), max_digits=14, decimal_places=2)  # lines + delivery - discount
    # The event whose goods, sums and person stand here: the latest that happened, in whatever order they came.
    told_at = models.DateTimeField(editable=False, null=True)
    told_by = models.CharField(max_length=128, editable=False, blank=True)
    consent = models.ForeignKey(
        "consents.ConsentReceipt", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    call_reference = models.CharField(_("call reference"), max_length=60, blank=True)  # of a phone order
    taken_by = models.CharField(_("taken by"), max_length=40, blank=True)  # public id of who took it by phone
    anonymised_at = models.DateTimeField(editable=False, null=True)

    objects: ClassVar[Any] = OrderQuerySet.as_manager()

    class Meta:
        ordering = [F("placed_at").desc(), "-pk"]
        constraints = [models.UniqueConstraint(fields=["source", "number"], name="one_order_per_number")]
        indexes = [
            models.Index(fields=["customer", "-placed_at", "-id"], name="orders_of_customer"),
            models.Index(fields=["customer", "status", "-placed_at", "-id"], name="orders_of_customer_by_status"),
            models.Index(fields=["customer", "number"], name="orders_of_customer_by_number"),
            models.Index(
                fields=["customer", "-placed_at", "-id"], condition=Q(ended_at=None), name="orders_being_carried_out"
            ),
            # An index of the marks of orders that are nobody's any more would be written at random, for nobody to read.
            models.Index(fields=["subject"], condition=Q(anonymised_at=None), name="orders_of_mark"),
            models.Index(fields=["customer", "objections_until"], name="orders_by_objections"),
            models.Index(fields=["customer", "tax_until"], name="orders_by_tax"),
        ]
        default_permissions = ()
        permissions = [
            ("carry_out_order", "Can carry out orders and see the people behind those in hand"),
            ("assign_order", "Can give orders to colleagues"),
            ("take_phone_order", "Can take orders by phone"),
        ]
        verbose_name = _("order")
        verbose_name_plural = _("orders")

    def __str__(self) -> str:
        return self.number

    @property
    def has_ended(self) -> bool:
        """Say whether nothing is left to carry out."""
        return self.ended_at is not None

    @property
    def may_be_objected_to(self) -> bool:
        """Say whether written objections with reasons can be made: on its way, and until its period is over."""
        return not self.has_ended or bool(self.objections_until and self.objections_until > timezone.now())


class OrderPerson(models.Model):
    """To whom and where an order goes, as it was said when it was placed; erasing deletes this row."""

    wagtail_reference_index_ignore = True

    order = models.OneToOneField(Order, on_delete=models.CASCADE, related_name="person")
    name = models.CharField(_("name"), max_length=301, blank=True)
    phone = PhoneNumberField(_("phone"), blank=True, db_index=True)
    email = models.EmailField(_("e-mail"), blank=True, db_index=True)
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES, default="ru")
    city = models.CharField(_("city"), max_length=100, blank=True)
    street = models.CharField(_("street and house"), max_length=200, blank=True)
    apartment = models.CharField(_("apartment or office"), max_length=60, blank=True)
    postcode = models.CharField(_("postcode"), max_length=10, blank=True)
    note = models.CharField(_("note to the order"), max_length=1000, blank=True)

    class Meta:
        default_permissions = ()
        verbose_name = _("person behind an order")
        verbose_name_plural = _("people behind orders")

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def line(self) -> str:
        """Return the address in one line, as a courier would have it."""
        return ", ".join(part for part in (self.postcode, self.city, self.street, self.apartment) if part)


class Line(models.Model):
    """One thing of an order."""

    wagtail_reference_index_ignore = True

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="lines")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(_("item"), max_length=300)
    sku = models.CharField(_("article"), max_length=60, blank=True)
    product_class = models.CharField(_("class of goods"), max_length=40, blank=True)  # decides the objection period
    quantity = models.DecimalField(_("quantity"), max_digits=12, decimal_places=3)
    price = models.DecimalField(_("price"), max_digits=14, decimal_places=2)  # of one
    discount = models.DecimalField(_("discount"), max_digits=14, decimal_places=2, default=0)
    cost = models.DecimalField(_("cost"), max_digits=14, decimal_places=2)  # quantity × price - discount

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["order", "position"], name="one_line_per_position")]
        default_permissions = ()
        verbose_name = _("line of an order")
        verbose_name_plural = _("lines of orders")

    def __str__(self) -> str:
        return str(self.pk)


class Step(models.Model):
    """A status an order has reached, as it was told: added to, never edited."""

    wagtail_reference_index_ignore = True

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="steps")
    status = models.CharField(_("status"), max_length=12, choices=Status.choices)
    occurred_at = models.DateTimeField(_("happened"))
    told_at = models.DateTimeField(_("became known"), default=timezone.now)

    class Meta:
        ordering = ["occurred_at", "pk"]
        constraints = [models.UniqueConstraint(fields=["order", "status", "occurred_at"], name="one_step_at_a_time")]
        default_permissions = ()
        verbose_name = _("step of an order")
        verbose_name_plural = _("steps of orders")

    def __str__(self) -> str:
        return str(self.pk)
