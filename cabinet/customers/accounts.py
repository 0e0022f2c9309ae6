"""What Kelisim asks of django-allauth."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.stagekit import clear_login
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.encoding import force_str


class AccountAdapter(DefaultAccountAdapter):
    """Sign-up stays closed until customers have their cabinet; letters name our address, never the Host header's."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Return no."""
        return False

    def pre_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse | None:
        """Refuse demo accounts while DEBUG is off, whichever way they came."""
        if user.is_demo and not settings.DEBUG:
            clear_login(request)
            return self.respond_user_inactive(request, user)
        return super().pre_login(request, user, **kwargs)

    def format_email_subject(self, subject: str) -> str:
        """Return the subject as it stands: the sender's name already tells whose letter it is."""
        return force_str(subject)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send a letter whose every address begins with SITE_URL (trust.md, s14)."""
        ours = {
            "current_site": SimpleNamespace(name=settings.WAGTAIL_SITE_NAME, domain=urlsplit(settings.SITE_URL).netloc),
            "sign_in_url": on_our_site(reverse("account_login")),
            "password_reset_url": on_our_site(reverse("account_reset_password")),
        }
        self.render_mail(template_prefix, email, {"email": email, **ours, **context}).send()

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


def on_our_site(path: str) -> str:
    """Return the full address of a path, by the setting and not by what a request claims."""
    return settings.SITE_URL.rstrip("/") + path
