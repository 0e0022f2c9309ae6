"""The forms in which editors change cookie groups and the banner; saving one seals what visitors are asked."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max, Model
from django.forms.formsets import TOTAL_FORM_COUNT
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from modelcluster.forms import BaseChildFormSet
from wagtail.admin.forms import WagtailAdminModelForm

from cms_pages.cookies import seal_banner
from cms_pages.models import CookieGroup, PublicVersion
from cms_pages.models.version import PAGES
from cms_pages.refusals import Refused

SAVED_MEANWHILE = _(
    "Somebody else has saved this while you were writing. Copy what you have typed, open it again, and write it there."
)
UNSEEN = {"created", "ordering"}  # what the form does not show
COOKIES_AT_MOST = 100  # in a group; nobody reads a longer table, and each row costs some 15 ms of the form
ROWS_AT_MOST = 2 * COOKIES_AT_MOST  # in one form, with those that are taken out


class SavedMeanwhile(Refused):
    """Two editors saved the same thing at once; the second was not let to undo what the first had written."""


class SealingForm(WagtailAdminModelForm):
    """Saves and seals in one transaction; `sealed` is the new edition's number, None when no word has changed."""

    seen = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
    sealed: int | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Remember what the editor has before them, to notice who else saves it."""
        super().__init__(*args, **kwargs)
        self.stored = self.initial["seen"] = fingerprint(self.instance)

    def clean(self) -> dict[str, Any]:
        """Refuse to write over what somebody else has saved meanwhile."""
        said: dict[str, Any] = super().clean() or {}
        if said.get("seen") and said["seen"] != self.stored:
            self.add_error(None, ValidationError(SAVED_MEANWHILE))
        return said

    def save(self, commit: bool = True) -> Model:
        """Save and seal what is asked now; without `commit`, as a preview does, neither."""
        if not commit:
            return super().save(commit=False)
        with transaction.atomic():
            PublicVersion.raise_row(PAGES)  # locks: who saves at this moment waits, then sees what we saved
            if self.instance.pk and fingerprint(type(self.instance).objects.get(pk=self.instance.pk)) != self.stored:
                raise SavedMeanwhile(gettext(SAVED_MEANWHILE))  # type: ignore[arg-type]
            saved = super().save()
            self.sealed = seal_banner(author=self.for_user, ask_again=self.group_to_ask())
        return saved

    def group_to_ask(self) -> str:
        """Return the varname of the group to ask everybody about again; empty for none."""
        return ""


def fingerprint(shown: Any) -> str:
    """Return what tells one state of a row, with the rows that belong to it, from any other; empty before the first."""
    if not shown.pk:
        return ""
    rows = [shown, *(shown.declarations.all() if isinstance(shown, CookieGroup) else ())]
    values = [{f.attname: str(getattr(row, f.attname)) for f in row._meta.concrete_fields} for row in rows]
    seen = [{name: value for name, value in row.items() if name not in UNSEEN} for row in values]
    return hashlib.sha256(json.dumps(seen).encode()).hexdigest()


class DeclarationFormSet(BaseChildFormSet):
    """The cookies of a group."""

    data: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Say in words of the form that there are too many."""
        super().__init__(*args, **kwargs)
        self.absolute_max = ROWS_AT_MOST
        self.error_messages["too_many_forms"] = gettext("A group can have %(count)d cookies at the most.") % {
            "count": COOKIES_AT_MOST
        }

    def total_form_count(self) -> int:
        """Count the rows; of a form that claims more than can be, only those that are stored: it is refused unread."""
        if self.is_bound and self.management_form.cleaned_data[TOTAL_FORM_COUNT] > ROWS_AT_MOST:
            return min(len(self.get_queryset()), ROWS_AT_MOST)
        return int(super().total_form_count())

    def _construct_form(self, i: int, **kwargs: Any) -> Any:
        """Make a row; an empty one where the stored one is gone, which SealingForm then tells."""
        key = f"{self.add_prefix(i)}-{self.model._meta.pk.name}"
        said_to_stand = self.is_bound and i < self.initial_form_count()
        if said_to_stand and self.data.get(key) not in {str(one.pk) for one in self.get_queryset()}:
            self.data = self.data.copy()
            self.data[key] = ""
        return super()._construct_form(i, **kwargs)

    def kept(self) -> list[Any]:
        """Return the forms of the cookies that stay or come."""
        stays = [form for form in self.forms if not self._should_delete_form(form)]
        return [form for form in stays if form.instance.pk or form.has_changed()]

    def clean(self) -> None:
        """Refuse a name twice, and one that another row still bears."""
        super().clean()
        staying = [form for form in self.initial_forms if form not in self.deleted_forms]
        stored = {(form.initial.get("name"), form.initial.get("domain")): form for form in staying}
        for form in self.kept():
            if stored.get((form.instance.name, form.instance.domain), form) is not form:
                form.add_error(
                    "name", _("Another cookie of this group bears this name. Rename or delete that one first.")
                )

    def get_unique_error_message(self, unique_check: Any) -> str:
        """Say it in words of the form."""
        return gettext("Two cookies of a group cannot have the same name and domain.")


class GroupForm(SealingForm):
    """A cookie group with its cookies."""

    ask_again = forms.BooleanField(
        required=False,
        label=_("The purpose became wider: ask everybody again"),
        help_text=_(
            "Not for a correction of words. New cookies, hosts, scripts and owners, and longer lifetimes, are noticed "
            "by themselves."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Keep the varname once the group exists: the answers in visitors' browsers hold it."""
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["varname"].disabled = True

    def clean(self) -> dict[str, Any]:
        """Demand a cookie of what visitors decide on: the package takes a group without any for accepted."""
        said = super().clean()
        declared = self.formsets["declarations"]
        if not said.get("is_required") and declared.is_valid() and not declared.kept():
            message = _("A group that visitors decide on needs a cookie at least. Without one there is nothing to ask.")
            self.add_error(None, ValidationError(message))
        return said

    def save(self, commit: bool = True) -> Model:
        """Save and seal; a new group comes last."""
        if not self.instance.pk:
            self.instance.ordering = (CookieGroup.objects.aggregate(last=Max("ordering"))["last"] or 0) + 1
        return super().save(commit)

    def group_to_ask(self) -> str:
        """Return this group when the editor says that its purpose became wider."""
        return str(self.instance.varname) if self.cleaned_data["ask_again"] else ""
