"""The editor's form of a document: drafts are saved as they are, publishing asks for what readers need."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from wagtail.admin.forms import WagtailAdminPageForm

from cms_pages.readiness import blockers

# What belongs to one edition and not to the text: a new edition begins with these empty.
OF_ONE_EDITION = {
    "change_summary": "",
    "in_force_from": None,
    "material": False,
    "only_this_language": False,
    "replaces_announced": False,
}


class LegalDocumentForm(WagtailAdminPageForm):
    """Refuses to publish or submit a text that is not ready; a draft may be anything."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        last = self.instance.editions.first() if self.instance.pk else None
        if last and self.instance.latest_revision_id == last.revision_id:
            # The draft is the last edition itself: what it said of its own changes is history.
            self.initial.update(OF_ONE_EDITION)

    def clean(self) -> dict[str, Any]:
        """Add what blocks the publication to the fields it concerns."""
        cleaned: dict[str, Any] = super().clean()
        if self.is_deferred_validation or self.errors:
            return cleaned
        self._refuse_stale()
        # The instance gets its values after this step, so the questions are put to a copy that has them.
        draft = self._meta.model(
            **{f.attname: getattr(self.instance, f.attname) for f in self._meta.model._meta.concrete_fields}
        )
        for name in set(cleaned) & {field.name for field in self._meta.model._meta.concrete_fields}:
            setattr(draft, name, cleaned[name])
        for field, messages in blockers(draft).items():
            self.add_error(field if field in self.fields else None, messages)
        return cleaned

    def _refuse_stale(self) -> None:
        """Refuse when an edition was sealed while this form was open, or its changes would be undone unseen."""
        loaded = self.data.get("loaded_revision_id", "")
        if not (self.instance.pk and loaded.isdigit()):
            return
        newer = self.instance.editions.filter(revision_id__gt=int(loaded)).order_by("-number").first()
        if newer:
            message = _(
                "Edition %(number)d was published while you were writing. Save your draft, compare it with that "
                "edition, and publish again."
            )
            raise ValidationError(message % {"number": newer.number})
