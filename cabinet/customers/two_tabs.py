"""Two windows that save the same thing: the later one is told, and nothing that was typed is lost."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.db import models, transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from phonenumber_field.phonenumber import PhoneNumber

from cabinet.customers.actions import lock_open
from cabinet.customers.models import Customer

NEVER = -1  # no row has this version, so a mangled one counts as outdated


class VersionedForm(forms.ModelForm):
    """A form over a row that counts its changes. Use `saved()`; the view answers with the form where it returns False.

    Who sends no version has seen no page of ours, and is taken at their word.
    """

    version = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["version"].initial = self.instance.version

    def clean_version(self) -> int | None:
        """Return the version the page was made from; nothing where none was sent."""
        typed = self.cleaned_data["version"]
        if not typed:
            return None
        return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else NEVER

    def saved(self) -> bool:
        """Save and return True; else the form holds what is wrong, a change from elsewhere included.

        Raise AccountClosed where the account was closed meanwhile.
        """
        if not self.is_valid():
            return False
        with transaction.atomic():
            return self._saved_under_lock()

    def _saved_under_lock(self) -> bool:
        lock_open(Customer(pk=self.customer_pk()))  # nothing is written back into an account that was emptied
        if self.instance._state.adding:
            self.save()
            return True
        kept = self._kept()
        if kept is None:
            self.add_error(None, _("This was removed in another window. What you typed still stands below."))
            return False
        if self.cleaned_data["version"] not in {None, kept.version}:
            self._tell_of_change(kept)
            return False
        self._write(kept)
        return True

    def customer_pk(self) -> int:
        """Return whose row this is; that customer is locked first."""
        raise NotImplementedError

    def _kept(self) -> Any:
        return type(self.instance)._default_manager.filter(pk=self.instance.pk).first()

    def _write(self, kept: Any) -> None:
        changed = self._differing(kept)
        self.instance.version = kept.version + bool(changed)
        if changed:
            self.instance.save(update_fields=[*changed, "version"])
            self.after_change(changed)

    def after_change(self, fields: list[str]) -> None:
        """Leave a trace of which fields were changed."""

    def _differing(self, kept: Any) -> list[str]:
        names: tuple[str, ...] = tuple(self._meta.fields or ())
        return [name for name in names if getattr(kept, name) != getattr(self.instance, name)]

    def _tell_of_change(self, kept: Any) -> None:
        told = "; ".join(f"{self.fields[name].label}: {shown(kept, name)}" for name in self._differing(kept))
        if told:
            message = _(
                "This was changed in another window while the page was open. Now saved: %(saved)s. "
                "What you typed stands below. Press the button once more to save yours instead."
            ) % {"saved": told}
        else:
            message = _("This was saved in another window meanwhile, with the same words. Nothing is lost.")
        self.add_error(None, message)
        data: Any = dict(self.data.items())
        self.data = {**data, self.add_prefix("version"): str(kept.version)}


def shown(row: models.Model, name: str) -> str:
    """Return a kept value as people read it; a dash for nothing."""
    value = getattr(row, name)
    if isinstance(value, date):
        return date_format(value, "DATE_FORMAT")
    if isinstance(value, PhoneNumber):
        return str(value.as_international)
    if name == "language":
        return settings.LANGUAGE_NAMES.get(value, value)
    return str(value or "—")
