"""What people and staff type about a request."""

from __future__ import annotations

import secrets
from datetime import datetime, time
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cabinet.customers.email_field import EmailField
from cabinet.customers.plain_text import PlainTextField
from cabinet.desk.models import Channel, Kind, Outcome
from cabinet.orders.addresses import PARTING
from cabinet.orders.models import Order

FEW = 10  # characters: “please call” is no reason, and a slip of the finger no request
MOST = 5000
NO_ORDER = _("No order has this number.")
SEVERAL = _("Several orders have this number. Write the shop behind it, as in 24118~shop.")
FUTURE = _("This day has not come yet.")
WANTS_ORDER = _("An objection is to an order: type its number.")
NOWHERE = _("The answer goes to this address: type it.")


class WordsForm(forms.Form):
    """What somebody writes to the shop."""

    form_key = forms.SlugField(max_length=40, min_length=16, widget=forms.HiddenInput)
    text = PlainTextField(
        label=_("What you ask for"),
        min_length=FEW,
        max_length=MOST,
        note=True,
        widget=forms.Textarea({"rows": 8}),
        help_text=_("Write no numbers of documents or cards: the shop knows you by your account."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["form_key"].initial = secrets.token_urlsafe(16)


GENERAL = [each for each in Kind if each is not Kind.OBJECTION]  # what is about no order


class RequestForm(WordsForm):
    """A request that is about no order."""

    kind = forms.ChoiceField(label=_("What it is about"), choices=[(each.value, each.label) for each in GENERAL])
    field_order = ["form_key", "kind", "text"]


class ObjectionForm(WordsForm):
    """An objection to an order, written and with reasons (policy 6.3)."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].label = _("What is wrong with the order, and what you want")


class RecordForm(forms.Form):
    """A request that came to the shop by another way, as staff write it down."""

    order: Order | None = None  # found by its number
    form_key = forms.SlugField(max_length=40, min_length=16, widget=forms.HiddenInput)
    channel = forms.ChoiceField(
        label=_("How it came"), choices=[each for each in Channel.choices if each[0] != Channel.CABINET]
    )
    received_on = forms.DateField(
        label=_("When it came"),
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        help_text=_("The clock of the law begins with this day, not with the day on which you write it down."),
    )
    kind = forms.ChoiceField(label=_("What it is about"), choices=Kind.choices)
    number = PlainTextField(label=_("Number of the order"), max_length=100, required=False)
    name = PlainTextField(label=_("Name"), max_length=301)
    email = EmailField(
        label=_("E-mail"), required=False, help_text=_("Without it nothing is sent: you answer by the way it came.")
    )
    language = forms.ChoiceField(label=_("Language of the answer"), choices=())
    text = PlainTextField(
        label=_("What is asked for"), min_length=FEW, max_length=MOST, note=True, widget=forms.Textarea({"rows": 6})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["form_key"].initial = secrets.token_urlsafe(16)
        self.fields["received_on"].initial = timezone.localdate
        self.fields["language"].choices = list(settings.LANGUAGE_NAMES.items())  # type: ignore[attr-defined]
        for name in ("name", "email", "number"):  # what a browser has learnt of one person is no business of the next
            self.fields[name].widget.attrs["autocomplete"] = "off"

    def clean_received_on(self) -> Any:
        """Refuse a day that has not come."""
        if self.cleaned_data["received_on"] > timezone.localdate():
            raise ValidationError(FUTURE)
        return self.cleaned_data["received_on"]

    def clean_number(self) -> str:
        """Find the order; behind “~” stands the shop where two have the same number."""
        typed = self.cleaned_data["number"].lstrip("№# ")
        if typed:
            number, _parting, source = typed.partition(PARTING)
            found = Order.objects.filter(number=number, anonymised_at=None, **({"source": source} if source else {}))
            several = list(found[:2])
            if len(several) != 1:
                raise ValidationError(SEVERAL if several else NO_ORDER)
            self.order = several[0]
        return str(typed)

    def clean(self) -> dict[str, Any]:
        """Demand the order of an objection, and the address to which an answer to e-mail goes."""
        given: dict[str, Any] = super().clean() or {}
        if given.get("kind") == Kind.OBJECTION and not given.get("number") and "number" not in self.errors:
            self.add_error("number", WANTS_ORDER)
        if given.get("channel") == Channel.EMAIL and not given.get("email") and "email" not in self.errors:
            self.add_error("email", NOWHERE)
        return given

    @property
    def received_at(self) -> datetime:
        """Return the moment from which the clock runs: now, or the noon of an earlier day by the shop's clock."""
        day = self.cleaned_data["received_on"]
        if day == timezone.localdate():
            return timezone.now()
        return timezone.make_aware(datetime.combine(day, time(12)), timezone.get_default_timezone())


class AnswerForm(forms.Form):
    """The answer, as it is sent."""

    outcome = forms.ChoiceField(label=_("Outcome"), choices=[("", "—"), *Outcome.choices])  # none is a slip away
    text = PlainTextField(
        label=_("Answer"),
        min_length=FEW,
        max_length=MOST,
        note=True,
        widget=forms.Textarea({"rows": 8}),
        help_text=_("It is sent as it stands here, in the person’s language; a refusal names its reason and the law."),
    )
