"""What staff may look at and nobody changes by hand: who may, never as a table, each moment by the shop's clock."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.formats import date_format
from django.utils.timezone import get_default_timezone, localtime
from wagtail.admin.views.generic import IndexView
from wagtail.permission_policies import ModelPermissionPolicy

FACT = "edition-fact"  # on a phone each row is a card of its name and these facts (static/css/admin.css)


class LookOnlyPolicy(ModelPermissionPolicy):
    """Whoever has one of these permissions, or the model's own, may look; nobody does more, an administrator included.

    Which rows stand in a list may be narrower still.
    """

    def __init__(self, model: Any, *names: str) -> None:
        super().__init__(model)
        self.names = names

    def user_has_permission(self, user: Any, action: str) -> bool:
        """Allow looking only."""
        if action != "view":
            return False
        if self.names:
            return any(user.has_perm(name) for name in self.names)
        return bool(super().user_has_permission(user, action))

    def user_has_any_permission(self, user: Any, actions: Any) -> bool:
        """Allow looking only."""
        return "view" in actions and self.user_has_permission(user, "view")


class NeverExported(IndexView):
    """A list that is read on the screen and nowhere else."""

    def setup(self, request: Any, *args: Any, **kwargs: Any) -> None:
        """Answer a demand for a table with the list itself."""
        super().setup(request, *args, **kwargs)
        self.is_export = False


def moment(field: str) -> Callable[[Any], str]:
    """Return a function that tells a moment of a row by the shop's clock, in whatever zone a colleague reads."""

    def told(row: Any) -> str:
        at = getattr(row, field)
        return date_format(localtime(at, get_default_timezone()), "SHORT_DATETIME_FORMAT") if at else "—"

    return told
