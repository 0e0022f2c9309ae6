"""What foreign packages keep of a customer where no declaration leads: logs, indexes, letters to a bare address."""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from operator import or_
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from wagtail.models import ModelLogEntry, PageLogEntry, ReferenceIndex
from wagtail.users.models import UserProfile

from cabinet.customers.models import Address, Customer, EmailChange, User
from cabinet.notices.models import Letter
from cabinet.notices.models import State as LetterState

TURNS = "privacy/letters/erasure_"  # letters about the erasure itself
# Beginnings of the templates of letters that are owed to the person all the same: what a room above answers them.
owed: set[str] = {TURNS}
NOBODYS = "@erased.invalid"  # the domain of what stands in place of an e-mail while something waits


def addresses_of(user: User) -> set[str]:
    """Return every e-mail the account has or had."""
    changes = EmailChange.objects.filter(user=user).values_list("old_email", "new_email")
    known = {user.email, *EmailAddress.objects.filter(user=user).values_list("email", flat=True)}
    every = {*known, *(email for pair in changes for email in pair)}
    return {email for email in every if email and not email.endswith(NOBODYS)}


def forget_traces(emails: Iterable[str], user: User) -> None:
    """Delete them; to be called while the account is still there. Twice does no harm."""
    mine = Letter.objects.filter(recipient__in={*emails, *addresses_of(user)})
    mine.exclude(on_their_way()).delete()
    own = {"user_id": user.pk}
    ModelLogEntry.objects.filter(**own).delete()
    PageLogEntry.objects.filter(**own).delete()
    UserProfile.objects.filter(user=user).delete()
    for model, pks in _rows(user).items():
        of_row: dict[str, Any] = {
            "content_type": ContentType.objects.get_for_model(model),
            "object_id__in": [str(pk) for pk in pks],
        }
        ModelLogEntry.objects.filter(**of_row).delete()
        ReferenceIndex.objects.filter(**of_row).delete()


def on_their_way() -> Q:
    """Return the condition that a letter is still owed to the person; its address is wiped when it has left."""
    return reduce(or_, (Q(template__startswith=each) for each in sorted(owed))) & Q(state=LetterState.WAITING)


def _rows(user: User) -> dict[Any, list[Any]]:
    return {
        User: [user.pk],
        Customer: list(Customer.objects.filter(user=user).values_list("pk", flat=True)),
        Address: list(Address.objects.filter(customer__user=user).values_list("pk", flat=True)),
    }
