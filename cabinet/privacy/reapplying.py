"""Doing again what a restored database has forgotten: every mark of the file that it does not know, in their order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator

from django.conf import settings
from django.contrib.sessions.models import Session

from cabinet.customers.models import Customer, User
from cabinet.privacy.models import Tombstone
from cabinet.privacy.tombstone_file import Mark, Reading, alone, read
from cabinet.privacy.tombstones import flush_calmly, for_nobody, key_id, mark_of, replayers, replaying

AT_ONCE = 500


class CannotReplay(Exception):
    """Marks cannot be replayed; the message is a sentence that says what to do. Nothing was replayed yet."""


def reapply(tell: Callable[[str], None] = lambda words: None) -> Counter[str]:
    """Replay what this database does not know; return how many marks of each kind, those of nobody here as "nobody".

    Safe to run twice, and after it was interrupted. Raise CannotReplay, TombstonesBroken.
    """
    done: Counter[str] = Counter()
    with alone(settings.TOMBSTONES):
        reading = read(settings.TOMBSTONES)
        unknown = list(unknown_of(reading))
        refuse_hopeless(mark for mark, _hash in unknown)
        people = find({mark.mark for mark, _hash in unknown})
        with replaying():
            for mark, line in unknown:
                subject = people.get(mark.mark)
                if mark.kind in for_nobody:
                    for_nobody[mark.kind](mark)
                if subject:
                    replayers[mark.kind](mark, subject)
                remember(mark, line)
                done[mark.kind if subject else "nobody"] += 1
                if sum(done.values()) % AT_ONCE == 0:
                    tell(f"{sum(done.values())} of {len(unknown)} marks are done, going on…")
    flush_calmly()  # what waited already when the backup was made
    if unknown:
        end_all_sessions()
    return done


def unknown_of(reading: Reading) -> Iterator[tuple[Mark, str]]:
    """Yield the marks without a row here, with the hash of their line; one that was written twice comes once."""
    pairs = list(zip(reading.marks, reading.hashes, strict=True))
    known: set[str] = set()
    for begin in range(0, len(pairs), AT_ONCE):
        uids = [mark.uid for mark, _hash in pairs[begin : begin + AT_ONCE]]
        known |= set(Tombstone.objects.filter(uid__in=uids).values_list("uid", flat=True))
    for mark, line in pairs:
        if mark.uid not in known:
            known.add(mark.uid)
            yield mark, line


def refuse_hopeless(unknown: Iterable[Mark]) -> None:
    """Raise CannotReplay where a key is not named, or no room does such a thing."""
    marks = list(unknown)
    keys = {key_id(secret) for secret in secrets()}
    if lost := sum(mark.key not in keys for mark in marks):
        raise CannotReplay(
            f"{lost} marks were made under a SECRET_KEY that is named no more: add it to SECRET_KEY_FALLBACKS."
        )
    if nobodys := {mark.kind for mark in marks} - set(replayers):
        raise CannotReplay(f"This release cannot replay: {', '.join(sorted(nobodys))}. Use the one that wrote it.")


def secrets() -> list[str]:
    """Return the site's secrets, the present one first."""
    return [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]


def find(marks: set[str]) -> dict[str, str]:
    """Return for whom of this database each mark stands: a customer's subject, or an account's public id."""
    found: dict[str, str] = {}
    for subject in everybody() if marks else ():
        for secret in secrets():
            if (mark := mark_of(secret, subject)) in marks:
                found[mark] = subject
    return found


def everybody() -> Iterator[str]:
    """Yield every customer's subject and every account's public id."""
    for subject in Customer.objects.values_list("subject", flat=True).iterator():
        yield str(subject)
    yield from User.objects.values_list("public_id", flat=True).iterator()


def remember(mark: Mark, line: str) -> None:
    """Write down that this database knows the mark."""
    facts = {"at": mark.at, "kind": mark.kind, "mark": mark.mark, "key": mark.key, "what": mark.what, "hash": line}
    Tombstone.objects.get_or_create(uid=mark.uid, defaults=facts)


def end_all_sessions() -> None:
    """Have everybody sign in anew: a backup also brings back sessions that were ended since."""
    Session.objects.all().delete()
