"""Writing what happened into the log that nobody edits."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from cabinet.audit.chain import GENESIS, AuditError, Facts, canonical, commitment_of
from cabinet.audit.models import Event, Payload

NAME = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*){1,3}")  # customers.profile.changed
LONGEST = 100  # characters of a name
# A public id, or a word for a machine. E-mails, telephone numbers and names of two words do not pass.
ACTOR = re.compile(r"[A-Za-z0-9_-]{0,40}")
READ = "audit.person.read"
SALT = 32  # bytes, as long as the hash: what a payload said cannot be found by guessing
TURN = 0x6B656C6973696D  # PostgreSQL's lock of those who append: “kelisim” in ASCII


Follower = Callable[[Any, dict[str, Any]], object]  # (subject, what the event tells)
followers: dict[str, list[Follower]] = {}


def follow(name: str) -> Callable[[Follower], Follower]:
    """Have a higher room hear of events of this name, within their transaction."""

    def take(follower: Follower) -> Follower:
        followers.setdefault(name, []).append(follower)
        return follower

    return take


def record(name: str, *, subject: UUID | None = None, actor: str = "", **payload: Any) -> None:
    """Append an event; `name` is dotted (`customers.profile.changed`), `actor` a public id, empty: the software.

    It stands or falls with the caller's transaction: AuditError, or the database's, rolls that back even when the
    caller goes on. Record last: who appends holds the turn of all others until the transaction ends.
    """
    with transaction.atomic(savepoint=False):
        check(name, subject, actor)
        append(name, subject, actor, canonical(payload))
        for follower in followers.get(name, ()):
            follower(subject, payload)


def record_read(*, reader: str, subject: UUID, what: str, reason: str) -> None:
    """Append who on staff saw what of whom, and why; to be called before the data is shown (trust.md, s19).

    Raise AuditError when reader, what or reason is empty. Whatever it raises: the data must not be shown.
    """
    with transaction.atomic(savepoint=False):
        if not (reader and isinstance(subject, UUID) and what.strip() and reason.strip()):
            raise AuditError("Reading somebody's data needs a reader, whose data it is, what of it, and a reason.")
        record(READ, subject=subject, actor=reader, what=what, reason=reason)


def check(name: str, subject: UUID | None, actor: str) -> None:
    """Raise AuditError, which repeats nothing that may be personal, when an event is not put as it must be."""
    if not NAME.fullmatch(name) or len(name) > LONGEST:
        raise AuditError("An event is called by two to four dotted words, such as customers.profile.changed.")
    if not (subject is None or isinstance(subject, UUID)):
        raise AuditError(f"{name}: the subject must be the person's UUID, not a {type(subject).__name__}.")
    if not isinstance(actor, str) or not ACTOR.fullmatch(actor):
        raise AuditError(f"{name}: the actor must be a public id, never an address or a name.")


def append(name: str, subject: UUID | None, actor: str, text: str) -> None:
    """Write the event behind the last one, and its payload beside it."""
    wait_for_turn()
    sequence, previous = Event.objects.order_by("-sequence").values_list("sequence", "hash").first() or (0, GENESIS)
    salt = secrets.token_hex(SALT)
    whose = str(subject) if subject else ""
    facts = Facts(sequence + 1, timezone.now(), name, actor, whose, commitment_of(salt, text), previous)
    event = Event.objects.create(**facts._asdict(), hash=facts.hash())
    Payload.objects.create(event=event, salt=salt, text=text)


def wait_for_turn() -> None:
    """Return when no other transaction is appending; SQLite's IMMEDIATE transactions have waited already."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [TURN])
