"""Words that django-allauth and Django put on our sign-in pages, for our own Kazakh catalogue.

allauth and Wagtail have no Kazakh at all, and Django's own is incomplete. makemessages reads only our files, so the
messages that reach these pages stand here once more, letter by letter. Nothing imports this module.
"""

from __future__ import annotations

from django.utils.translation import gettext_noop as _
from django.utils.translation import ngettext_lazy

LABELS = [
    _("Email"),
    _("Email address"),
    _("Password"),
    _("Forgot your password?"),
    _("Current Password"),
    _("New Password"),
    _("New Password (again)"),
    _("Code"),
    _("Authenticator code"),
    _("Passwordless"),
    _(
        "Enabling passwordless operation allows you to sign in using just this key, "
        "but imposes additional requirements such as biometrics or PIN protection."
    ),
    _("Master key"),
    _("Backup key"),
    _("Key nr. {number}"),
    _("Use your password"),
    _("Use authenticator app or code"),
    _("Use a security key"),
]

REFUSALS = [
    _("The email address and/or password you specified are not correct."),
    _("Too many failed login attempts. Try again later."),
    _("Be patient, you are sending too many requests."),
    _("This account is currently inactive."),
    _("Incorrect code."),
    _("Incorrect password."),
    _("Invalid login."),
    _("Invalid or expired key."),
    _("The password reset token was invalid."),
    _("Please type your current password."),
    _("You must type the same password each time."),
    _("The new value must be different from the current one."),
    _("A user is already registered with this email address."),
    _("This email address is already associated with this account."),
    _("You cannot remove your primary email address."),
    _("Your primary email address must be verified."),
    _("You cannot add an email address to an account protected by two-factor authentication."),
    _("You cannot activate two-factor authentication until you have verified your email address."),
    _("You cannot deactivate two-factor authentication."),
    _("You cannot generate recovery codes without having two-factor authentication enabled."),
]

DONE = [
    # Upstream writes these placeholders without spaces; a message is found only letter by letter.
    _("Successfully signed in as %(name)s."),
    _("You have signed out."),
    _("Password successfully changed."),
    _("Password successfully set."),
    _("Confirmation email sent to %(email)s."),
    _("You have confirmed %(email)s."),
    _("Unable to confirm %(email)s because it is already confirmed by a different account."),
    _("Removed email address %(email)s."),
    _("Primary email address set."),
    _("Authenticator app activated."),
    _("Authenticator app deactivated."),
    _("A new set of recovery codes has been generated."),
    _("Security key added."),
    _("Security key removed."),
    _("Signed out of all other sessions."),
]

DJANGO = [
    _("This field is required."),
    _("Enter a valid email address."),
    _("Null characters are not allowed."),
    _("This password is too common."),
    _("Your password can’t be a commonly used password."),
    _("The password is too similar to the %(verbose_name)s."),
    _("Your password can’t be too similar to your other personal information."),
    ngettext_lazy(
        "This password is too short. It must contain at least %d character.",
        "This password is too short. It must contain at least %d characters.",
    ),
    ngettext_lazy(
        "Your password must contain at least %(min_length)d character.",
        "Your password must contain at least %(min_length)d characters.",
    ),
]
