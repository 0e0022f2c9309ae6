"""Django's own way of sending mail, led into the outbox: letters of Wagtail's workflow wait for no server either."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.utils.translation import get_language

from cabinet.notices.posting import keep, refuse_forged
from cabinet.notices.writing import Written, headers, one_line

KIND = "other"  # in place of a template's name


class Outbox(BaseEmailBackend):
    """Keeps messages as letters, one for each who is to get it, so that nobody reads who else did."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Put the messages into the outbox and return how many."""
        for message in email_messages:
            self.put(message)
        return len(email_messages)

    def put(self, message: EmailMessage) -> None:
        """Put one message into the outbox; raise ValueError for attachments, which no letter of ours has."""
        if message.attachments:
            raise ValueError("Letters have no attachments.")
        written = Written(one_line(str(message.subject)), str(message.body), html_of(message), headers(""))
        for to in message.recipients():
            refuse_forged(to, "")
            keep(written, template=KIND, recipient=to, language=get_language() or settings.LANGUAGE_CODE)


def html_of(message: Any) -> str:
    """Return the message's HTML, empty where it has none."""
    alternatives = getattr(message, "alternatives", [])
    return next((str(content) for content, kind in alternatives if kind == "text/html"), "")
