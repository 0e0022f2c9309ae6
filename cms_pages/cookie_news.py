"""Tells an editor what saving cookies came to: which edition that sealed, who is asked again and why."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from cms_pages.cookie_forms import SealingForm
from cms_pages.cookies import is_asked
from cms_pages.models import BannerEdition

Group = dict[str, Any]


class TellsOutcome:
    """Says after saving which edition that has sealed, and whether visitors are asked again."""

    form: SealingForm

    def get_success_message(self, instance: Any = None) -> str:
        """Return both sentences."""
        saved = _("“%(name)s” is saved.") % {"name": self.form.instance}
        return f"{saved} {outcome(self.form.sealed)}"


def outcome(number: int | None) -> str:
    """Return what sealing came to, as a sentence in the reader's language; None: no word had changed."""
    if number is None:
        return _("No word has changed, so nothing new was sealed and nobody is asked again.")
    reasons = why_asked_again(number)
    words = {"number": number, "reasons": " · ".join(reasons)}
    if reasons:
        return _("Edition %(number)d of the banner is sealed. Visitors are asked again because: %(reasons)s.") % words
    return _("Edition %(number)d of the banner is sealed. Nobody is asked again.") % words


def why_asked_again(number: int) -> list[str]:
    """Return for each group of an edition that visitors are asked about anew what is more in it than before."""
    before = {group["varname"]: group for group in _asked(number - 1)}
    now = [group for group in _asked(number) if _is_newer(group, before.get(group["varname"]))]
    return [f"{group['name']}: {', '.join(_more(group, before.get(group['varname'])))}" for group in now]


def _asked(number: int) -> list[Group]:
    language = get_language() or settings.LANGUAGE_CODE
    found = BannerEdition.objects.filter(number=number, language=language).values_list("content", flat=True).first()
    return [group for group in found["groups"] if is_asked(group)] if found else []


def _is_newer(now: Group, before: Group | None) -> bool:
    return before is None or now["version"] > before["version"]


def _more(now: Group, before: Group | None) -> list[str]:
    if before is None:
        return [_("visitors have not been asked about it yet")]
    return [*_more_cookies(now, before), *_more_sources(now, before)] or [_("its purpose became wider")]


def _more_sources(now: Group, before: Group) -> Iterator[str]:
    hosts = sorted(set(now["hosts"]) - set(before["hosts"]))
    if hosts:
        yield _("it loads from more hosts (%(names)s)") % {"names": ", ".join(hosts)}
    if now["script"] not in {"", before["script"]}:
        yield _("it runs another script (%(name)s)") % {"name": now["script"]}


def _more_cookies(now: Group, before: Group) -> Iterator[str]:
    old = {_key(one): one for one in before["cookies"]}
    pairs = [(one, old.get(_key(one))) for one in now["cookies"]]
    new = [one["name"] for one, was in pairs if was is None]
    longer = [one["name"] for one, was in pairs if was and one["minutes"] > was["minutes"]]
    handed = [one["name"] for one, was in pairs if was and one["is_ours"] is not was["is_ours"]]
    handed += [one["name"] for one, was in pairs if was and not one["is_ours"] and one["owner"] != was["owner"]]
    if new:
        yield _("it sets what it did not set before (%(names)s)") % {"names": ", ".join(new)}
    if longer:
        yield _("it keeps for longer than before (%(names)s)") % {"names": ", ".join(longer)}
    if handed:
        yield _("somebody else sets it than before (%(names)s)") % {"names": ", ".join(dict.fromkeys(handed))}


def _key(one: dict[str, Any]) -> tuple[str, str, str]:
    return one["name"], one["domain"], one["kind"]
