"""What `manage.py check --deploy` says about the vault."""

from __future__ import annotations

from typing import Any

from django.core.checks import CheckMessage, Tags, Warning, register

from cabinet.orders.vault import is_ready


@register(Tags.security, deploy=True)
def vault_has_a_key(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Demand a key of the vault's own: without it no bank details are taken."""
    if is_ready():
        return []
    hint = "Set REFUND_VAULT_KEYS to a long random value of its own, apart from SECRET_KEY and from backups."
    return [Warning("The vault for bank details has no key.", hint=hint, id="kelisim.orders.W001")]
