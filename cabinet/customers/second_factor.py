"""The second factor staff must show: no address under /admin/ opens without it (trust.md, s13).

Whoever has one must show it before their sign-in settings open, too: else a session of the password alone could read
recovery codes there, or take the factor away.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added
from allauth.usersessions.models import UserSession
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import PermissionDenied
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language, get_language_from_path, override

Handler = Callable[[HttpRequest], HttpResponseBase]

FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
DEMANDED_UNDER = "admin/"
OPEN_WITHOUT = {"wagtailadmin_logout"}  # leaving must always be possible
SETTINGS = ("mfa_", "usersessions_", "account_change_", "account_set_", "account_email")
SETTINGS_OPEN_WITHOUT = {  # where the factor is shown, and what a letter leads to
    "mfa_authenticate",
    "mfa_reauthenticate",
    "mfa_reauthenticate_webauthn",
    "mfa_login_webauthn",
    "account_email_verification_sent",
}
SPOKEN = "account_language"  # in the session: /admin/ has no language in its address to lead back by


class DemandSecondFactor:
    """Lead signed-in people to set up or show their second factor before Wagtail's admin answers them."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass the request on, and remember in which language the account pages were read."""
        response = self.get_response(request)
        if response.status_code < 500:
            remember_language(request)
        return response

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponseBase | None:
        """Stop the request where the factor is demanded and was not shown."""
        match = request.resolver_match
        if not match or match.url_name in OPEN_WITHOUT:
            return None
        in_settings = is_setting(match.url_name or "")
        # Nobody is asked for before that is known: who reads the session makes a page private.
        if not (in_settings or match.route.startswith(DEMANDED_UNDER)) or not request.user.is_authenticated:
            return None
        user: Any = request.user
        if in_settings:
            return lead_to_factor(request) if factors_of(user) and not has_shown_factor(request) else None
        # Wagtail would send them to sign in, and signing in would send them back.
        if not user.has_perm("wagtailadmin.access_admin"):
            raise PermissionDenied
        return None if has_shown_factor(request) else lead_to_factor(request)


def is_setting(url_name: str) -> bool:
    """Tell whether this is a page of a person's sign-in settings."""
    return url_name.startswith(SETTINGS) and url_name not in SETTINGS_OPEN_WITHOUT


def factors_of(user: AbstractBaseUser) -> set[str]:
    """Return the kinds of second factor the account has; recovery codes alone are none."""
    return set(Authenticator.objects.filter(user_id=user.pk, type__in=FACTORS).values_list("type", flat=True))


def has_shown_factor(request: HttpRequest) -> bool:
    """Tell whether this session showed a second factor that the account still has."""
    user: Any = request.user
    shown = any(record["method"] == "mfa" for record in get_authentication_records(request, user))
    return shown and bool(factors_of(user))


def lead_to_factor(request: HttpRequest) -> HttpResponseRedirect:
    """Send a person to the step that is missing; refuse a script, which could not follow."""
    if is_script(request):
        raise PermissionDenied
    with override(request.session.get(SPOKEN) or get_language()):
        return HttpResponseRedirect(missing_step(request))


def missing_step(request: HttpRequest) -> str:
    """Return the address where a factor is set up, or shown before going on."""
    factors = factors_of(request.user)  # type: ignore[arg-type]
    if not factors:
        return reverse("mfa_activate_totp")
    step = "mfa_reauthenticate" if Authenticator.Type.TOTP in factors else "mfa_reauthenticate_webauthn"
    # What was posted is lost on the way; the address it was posted to may not answer a GET.
    after_post = "wagtailadmin_home" if in_admin(request) else "mfa_index"
    back = request.get_full_path() if request.method == "GET" else reverse(after_post)
    return f"{reverse(step)}?{urlencode({'next': back})}"


def remember_language(request: HttpRequest) -> None:
    """Keep the language of the account page that a signed-in person has just asked for."""
    language = get_language_from_path(request.path_info)
    if not request.path_info.startswith(f"/{language}/accounts/") or not request.user.is_authenticated:
        return
    if request.session.get(SPOKEN) != language:
        request.session[SPOKEN] = language


def in_admin(request: HttpRequest) -> bool:
    """Tell whether the request is Wagtail's."""
    return request.path_info.startswith(f"/{DEMANDED_UNDER}")


def is_script(request: HttpRequest) -> bool:
    """Tell whether a script asks rather than a person going from page to page."""
    if request.headers.get("X-Requested-With") == "XMLHttpRequest":
        return True
    return request.headers.get("Sec-Fetch-Mode", "navigate") not in {"navigate", "nested-navigate"}


@receiver(authenticator_added)
def count_enrolment_as_shown(request: HttpRequest, user: Any, authenticator: Authenticator, **kwargs: Any) -> None:
    """Do not ask again for the code that was typed to set up the very first factor."""
    # Only the first: else a session that never showed the old factor could add one of its own and walk in.
    if authenticator.type in FACTORS and Authenticator.objects.filter(user=user, type__in=FACTORS).count() == 1:
        record_authentication(request, user, "mfa", id=authenticator.pk, type=authenticator.type)
        request.session.cycle_key()
        UserSession.objects.create_from_request(request)  # under its new key
        end_other_sessions(request, user)


def end_other_sessions(request: HttpRequest, user: Any) -> None:
    """End what was opened by the password alone, perhaps by somebody else, before there was a factor."""
    for session in UserSession.objects.filter(user=user).exclude(session_key=request.session.session_key):
        session.end()
