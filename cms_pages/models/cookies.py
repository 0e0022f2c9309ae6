"""Cookie groups as editors keep them, and the sealed text of the banner that asks about them."""

from __future__ import annotations

import re
from typing import Any, ClassVar

from cookie_consent import models as package
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.models import PreviewableMixin

from cabinet.audit.append_only import AppendOnlyModel, AppendOnlyQuerySet

RESERVED = ("asked", "gpc", "receipt")  # what our cookie says besides its groups
# A token of RFC 6265, 4.1.1; the star stands for any further letters, as in _ga_*.
cookie_name_validator = RegexValidator(
    r"^[!#$%&'+.^_`|~0-9A-Za-z-]+\*?$", _("Letters, digits and signs such as _ - . without spaces; * only at the end.")
)
COOKIE_PATH = re.compile(r"^/[!-:<-~]*$")  # RFC 6265, 4.1.1: no control characters, no semicolon
HOST = re.compile(r"^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$")
OWN_SCRIPT = re.compile(r"^/static/[\w./-]+\.js$")
OTHER_PATH = re.compile(r"^[\w./?&=%~+,:@-]+$", re.ASCII)
MOST_WORDS = 60  # of a banner in one language, heading and text: what people read before they choose


class Unit(models.TextChoices):
    """What a lifetime is counted in."""

    SESSION = "session", _("until the browser is closed")
    MINUTE = "minute", _("minutes")
    HOUR = "hour", _("hours")
    DAY = "day", _("days")
    MONTH = "month", _("months")


MINUTES = {Unit.SESSION: 0, Unit.MINUTE: 1, Unit.HOUR: 60, Unit.DAY: 24 * 60, Unit.MONTH: 31 * 24 * 60}


class Kind(models.TextChoices):
    """Where the browser keeps it; all three are asked about alike."""

    COOKIE = "cookie", _("cookie")
    LOCAL = "local", _("local storage")
    SESSION = "session", _("session storage")


