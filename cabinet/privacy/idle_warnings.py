"""That somebody was told their unused account is about to be deleted."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import connection, models
from django.utils.translation import gettext_lazy as _


class IdleWarning(models.Model):
    """The letters to one person before their account is deleted; goes when they use it again."""

    wagtail_reference_index_ignore = True

    customer = models.OneToOneField("customers.Customer", on_delete=models.CASCADE, related_name="idle_warning")
    first_at = models.DateTimeField(_("first letter written"))
    last_at = models.DateTimeField(_("last letter written"), null=True)
    ends_at = models.DateTimeField(_("unused account is deleted"), db_index=True)  # at the earliest

    objects: ClassVar[Any] = models.Manager()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.pk)


def begin_anew() -> None:
    """Forget all letters after a restore: the backup does not know who has used their account since."""
    if IdleWarning._meta.db_table in connection.introspection.table_names():  # a backup of an older release has none
        IdleWarning.objects.all().delete()
