"""What is kept of a customer with an account: who they are, where to deliver, and how they sign in."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from cabinet.customers.people import UNDO_WITHIN
from cabinet.register.categories import Basis, Category, End, Held, Over, Purpose, Term, register, with_days

REGISTERED = Term(_("while you are registered"), source="policy 3.1")
REGISTERED_AND_USED = Term(
    with_days(
        ngettext_lazy(
            "while you are registered; an account that nobody has used for %(days)d day is deleted after two letters",
            "while you are registered; an account that nobody has used for %(days)d days is deleted after two letters",
            settings.IDLE_ACCOUNT_DAYS,
        ),
        settings.IDLE_ACCOUNT_DAYS,
    ),
    source="policy 3.1; IDLE_ACCOUNT_DAYS",
)
UNTIL_CHANGED = Term(
    _("until you change or delete it, and no longer than you are registered"), source="policy 3.1, 4.2"
)
WITH_SESSION = Term(_("until the session ends; the note of it, no longer than you are registered"), "policy 3.1")
ADDRESS = ("label", "city", "street", "apartment", "postcode", "note")


def sessions_of(account: Any) -> models.QuerySet[Any]:
    """Return what the server remembers of the account's sessions; a session has no foreign key to anybody."""
    from allauth.usersessions.models import UserSession
    from django.contrib.sessions.models import Session

    return Session.objects.filter(session_key__in=UserSession.objects.filter(user=account.pk).values("session_key"))


def without_session(at: datetime) -> models.Q:
    """Return what was noted of sessions that are no more."""
    from django.contrib.sessions.models import Session

    there = Session.objects.filter(session_key=models.OuterRef("session_key"), expire_date__gt=at)
    return models.Q(~models.Exists(there))


