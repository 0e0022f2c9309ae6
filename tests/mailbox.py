"""The mailboxes that letters reach in tests."""

from __future__ import annotations

from django.core import mail
from django.core.mail import EmailMessage

from cabinet.notices.delivery import deliver_due


def mailbox() -> list[EmailMessage]:
    """Deliver what waits in the outbox; return all letters that have arrived since the test began."""
    deliver_due()
    return mail.outbox  # type: ignore[no-any-return]
