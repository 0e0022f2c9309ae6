"""An e-mail address as people type it, in the one spelling under which it is kept."""

from __future__ import annotations

from typing import Any

from allauth.account import fields
from django.core.validators import MaxLengthValidator

from cabinet.customers.models import User, normalise_email
from cabinet.customers.plain_text import TOO_LONG, refuse_invisible

LONGEST = 254  # characters, as in User.email; an address on the wire cannot be longer (RFC 5321, erratum 1690)


class EmailField(fields.EmailField):  # type: ignore[misc]
    """Takes any spelling and gives ours, so that a letter never goes to a look-alike (as in CVE-2019-19844)."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.validators.append(MaxLengthValidator(LONGEST, TOO_LONG))

    def to_python(self, value: Any) -> str:
        """Return the address as it is kept; raise ValidationError where nobody can see what stands in it."""
        email = normalise_email(str(value or ""))
        refuse_invisible(email, note=False)
        return email


def owner_of(email: str, found: list[User]) -> list[User]:
    """Return whose address this is: not those who merely wish to change to it and have not confirmed."""
    return [user for user in found if user.email == email]
