"""What the roles of the starter were given already, so that a later release gives only what is new."""

from __future__ import annotations

from django.db import models


class GivenPermission(models.Model):
    """A permission that a role was given once, by whichever release; the shop may have taken it away since."""

    group = models.ForeignKey("auth.Group", on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=200)  # app and codename, as in user.has_perm

    wagtail_reference_index_ignore = True

    class Meta:
        constraints = [models.UniqueConstraint(fields=["group", "name"], name="given_once")]
        default_permissions = ()  # nobody reads or changes this

    def __str__(self) -> str:
        return self.name
