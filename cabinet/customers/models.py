"""Who can sign in: one account model for staff and customers, the e-mail is the login."""

from __future__ import annotations

import unicodedata
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from cabinet.customers.ids import new_public_id
from cabinet.customers.links import EngineLink, ErasedLink
from cabinet.customers.marks import GuestMark
from cabinet.customers.people import Address, Customer, EmailChange

__all__ = [
    "Address",
    "Customer",
    "EmailChange",
    "EngineLink",
    "ErasedLink",
    "GuestMark",
    "User",
    "UserManager",
    "new_public_id",
    "normalise_email",
]


def normalise_email(email: str) -> str:
    """Return the one spelling under which an address is kept: NFKC, no spaces around, lower case."""
    return unicodedata.normalize("NFKC", email).strip().lower()


class UserManager(BaseUserManager["User"]):
    """Makes accounts and finds them by their e-mail in any spelling."""

    def get_by_natural_key(self, username: str | None) -> User:
        """Return the account with this e-mail; raise User.DoesNotExist."""
        return self.get(email=normalise_email(username or ""))

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Make an account; without a password it cannot sign in by one."""
        user = self.model(email=email, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Make an account that may do everything."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """An account. Names here are those of staff; a customer's data lives in Customer."""

    public_id = models.CharField(max_length=16, unique=True, editable=False, default=new_public_id)
    email = models.EmailField(_("e-mail"), unique=True)
    first_name = models.CharField(_("first name"), max_length=150, blank=True)
    last_name = models.CharField(_("last name"), max_length=150, blank=True)
    is_staff = models.BooleanField(_("staff"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    date_joined = models.DateTimeField(_("date joined"), default=timezone.now)
    # A demo person's password stands in the code, so this account is nobody where DEBUG is off.
    is_demo = models.BooleanField(editable=False, default=False)
    # Part of what a session is checked against; a new one ends them all.
    session_salt = models.CharField(max_length=16, editable=False, default="", db_default="")

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")

    def __str__(self) -> str:
        return self.email

    def clean(self) -> None:
        """Compare the e-mail with others in the spelling under which it will be kept."""
        super().clean()
        self.email = normalise_email(self.email)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the e-mail in its one spelling, so that two accounts never share an address."""
        self.email = normalise_email(self.email)
        super().save(*args, **kwargs)

    def end_sessions(self) -> None:
        """Make every session of this account worthless; to be saved with `session_salt`."""
        self.session_salt = new_public_id()

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Return what Django keeps in a session: without a salt, what it always kept."""
        purpose = "django.contrib.auth.models.AbstractBaseUser.get_session_auth_hash"
        return salted_hmac(purpose, self.password + self.session_salt, secret=secret, algorithm="sha256").hexdigest()

    def get_full_name(self) -> str:
        """Return the name shown to colleagues."""
        return f"{self.first_name} {self.last_name}".strip() or self.email

    def get_short_name(self) -> str:
        """Return the first name, or the e-mail where there is none."""
        return self.first_name or self.email
