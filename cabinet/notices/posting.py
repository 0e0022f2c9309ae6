"""Putting a letter into the outbox; the page never waits for a mail server."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.core.mail import BadHeaderError
from django.core.validators import validate_email
from django.db import transaction

from cabinet.notices.models import Letter
from cabinet.notices.postman import poke
from cabinet.notices.writing import Written, write

ADDRESS_IN_A_HEADER = re.compile(r"https?://[!-~]+")  # no space, no line, nothing that is not ASCII


def post(
    template: str,
    *,
    to: str,
    language: str,
    context: Mapping[str, Any] | None = None,
    account: Any = None,
    topic: str = "",
    unsubscribe_url: str = "",
) -> Letter:
    """Render `<template>_subject.txt`, `.txt` and, where there is one, `.html` in the language and keep the letter.

    The text may be `<template>_message.txt`, too, as django-allauth calls it. Without an `.html`, the HTML is made from
    the text. It is sent after the commit, or not at all when the transaction is rolled back.

    `topic` is empty for letters of service; a marketing letter names its purpose and its account, and brings
    `unsubscribe_url`, from which come List-Unsubscribe and List-Unsubscribe-Post (RFC 8058).

    Raise BadHeaderError for an address or subject that is none, ValueError for marketing without a way out.
    """
    refuse_forged(to, unsubscribe_url)
    if topic and not (unsubscribe_url and account):
        raise ValueError("A marketing letter names its account and the address where such letters are ended.")
    written = write(template, language, context or {}, unsubscribe_url)
    return keep(written, template=template, recipient=to, language=language, topic=topic, account=account)


def keep(written: Written, **facts: Any) -> Letter:
    """Put a letter that is written already into the outbox."""
    letter = Letter(**facts)
    letter.written = written
    letter.save(force_insert=True)
    transaction.on_commit(poke)
    return letter


def refuse_forged(to: str, unsubscribe_url: str) -> None:
    """Raise BadHeaderError for what would write into other headers, or to other people."""
    try:
        validate_email(to)
    except ValidationError as error:
        raise BadHeaderError("A letter goes to one address of e-mail.") from error
    if unsubscribe_url and (not ADDRESS_IN_A_HEADER.fullmatch(unsubscribe_url) or set(unsubscribe_url) & set("<>,")):
        raise BadHeaderError("The address where letters are ended begins with https:// and has no spaces.")
