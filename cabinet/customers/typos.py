"""Slips in the name of a mailbox provider, to be asked about and never to block."""

from __future__ import annotations

# Where most of the country's people have their mail, and real names that look like slips of those.
KNOWN = [
    *("gmail.com", "mail.ru", "yandex.ru", "yandex.kz", "yandex.com", "bk.ru", "inbox.ru", "list.ru", "internet.ru"),
    *("icloud.com", "outlook.com", "hotmail.com", "yahoo.com", "rambler.ru", "mail.kz", "live.com", "proton.me"),
    *("protonmail.com", "googlemail.com"),
]
ALSO_REAL = {"ya.ru", "ymail.com", "email.com", "mail.com", "gmx.com", "me.com", "hotmail.ru", "mail.uz", "mail.de"}


def likely_address(email: str) -> str:
    """Return what was probably meant (“…@gmail.com” for “…@gmial.com”), nothing when it looks right."""
    name, _at, domain = email.rpartition("@")
    if not name or domain in KNOWN or domain in ALSO_REAL:
        return ""
    return next((f"{name}@{known}" for known in KNOWN if is_one_slip(domain, known)), "")


def is_one_slip(typed: str, meant: str) -> bool:
    """Tell whether one letter is missing, doubled, wrong, or two neighbours are swapped."""
    if typed == meant or abs(len(typed) - len(meant)) > 1:
        return False
    start = next(
        (at for at, (a, b) in enumerate(zip(typed, meant, strict=False)) if a != b), min(len(typed), len(meant))
    )
    rest, wanted = typed[start:], meant[start:]
    swapped = rest[:2] == wanted[:2][::-1] and len(wanted) > 1 and rest[2:] == wanted[2:]
    return swapped or rest[1:] == wanted[1:] or rest[1:] == wanted or rest == wanted[1:]