register.add(
    Category(
        key="customers.account",
        title=_("Account"),
        why=_("So that you, and nobody else, can sign in to it."),
        purposes=(Purpose.IDENTIFY, Purpose.SECURITY),
        basis=Basis.CONSENT,
        term=REGISTERED_AND_USED if settings.IDLE_ACCOUNT_DAYS else REGISTERED,
        place="account_email",
        held=(
            Held(
                "customers.User",
                owner="pk",
                fields=dict.fromkeys(
                    ("email", "password", "public_id", "date_joined", "last_login", "session_salt"), End.ERASE
                ),
                technical=("is_superuser", "is_staff", "is_active", "is_demo", "groups", "user_permissions"),
                secret=("password", "session_salt"),
                aside=("public_id", "date_joined", "last_login", "session_salt"),
                labels={
                    "password": _("Hash of the password"),
                    "public_id": _("Number of the account"),
                    "date_joined": _("Signed up"),
                    "last_login": _("Last signed in"),
                    "session_salt": _("Number that ends all sessions when it changes"),
                },
            ),
            Held(
                "customers.Customer",
                owner="user",
                fields=dict.fromkeys(("public_id", "subject", "created_at"), End.ERASE),
                technical=("version",),
                aside=("public_id", "subject", "created_at"),
                labels={
                    "public_id": _("Number of the customer"),
                    "subject": _("Mark that stands for you in journals"),
                    "created_at": _("Became a customer"),
                },
            ),
            Held(
                "customers.GuestMark",
                owner="customer__user",
                fields=dict.fromkeys(("subject", "claimed_at"), End.ERASE),
                aside=("subject", "claimed_at"),
            ),
            Held(
                "account.EmailAddress",
                owner="user",
                fields=dict.fromkeys(("email", "verified", "primary"), End.ERASE),
                aside=("verified", "primary"),
                labels={
                    "email": _("E-mail"),
                    "verified": _("E-mail confirmed"),
                    "primary": _("E-mail to sign in with"),
                },
            ),
            Held(
                "account.EmailConfirmation",
                owner="email_address__user",
                fields=dict.fromkeys(("created", "sent", "key"), End.ERASE),
                secret=("key",),
                aside=("created", "sent", "key"),
                labels={
                    "created": _("Confirmation of the e-mail asked for"),
                    "sent": _("Confirmation of the e-mail sent"),
                    "key": _("Key in the letter that confirms the e-mail"),
                },
            ),
        ),
    ),
    Category(
        key="customers.name",
        title=_("First and last name"),
        why=_("So that we know whom we speak to and the courier knows to whom to give the order."),
        purposes=(Purpose.IDENTIFY, Purpose.ORDER),
        basis=Basis.CONSENT,
        term=UNTIL_CHANGED,
        place="profile",
        held=(
            Held("customers.Customer", owner="user", fields={"first_name": End.ERASE, "last_name": End.ERASE}),
            Held("customers.User", owner="pk", fields={"first_name": End.ERASE, "last_name": End.ERASE}),
        ),
    ),
    Category(
        key="customers.phone",
        title=_("Phone"),
        why=_("So that we can tell you about your order when something changes at the last hour."),
        purposes=(Purpose.IDENTIFY, Purpose.ORDER),
        basis=Basis.CONSENT,
        term=UNTIL_CHANGED,
        place="profile",
        alone=True,
        held=(Held("customers.Customer", owner="user", fields={"phone": End.ERASE}),),
    ),
    Category(
        key="customers.birth_date",
        title=_("Birth date"),
        why=_("So that we can give you bonuses on your birthday. You need not give it."),
        purposes=(Purpose.BONUSES,),
        basis=Basis.CONSENT,
        term=UNTIL_CHANGED,
        place="profile",
        alone=True,
        held=(Held("customers.Customer", owner="user", fields={"birth_date": End.ERASE}),),
    ),
    Category(
        key="customers.postal_address",
        title=_("Postal address"),
        why=_("So that we can send you papers by post. You need not give it."),
        purposes=(Purpose.ORDER,),
        basis=Basis.CONSENT,
        term=UNTIL_CHANGED,
        place="profile",
        alone=True,
        held=(Held("customers.Customer", owner="user", fields={"postal_address": End.ERASE}),),
    ),
    Category(
        key="customers.addresses",
        title=_("Delivery addresses"),
        why=_("So that you need not type an address again with each order."),
        purposes=(Purpose.ORDER,),
        basis=Basis.CONSENT,
        term=UNTIL_CHANGED,
        place="addresses",
        alone=True,
        held=(
            Held(
                "customers.Address",
                owner="customer__user",
                fields=dict.fromkeys((*ADDRESS, "public_id", "added_at", "removed_at"), End.ERASE),
                technical=("version",),
                aside=("public_id", "added_at", "removed_at"),
                over=(Over("removed_at", UNDO_WITHIN),),
                labels={
                    "public_id": _("Number of the address"),
                    "added_at": _("Address added"),
                    "removed_at": _("Address removed"),
                },
            ),
        ),
    ),
    Category(
        key="customers.language",
        title=_("Language of letters"),
        why=_("So that letters come in the language you read."),
        purposes=(Purpose.ORDER,),
        basis=Basis.CONSENT,
        term=REGISTERED,
        place="profile",
        held=(Held("customers.Customer", owner="user", fields={"language": End.ERASE}),),
    ),
    Category(
        key="customers.engine_links",
        title=_("Number in the shop's own system"),
        why=_("So that your orders and bonuses find their way into your cabinet."),
        purposes=(Purpose.ORDER,),
        basis=Basis.CONTRACT,
        term=REGISTERED,
        held=(
            Held(
                "customers.EngineLink",
                owner="customer__user",
                fields=dict.fromkeys(("source", "external_id", "linked_at"), End.ERASE),
                aside=("source", "linked_at"),
                labels={"external_id": _("Number in the shop's own system")},
            ),
        ),
    ),
    Category(
        key="customers.sign_in_security",
        title=_("Second step of signing in"),
        why=_("So that a stolen password alone opens nothing."),
        purposes=(Purpose.SECURITY,),
        basis=Basis.CONSENT,
        term=UNTIL_CHANGED,
        place="mfa_index",
        held=(
            Held(
                "mfa.Authenticator",
                owner="user",
                fields=dict.fromkeys(("type", "data", "created_at", "last_used_at"), End.ERASE),
                secret=("data",),
                aside=("type", "created_at", "last_used_at"),
                labels={
                    "type": _("Kind of second step"),
                    "data": _("Secret of the second step"),
                    "created_at": _("Second step set up"),
                    "last_used_at": _("Second step last used"),
                },
            ),
        ),
    ),
    Category(
        key="customers.sessions",
        title=_("Sessions"),
        why=_("So that you see where your account is open, and can close it."),
        purposes=(Purpose.SECURITY,),
        basis=Basis.LAW,
        term=WITH_SESSION,
        place="usersessions_list",
        held=(
            Held(
                "usersessions.UserSession",
                owner="user",
                fields=dict.fromkeys(
                    ("ip", "user_agent", "created_at", "last_seen_at", "session_key", "data"), End.ERASE
                ),
                secret=("session_key", "data"),
                aside=("created_at", "last_seen_at", "session_key", "data"),
                over=(Over("created_at", only=without_session),),
                labels={
                    "ip": _("Network address (IP)"),
                    "user_agent": _("Browser"),
                    "created_at": _("Session begun"),
                    "last_seen_at": _("Last seen"),
                    "session_key": _("Key of the session"),
                    "data": _("Data of the session"),
                },
            ),
            Held(
                "sessions.Session",
                owner="",
                found_by=sessions_of,
                fields=dict.fromkeys(("session_key", "session_data", "expire_date"), End.ERASE),
                secret=("session_key", "session_data"),
                aside=("session_key", "session_data", "expire_date"),
                over=(Over("expire_date"),),
                labels={
                    "session_key": _("Key of the session"),
                    "session_data": _("Data of the session"),
                    "expire_date": _("Session ends by itself"),
                },
            ),
        ),
    ),
    Category(
        key="customers.email_changes",
        title=_("Changes of e-mail"),
        why=_("So that the owner of the old address can take a change back that was not theirs."),
        purposes=(Purpose.SECURITY,),
        basis=Basis.LAW,
        term=REGISTERED,
        held=(
            Held(
                "customers.EmailChange",
                owner="user",
                fields=dict.fromkeys(("old_email", "new_email", "changed_at", "undone_at", "token_sha256"), End.ERASE),
                secret=("token_sha256",),
                aside=("changed_at", "undone_at", "token_sha256"),
                labels={
                    "changed_at": _("E-mail changed"),
                    "undone_at": _("Change of e-mail taken back"),
                    "token_sha256": _("Hash of the link that takes the change back"),
                },
            ),
        ),
    ),
)
