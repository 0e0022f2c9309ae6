"""What goes to and fro between this site and the shop engine beside it."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ExchangeConfig(AppConfig):
    """Signed events, in and out."""

    name = "cabinet.exchange"
    label = "exchange"
    verbose_name = _("Exchange with the shop engine")
