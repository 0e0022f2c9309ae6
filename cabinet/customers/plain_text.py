"""What people may type into a line or a note: plain text, the same on every database (trust.md, f13)."""

from __future__ import annotations

import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

# Living scripts put three at the most on a letter (Vietnamese, pointed Hebrew); a keycap emoji has two.
MARKS_IN_A_ROW = 4
JOINERS = {"\u200c", "\u200d"}  # hold families of emoji together; in a name nobody sees them
EMOJI_TAGS = range(0xE0020, 0xE0080)  # spell the flags of England, Scotland and Wales
REPLACEMENT = "\ufffd"  # what a decoder leaves where bytes made no sense

INVISIBLE = _(
    "There are signs in it that cannot be seen or that turn the direction of writing. "
    "Please type it by hand instead of pasting it."
)
STACKED = _("Too many marks stand on one letter. Please type it without them.")
TOO_SHORT = _("At least %(limit_value)d characters are needed; these are %(show_value)d.")
TOO_LONG = _("At most %(limit_value)d characters fit here; these are %(show_value)d.")


class PlainTextField(forms.CharField):
    """A line of people's text: NFC, spaces tidied, nothing invisible; a `note` may have lines and emoji of parts."""

    def __init__(self, *args: Any, note: bool = False, **kwargs: Any) -> None:
        own = {"min_length": TOO_SHORT, "max_length": TOO_LONG}
        kwargs["error_messages"] = {**own, **(kwargs.get("error_messages") or {})}
        super().__init__(*args, **kwargs)
        self.note = note

    def to_python(self, value: Any) -> str:
        """Return the text as it is kept; raise ValidationError where it holds what nobody can see."""
        text = unicodedata.normalize("NFC", str(value or "")).replace("\r\n", "\n")
        refuse_invisible(text, note=self.note)
        refuse_stacked_marks(text)
        return tidy_spaces(text, note=self.note)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """Leave out maxlength: a browser would cut what is pasted without a word."""
        return {key: value for key, value in super().widget_attrs(widget).items() if key != "maxlength"}


def refuse_invisible(text: str, *, note: bool) -> None:
    """Raise ValidationError for control signs, direction marks, half characters and the like."""
    if any(_is_invisible(sign, note=note) for sign in text):
        raise ValidationError(INVISIBLE, code="invisible")


def _is_invisible(sign: str, *, note: bool) -> bool:
    if sign == "\t" or (note and sign == "\n"):
        return False
    if note and (sign in JOINERS or ord(sign) in EMOJI_TAGS):
        return False
    return sign == REPLACEMENT or unicodedata.category(sign) in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"} or _is_never(sign)


def _is_never(sign: str) -> bool:
    return ord(sign) & 0xFFFE == 0xFFFE or 0xFDD0 <= ord(sign) <= 0xFDEF  # noncharacters of Unicode


def refuse_stacked_marks(text: str) -> None:
    """Raise ValidationError where more marks stand on one letter than any script needs."""
    row = 0
    for sign in text:
        row = row + 1 if unicodedata.category(sign) in {"Mn", "Me"} else 0
        if row > MARKS_IN_A_ROW:
            raise ValidationError(STACKED, code="stacked")


def made_plain(text: str, *, note: bool = False) -> str:
    """Return what a machine sent as people's text is kept: signs that cannot be seen and stacked marks left out."""
    row, kept = 0, []
    for sign in unicodedata.normalize("NFC", text).replace("\r\n", "\n"):
        row = row + 1 if unicodedata.category(sign) in {"Mn", "Me"} else 0
        if row <= MARKS_IN_A_ROW and not _is_invisible(sign, note=note):
            kept.append(sign)
    return tidy_spaces("".join(kept), note=note)


def tidy_spaces(text: str, *, note: bool) -> str:
    """Return the text without spaces around and with single ones inside; a note keeps its lines."""
    lines = text.split("\n") if note else [text]
    return "\n".join(" ".join(line.split()) for line in lines).strip()
