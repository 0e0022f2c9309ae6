"""What publishing a draft would change for readers, counted clause by clause."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cms_pages.comparing import Change, compare
from cms_pages.drafting import draft_edition
from cms_pages.models.edition import Edition

if TYPE_CHECKING:
    from cms_pages.models import LegalDocumentPage

NAMED = 12  # places of one kind that are told by number; of more, only how many


@dataclass(frozen=True)
class Difference:
    """How a draft differs from the document's last edition; that is None when the draft would be the first."""

    last: Edition | None
    draft: Edition
    changes: list[Change]

    @property
    def makes_an_edition(self) -> bool:
        """Say whether publishing the draft would seal anything."""
        return not self.draft.same_text_as(self.last)

    @property
    def sentences(self) -> list[str]:
        """Return what readers will find changed, a sentence a kind of change."""
        if not self.last or not self.makes_an_edition:
            return []
        return [*self._clauses(), *self._withdrawal(self.last)]

    def _clauses(self) -> list[str]:
        added, changed, moved, removed = (self._places(kind) for kind in ("added", "changed", "moved", "removed"))
        told = [
            (added, ngettext("%(count)d clause is new", "%(count)d clauses are new", len(added))),
            (changed, ngettext("%(count)d clause is changed", "%(count)d clauses are changed", len(changed))),
            (moved, ngettext("%(count)d clause is moved", "%(count)d clauses are moved", len(moved))),
            (removed, ngettext("%(count)d clause is removed", "%(count)d clauses are removed", len(removed))),
        ]
        return [_sentence(words % {"count": len(places)}, places) for places, words in told if places]

    def _places(self, kind: str) -> list[str]:
        return [_place(change) for change in self.changes if change.kind == kind]

    def _withdrawal(self, last: Edition) -> list[str]:
        if self.draft.withdrawn == last.withdrawn:
            return []
        return [_("The document is withdrawn.") if self.draft.withdrawn else _("The document is in force again.")]


def difference(page: LegalDocumentPage) -> Difference:
    """Return how the page's text differs from its last edition; words are compared only where somebody reads them."""
    last = page.editions.order_by("-number").first() if page.pk else None  # type: ignore[attr-defined]
    draft = draft_edition(page=page, number=last.number + 1 if last else 1, at=timezone.now())
    return Difference(last, draft, compare(last, draft) if last else [])


def _place(change: Change) -> str:
    names = {"title": _("the title"), "plain": _("the summary in plain words"), "card": _("Operator's card")}
    return names.get(change.item["kind"]) or str(change.item["number"])


def _sentence(words: str, places: list[str]) -> str:
    return f"{words}." if len(places) > NAMED else f"{words}: {', '.join(places)}."
