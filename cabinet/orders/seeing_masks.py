"""What staff see of a person before they give a reason: enough to tell two apart, too little to find one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

DOTS = "•••"


@dataclass(frozen=True)
class Masked:
    """A person behind an order, masked."""

    name: str
    phone: str
    email: str
    city: str


def masked(person: Any) -> Masked:
    """Return the person as lists and pages show them before a reveal."""
    return Masked(mask_name(person.name), mask_phone(person.phone), mask_email(person.email), person.city)


def mask_name(name: str) -> str:
    """Return the first letter of each word: “А… К…”."""
    return " ".join(f"{word[0]}…" for word in name.split())


def mask_phone(phone: Any) -> str:
    """Return country, network and the last two digits: “+7 701 ••• •• 67”."""
    digits = str(phone or "").lstrip("+")
    return f"+{digits[:1]} {digits[1:4]} ••• •• {digits[-2:]}" if len(digits) >= 8 else DOTS if digits else ""


def mask_email(email: str) -> str:
    """Return the first letter: “a•••@…”."""
    return f"{email[0]}{DOTS}@…" if email else ""
