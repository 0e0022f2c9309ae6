"""Numbers of banks and of the state, checked by their own arithmetic: a slip is found before money goes astray."""

from __future__ import annotations

import re

IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}")
LENGTH_IN_KAZAKHSTAN = 20
TAX_NUMBER = re.compile(r"[0-9]{12}")
FIRST_WEIGHTS = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11)
SECOND_WEIGHTS = (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2)


def is_iban(text: str) -> bool:
    """Say whether this is an IBAN (ISO 13616): form, length in Kazakhstan, remainder 1 by 97."""
    if not IBAN.fullmatch(text) or (text.startswith("KZ") and len(text) != LENGTH_IN_KAZAKHSTAN):
        return False
    digits = "".join(str(int(sign, 36)) for sign in text[4:] + text[:4])
    return int(digits) % 97 == 1


def is_tax_number(text: str) -> bool:
    """Say whether this is an IIN or a BIN: twelve digits, the last one reckoned from the others (modulo 11)."""
    if not TAX_NUMBER.fullmatch(text):
        return False
    digits = [int(sign) for sign in text]
    for weights in (FIRST_WEIGHTS, SECOND_WEIGHTS):
        check = sum(digit * weight for digit, weight in zip(digits, weights, strict=False)) % 11
        if check < 10:
            return check == digits[11]
    return False
