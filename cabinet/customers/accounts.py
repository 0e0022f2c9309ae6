"""What Kelisim asks of django-allauth."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.stagekit import clear_login
from django.conf import settings
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.urls import NoReverseMatch, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language

from cabinet.customers.email_changes import is_taken, offer_undo
from cabinet.notices.posting import post


class AccountAdapter(DefaultAccountAdapter):
    """Letters name our address, never the Host header's; customers land in their cabinet, staff at their desk."""

    def save_user(self, request: HttpRequest, user: Any, form: Any, commit: bool = True) -> Any:
        """Keep what signs in; a customer's names stand in Customer."""
        user.email = form.cleaned_data["email"]
        user.set_password(form.cleaned_data["password1"])
        user.save()
        return user

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Return where a person's work or things are."""
        return home_of(request.user)

    def get_signup_redirect_url(self, request: HttpRequest) -> str:
        """Return the cabinet."""
        return home_of(request.user)

    def is_safe_url(self, url: str | None) -> bool:
        """Tell whether an address to go on to is ours; another name that we answer to is not."""
        return url_has_allowed_host_and_scheme(url, allowed_hosts={urlsplit(settings.SITE_URL).netloc})

    def confirm_email(self, request: HttpRequest, email_address: Any) -> bool:
        """Confirm an address, unless another account has it or may still take it back."""
        if is_taken(email_address.email, but_by=email_address.user):
            return False
        try:
            with transaction.atomic():
                return bool(super().confirm_email(request, email_address))
        except IntegrityError:  # another account took it between our look and our write
            return False

    def send_confirmation_mail(self, request: HttpRequest, emailconfirmation: Any, signup: bool) -> None:
        """Ask to confirm an address; tell its owner instead where another account wishes to change to it."""
        address = emailconfirmation.email_address
        if is_taken(address.email, but_by=address.user):
            self.send_account_already_exists_mail(address.email)
        else:
            super().send_confirmation_mail(request, emailconfirmation, signup)

    def send_notification_mail(
        self, template_prefix: str, user: Any, context: dict[str, Any] | None = None, email: str | None = None
    ) -> None:
        """Tell of a change; a changed address also gets the link that takes it back."""
        context = dict(context or {})
        if template_prefix == "account/email/email_changed":
            path = offer_undo(user, old_email=context["from_email"], new_email=context["to_email"])
            context["undo_url"] = on_our_site(path)
        super().send_notification_mail(template_prefix, user, context, email)

    def pre_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse | None:
        """Refuse demo accounts while DEBUG is off, whichever way they came."""
        if user.is_demo and not settings.DEBUG:
            clear_login(request)
            return self.respond_user_inactive(request, user)
        return super().pre_login(request, user, **kwargs)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Post a letter in the language of the page; its every address begins with SITE_URL (trust.md, s14)."""
        ours = {
            "sign_in_url": on_our_site(reverse("account_login")),
            "sign_up_url": on_our_site(reverse("account_signup")),
            "password_reset_url": on_our_site(reverse("account_reset_password")),
        }
        whole = {"email": email, **ours, **context}
        language = get_language() or settings.LANGUAGE_CODE
        post(template_prefix, to=email, language=language, context=whole, account=context.get("user"))

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Return the link that sets a new password."""
        uid, _, token = key.partition("-")
        return on_our_site(reverse("account_reset_password_from_key", kwargs={"uidb36": uid, "key": token}))

    def get_email_confirmation_url(self, request: HttpRequest, emailconfirmation: Any) -> str:
        """Return the link that confirms an address."""
        return on_our_site(reverse("account_confirm_email", args=[emailconfirmation.key]))

    def send_account_already_exists_mail(self, email: str) -> None:
        """Tell the owner of an address that somebody tried to sign up with it."""
        self.send_mail("account/email/account_already_exists", email, {})


def home_of(user: Any) -> str:
    """Return where a signed-in person begins: staff at Wagtail's desk, customers in the cabinet."""
    if user.is_staff or user.has_perm("wagtailadmin.access_admin"):
        return reverse("wagtailadmin_home")
    try:
        return reverse("cabinet")
    except NoReverseMatch:  # a site may run without the room
        return f"/{get_language() or settings.LANGUAGE_CODE}/cabinet/"


def on_our_site(path: str) -> str:
    """Return the full address of a path, by the setting and not by what a request claims."""
    return settings.SITE_URL.rstrip("/") + path
