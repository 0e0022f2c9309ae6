"""What is sealed staff may look at; whoever they are, they change nothing of it."""

from __future__ import annotations

from typing import Any

from wagtail.permission_policies import ModelPermissionPolicy


class ReadOnlyPolicy(ModelPermissionPolicy):
    """Whoever may view may view; nobody may do anything else, an administrator included."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        """Allow looking only."""
        return action == "view" and super().user_has_permission(user, action)

    def user_has_any_permission(self, user: Any, actions: Any) -> bool:
        """Allow looking only."""
        return "view" in actions and self.user_has_permission(user, "view")
