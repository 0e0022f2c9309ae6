"""A birth date typed as day, month and year, as GOV.UK asks for dates people know by heart."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

YOUNGEST = (
    14  # years; from then on people buy for themselves, with their parents' consent (Civil Code of the RK, art. 22)
)
OLDEST = 120  # years; one person is known to have lived longer

PARTS = (("day", _("Day"), 2), ("month", _("Month"), 2), ("year", _("Year"), 4))
TOO_YOUNG = ngettext_lazy(
    "An account is for people from %(years)d year of age.",
    "An account is for people from %(years)d years of age.",
    "years",
)


class BirthDateInput(forms.MultiWidget):
    """Three small fields; `<name>_day`, `<name>_month` and `<name>_year` are what they send."""

    template_name = "ui/date_input.html"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({part: _figures(part, title, size) for part, title, size in PARTS}, attrs)

    def decompress(self, value: Any) -> list[Any]:
        """Return day, month and year of a date."""
        found = parse_date(value) if isinstance(value, str) else value
        return [found.day, found.month, found.year] if found else ["", "", ""]

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Name each part."""
        context = super().get_context(name, value, attrs)
        for part, (_name, title, _size) in zip(context["widget"]["subwidgets"], PARTS, strict=True):
            part["title"] = title
        return context

    def id_for_label(self, id_: str) -> str:
        """Lead an error's link to the day."""
        return f"{id_}_0" if id_ else ""


def _figures(part: str, title: Any, size: int) -> forms.TextInput:
    autocomplete = f"bday-{part}"
    return forms.TextInput(
        {"inputmode": "numeric", "autocomplete": autocomplete, "size": size, "class": f"date__{part}"}
    )


class BirthDateField(forms.MultiValueField):
    """A day in the past on which somebody was born who may have an account."""

    widget = BirthDateInput

    def __init__(self, **kwargs: Any) -> None:
        # No limits here: what is wrong with a part is said of the whole date.
        parts = tuple(forms.CharField(strip=True) for _part in PARTS)
        super().__init__(parts, require_all_fields=True, **kwargs)
        self.error_messages["required"] = _("Type your birth date.")

    def clean(self, value: Any) -> date | None:
        """Return the date or nothing; raise ValidationError with one sentence for what is wrong."""
        typed = [str(part or "").strip() for part in value or []]
        if not any(typed):
            if self.required:
                raise ValidationError(self.error_messages["required"], code="required")
            return None
        if not all(typed):
            raise ValidationError(_("Type the day, the month and the year."), code="incomplete")
        born = day_of(typed)
        refuse_unlikely(born)
        return born

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Tell whether another day was typed; “07” is the same as “7”."""
        return [str(part).strip().lstrip("0") for part in data or ["", "", ""]] != [
            str(part).lstrip("0") for part in BirthDateInput().decompress(initial)
        ]


def day_of(typed: list[str]) -> date:
    """Return the day that was typed; raise ValidationError when no calendar has it."""
    try:
        if not all(part.isascii() and part.isdigit() for part in typed) or len(typed[2]) != 4:
            raise ValueError
        return date(int(typed[2]), int(typed[1]), int(typed[0]))
    except (ValueError, OverflowError):
        raise ValidationError(
            _("There is no such day. Type figures, for example 27 3 1990."), code="no_such_day"
        ) from None


def refuse_unlikely(born: date) -> None:
    """Raise ValidationError for a day that has not come, or an age nobody here can have."""
    today = timezone.localdate()
    if born > today:
        raise ValidationError(_("This day is still to come."), code="future")
    if age_on(today, born) > OLDEST:
        raise ValidationError(_("That is too long ago. Look at the year again."), code="too_old")
    if age_on(today, born) < YOUNGEST:
        raise ValidationError(TOO_YOUNG, code="too_young", params={"years": YOUNGEST})


def age_on(day: date, born: date) -> int:
    """Return how many birthdays were had by this day; who was born on 29 February has it on 1 March."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))