class CookieGroup(ClusterableModel, package.CookieGroup):
    """A group of cookies with what django-cookie-consent lacks: languages, hosts, a script that waits."""

    name_ru = models.CharField(_("name in Russian"), max_length=60)
    name_kk = models.CharField(_("name in Kazakh"), max_length=60)
    name_en = models.CharField(_("name in English"), max_length=60)
    description_ru = models.TextField(_("what it is for, in Russian"), max_length=400)
    description_kk = models.TextField(_("what it is for, in Kazakh"), max_length=400)
    description_en = models.TextField(_("what it is for, in English"), max_length=400)
    hosts = models.TextField(
        _("hosts"), blank=True, help_text=_("Other sites this group may load from, one a line: www.openstreetmap.org")
    )
    script = models.CharField(
        _("script"),
        max_length=250,
        blank=True,
        help_text=_(
            "Loaded once the visitor allows the group: /static/… of this site, or https:// on one of the hosts."
        ),
    )

    class Meta:
        verbose_name = _("cookie group")
        verbose_name_plural = _("cookie groups")

    def __str__(self) -> str:
        return getattr(self, f"name_{get_language() or settings.LANGUAGE_CODE}") or self.varname

    @property
    def host_names(self) -> list[str]:
        """Return the hosts, one each."""
        return self.hosts.split()

    def clean(self) -> None:
        """Refuse a reserved name, what is no host, and a script from elsewhere."""
        super().clean()
        errors: dict[str, Any] = {}
        if self.varname in RESERVED:
            errors["varname"] = _("This name is taken by the cookie itself.")
        wrong = [host for host in self.host_names if not HOST.match(host)]
        if wrong:
            message = _("Not the name of a host: %(names)s. Write it without https:// and without a path.")
            errors["hosts"] = ValidationError(message, params={"names": ", ".join(wrong)})
        if self.script and not self._is_ours_or_declared(self.script):
            errors["script"] = _("This is neither a file under /static/ nor an https:// address on a declared host.")
        if self.is_required and (self.host_names or self.script):
            errors["is_required"] = _("What is necessary is never loaded from other sites, and waits for nothing.")
        if errors:
            raise ValidationError(errors)

    def _is_ours_or_declared(self, script: str) -> bool:
        host, slash, path = script.removeprefix("https://").partition("/")
        on_host = script.startswith("https://") and host in self.host_names and bool(slash and OTHER_PATH.match(path))
        return on_host or (bool(OWN_SCRIPT.match(script)) and ".." not in script)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save; the package's own name is the one in the site's language."""
        self.name = getattr(self, f"name_{settings.LANGUAGE_CODE}")[:100]
        super().save(*args, **kwargs)


class CookieDeclaration(package.Cookie):
    """One cookie, or one entry of the browser's storage: who sets it, what for, how long."""

    group = ParentalKey(CookieGroup, on_delete=models.CASCADE, related_name="declarations")
    kind = models.CharField(_("kept in"), max_length=10, choices=Kind.choices, default=Kind.COOKIE)
    owner = models.CharField(
        _("who sets it"), max_length=100, blank=True, help_text=_("Empty: this site. Else the company's name.")
    )
    lasts = models.PositiveSmallIntegerField(_("lifetime"), default=0, help_text=_("How many of the unit beside."))
    unit = models.CharField(_("unit"), max_length=10, choices=Unit.choices, default=Unit.SESSION)
    purpose_ru = models.CharField(_("purpose in Russian"), max_length=250)
    purpose_kk = models.CharField(_("purpose in Kazakh"), max_length=250)
    purpose_en = models.CharField(_("purpose in English"), max_length=250)

    class Meta:
        ordering = ["pk"]  # as they were written; the package would put the newest first
        verbose_name = _("cookie")
        verbose_name_plural = _("cookies")

    def __str__(self) -> str:
        return self.name

    @property
    def purpose(self) -> str:
        """Return what it is for in the active language."""
        return str(getattr(self, f"purpose_{get_language() or settings.LANGUAGE_CODE}"))

    @property
    def minutes(self) -> int:
        """Return the longest it may live; 0 for one that ends with the session."""
        return self.lasts * MINUTES[Unit(self.unit)]

    def clean(self) -> None:
        """Refuse a name, path or domain no cookie can bear, and a lifetime without its number."""
        super().clean()
        errors: dict[str, Any] = {}
        try:
            cookie_name_validator(self.name)
        except ValidationError as error:
            errors["name"] = error
        if self.path and not COOKIE_PATH.match(self.path):
            errors["path"] = _("A path begins with / and holds no spaces, semicolons or letters beyond a to z.")
        if self.domain and not HOST.match(self.domain.removeprefix(".")):
            errors["domain"] = _("This is not the name of a host. Leave it empty for the address of this site.")
        if self.unit != Unit.SESSION and not self.lasts:
            errors["lasts"] = _("Say how many.")
        if errors:
            raise ValidationError(errors)

    def lifetime(self) -> str:
        """Return the lifetime in words of the active language."""
        return lifetime(self.lasts, self.unit)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save; the package finds its cookies by their group."""
        self.cookiegroup_id = self.group_id  # type: ignore[attr-defined]
        self.description = getattr(self, f"purpose_{settings.LANGUAGE_CODE}")
        super().save(*args, **kwargs)


def lifetime(lasts: int, unit: str) -> str:
    """Return a lifetime in words of the active language."""
    words = {
        Unit.MINUTE: ngettext("%(count)d minute", "%(count)d minutes", lasts),
        Unit.HOUR: ngettext("%(count)d hour", "%(count)d hours", lasts),
        Unit.DAY: ngettext("%(count)d day", "%(count)d days", lasts),
        Unit.MONTH: ngettext("%(count)d month", "%(count)d months", lasts),
    }
    sentence = words.get(Unit(unit))
    return sentence % {"count": lasts} if sentence else str(Unit.SESSION.label)


class CookieBanner(PreviewableMixin, models.Model):
    """The words of the banner; there is one."""

    heading_ru = models.CharField(_("heading in Russian"), max_length=80)
    heading_kk = models.CharField(_("heading in Kazakh"), max_length=80)
    heading_en = models.CharField(_("heading in English"), max_length=80)
    text_ru = models.TextField(_("text in Russian"), max_length=500)
    text_kk = models.TextField(_("text in Kazakh"), max_length=500)
    text_en = models.TextField(_("text in English"), max_length=500)

    preview_modes = [(code, name) for code, name in settings.LANGUAGES]
    default_preview_mode = settings.LANGUAGE_CODE

    class Meta:
        verbose_name = _("words of the banner")
        verbose_name_plural = _("words of the banner")

    def __str__(self) -> str:
        return str(_("Words of the banner"))

    def clean(self) -> None:
        """Refuse, at the text of its language, a banner that nobody would read to its end."""
        super().clean()
        counts = {code: self.words_in(code) for code, _name in settings.LANGUAGES}
        message = _("Heading and text have %(count)d words together; visitors are asked in %(most)d at the most.")
        errors = {
            f"text_{code}": ValidationError(message, params={"count": count, "most": MOST_WORDS})
            for code, count in counts.items()
            if count > MOST_WORDS
        }
        if errors:
            raise ValidationError(errors)

    def words_in(self, language: str) -> int:
        """Return how many words the banner has in a language; a dash alone is none."""
        both = f"{getattr(self, f'heading_{language}')} {getattr(self, f'text_{language}')}"
        return sum(any(map(str.isalnum, word)) for word in both.split())

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        """Show the banner with these words, above an empty page of the language."""
        from cms_pages.cookie_views import preview

        return preview(request, self, mode_name)


class BannerEdition(AppendOnlyModel):
    """What was asked, in one language, with all that stood behind it; receipts point here."""

    number = models.PositiveIntegerField(_("number"))
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    content = models.JSONField(_("content"))
    text = models.TextField(_("text as shown"))
    sha256 = models.CharField(_("SHA-256 of the text as shown"), max_length=64)
    sealed_at = models.DateTimeField(_("sealed"))
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("author")
    )

    objects: ClassVar[Any] = AppendOnlyQuerySet.as_manager()

    class Meta(AppendOnlyModel.Meta):
        constraints = [models.UniqueConstraint(fields=["number", "language"], name="one_banner_per_language")]
        ordering = ["-number"]
        verbose_name = _("edition of the banner")
        verbose_name_plural = _("editions of the banner")

    def __str__(self) -> str:
        return f"{self.number} ({self.language})"
