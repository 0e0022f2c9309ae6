"""Categories of personal data, each declared once by the room that keeps it, in its `personal_data.py`.

The same declaration is the table in the policy, the consent text, the customer's “My data”, the copy, and the erasure.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import models
from django.utils.functional import Promise, lazy
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from cabinet.register.owning import of_account

Text = str | Promise


class Purpose(models.TextChoices):
    """What data is kept for; purposes are kept apart (policy 2.2)."""

    IDENTIFY = "identify", _("to know who the customer is")
    ORDER = "order", _("to carry out orders and write about them")
    BONUSES = "bonuses", _("to keep the bonus account")
    NEWS_ASSORTMENT = "news.assortment", _("to send news of the assortment")
    NEWS_PRICES = "news.prices", _("to send news of prices and offers")
    TRANSFER = "transfer", _("to hand data to named recipients")
    ANALYTICS = "analytics", _("to count visits")
    PROOF = "proof", _("to prove what was agreed and done")
    SECURITY = "security", _("to protect the account")


class Basis(models.TextChoices):
    """Why the law allows it (Law of the RK 94-V, art. 8 and 9)."""

    CONSENT = "consent", _("consent")
    CONTRACT = "contract", _("contract with the customer")
    LAW = "law", _("required by law")


class End(models.TextChoices):
    """How a field ends (Digital Code of the RK, art. 41)."""

    ERASE = "erase", _("erased")
    ANONYMISE = "anonymise", _("anonymised")
    RESTRICT = "restrict", _("kept restricted as long as the law demands")


@dataclass(frozen=True)
class Term:
    """How long: in words for people, with the source of the number."""

    text: Text
    source: str = ""  # a law's article, a clause of the policy, or the name of a setting


def with_days(words: Any, days: int) -> Text:
    """Return words whose `%(days)d` is filled in when they are read, in the reader's language."""
    return lazy(lambda: str(words % {"days": days}), str)()


@dataclass(frozen=True)
class Anonymise:
    """What is written into rows that stay, so that they are nobody's; `todo` finds those that still need it."""

    changes: Callable[[], Mapping[str, Any]]  # {"reason": ""}: values or expressions, asked for when it is done
    todo: models.Q = field(default_factory=models.Q)


@dataclass(frozen=True)
class Over:
    """When rows are past their term and go though their person stays, unless a hold keeps them; `Term` in deeds."""

    since: str  # lookup from a row to the moment at which its term begins: "settled_at", "refund__settled_at"
    lasts: str | timedelta = timedelta(0)  # the name of a setting, which the term's source names, too; or how long
    only: Callable[[datetime], models.Q] = lambda at: models.Q()  # which rows, at that moment

    @property
    def span(self) -> timedelta:
        """Return how long rows stay after that moment."""
        span: timedelta = getattr(settings, self.lasts) if isinstance(self.lasts, str) else self.lasts
        return span

    def rows(self, model: type[models.Model], at: datetime) -> models.QuerySet[Any]:
        """Return the rows that are past their term at a moment, held or not; one query."""
        return model._base_manager.filter(self.only(at), **{f"{self.since}__lte": at - self.span})


@dataclass(frozen=True)
class Held:
    """The fields of one model in which a category is kept, and the lookup from a row to its account."""

    model: str  # "customers.Address"
    owner: str  # lookup from the row to the account: "customer__user"; "pk" for the account itself
    fields: Mapping[str, End]
    technical: tuple[str, ...] = ()  # fields of the model that say nothing about the person
    secret: tuple[str, ...] = ()  # declared fields that are kept and named, but never shown
    aside: tuple[str, ...] = ()  # declared fields that the policy sums up: numbers, marks, times and states of a row
    labels: Mapping[str, Text] = field(default_factory=dict)  # where a field's own name tells people too little
    found_by: Callable[[Any], models.QuerySet[Any]] | None = None  # instead of `owner`, where no lookup leads there
    latest: tuple[str, ...] = ()  # by which an index finds the first of very many rows; the model's own order if empty
    anonymise: Anonymise | None = None  # for rows that stay when the person goes, and tell something by themselves
    over: tuple[Over, ...] = ()  # when rows go while the person stays; empty: with the account

    def rows(self, account: Any) -> models.QuerySet[Any]:
        """Return this account's rows."""
        if self.found_by:
            return self.found_by(account)
        model = self.of()
        found: models.QuerySet[Any] = model._default_manager.filter(of_account(model, self.owner, account))
        return found

    def label(self, name: str) -> str:
        """Return what people call a field, in the active language."""
        field: Any = self.of()._meta.get_field(name)
        return capfirst(str(self.labels.get(name) or field.verbose_name))

    def of(self) -> type[models.Model]:
        """Return the model itself."""
        return apps.get_model(self.model)


@dataclass(frozen=True)
class Category:
    """A kind of personal data with one set of purposes, one ground, one term and one way out."""

    key: str  # dotted, the room first: "customers.contact"
    title: Text
    why: Text  # to the customer, a whole sentence
    purposes: tuple[Purpose, ...]
    basis: Basis
    term: Term
    held: tuple[Held, ...]
    recipients: tuple[Text, ...] = ()
    place: str = ""  # name of the address where the customer sees and corrects it
    alone: bool = False  # the customer may delete all of it while the account stays (policy 6.2)


@dataclass
class Register:
    """All categories, and the models that hold nothing of customers although they can be reached."""

    by_key: dict[str, Category] = field(default_factory=dict)
    exempt: dict[str, str] = field(default_factory=dict)  # {"wagtailcore.Revision": the reason}

    def __iter__(self) -> Iterator[Category]:
        return iter(self.by_key.values())

    def add(self, *categories: Category) -> None:
        """Take categories; raise ValueError where a key is taken by another one."""
        for category in categories:
            if self.by_key.setdefault(category.key, category) != category:
                raise ValueError(f"The category {category.key} is declared twice.")

    def leave_out(self, reason: str, *models: str) -> None:
        """Say why these models, though they can be reached from a customer, hold no customer's data."""
        self.exempt.update(dict.fromkeys(models, reason))

    def holding(self, model: type[models.Model]) -> list[Held]:
        """Return the declarations about a model."""
        return [held for category in self for held in category.held if held.model.lower() == model._meta.label_lower]


register = Register()
