"""What visitors are asked about cookies: sealed as an edition, asked again when it becomes more."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import Any

from cookie_consent.util import dict_to_cookie_str
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import override

from cms_pages.models import BannerEdition, CookieBanner, CookieDeclaration, CookieGroup, PublicVersion
from cms_pages.models.version import PAGES
from cms_pages.page_version import tell_this_process

LANGUAGES = tuple(code for code, _name in settings.LANGUAGES)
TICK = timedelta(microseconds=1)

Content = dict[str, Any]


@transaction.atomic
def seal_banner(*, author: Any = None, ask_again: str = "") -> int | None:
    """Seal what is asked now, in each language; return the edition's number, None when no word has changed.

    `ask_again` is the varname of a group whose purpose became wider, which only a person can tell. New cookies, hosts,
    scripts, owners and longer lifetimes are noticed by themselves. Where a group asks for more than before, its version
    becomes newer than any given answer, and so the banner asks again.
    """
    PublicVersion.raise_row(PAGES)  # locks: two editors who save at once get two numbers
    last = latest()
    widen(last["content"]["groups"] if last else [], ask_again)
    number = last["number"] if last else 0
    if last and all(latest(code)["content"] == content(code, number) for code in LANGUAGES):
        return None
    number += 1
    contents = {language: content(language, number) for language in LANGUAGES}
    for language, made in contents.items():
        text = shown(made, language)
        BannerEdition.objects.create(
            number=number,
            language=language,
            content=made,
            text=text,
            sha256=hashlib.sha256(text.encode()).hexdigest(),
            sealed_at=timezone.now(),
            author=author,
        )
    transaction.on_commit(tell_this_process)
    return number


def latest(language: str = settings.LANGUAGE_CODE) -> Any:
    """Return number and content of the newest edition in a language; one query."""
    found = BannerEdition.objects.filter(language=language).order_by("-number")
    return found.values("pk", "number", "content", "sha256").first()


def content(language: str, number: int = 0) -> Content:
    """Return what is asked, as the banner, the cookies page and the cookie policy show it in a language."""
    words = CookieBanner.objects.first()
    found = CookieGroup.objects.prefetch_related("declarations").order_by("ordering", "pk")
    with override(language):
        groups = [_group(group, language) for group in found]
    versions = {group["varname"]: group["version"] for group in groups if is_asked(group)}
    asked = max(versions.values(), default="")
    return {
        "number": number,
        "heading": getattr(words, f"heading_{language}", ""),
        "text": getattr(words, f"text_{language}", ""),
        "asked": asked,
        "versions": dict_to_cookie_str(versions),
        "newest": ", ".join(group["name"] for group in groups if versions.get(group["varname"]) == asked),
        "groups": groups,
    }


def is_asked(group: dict[str, Any]) -> bool:
    """Say whether the visitor decides on this group; the package takes one without cookies for accepted."""
    return not group["required"] and bool(group["cookies"])


def _group(group: CookieGroup, language: str) -> dict[str, Any]:
    declared = sorted(group.declarations.all(), key=lambda one: one.pk)  # type: ignore[attr-defined]
    return {
        "varname": group.varname,
        "version": group.get_version(),
        "required": group.is_required,
        "name": getattr(group, f"name_{language}"),
        "description": getattr(group, f"description_{language}"),
        "hosts": group.host_names,
        "script": group.script,
        "cookies": [_cookie(one, language) for one in declared],
    }


def _cookie(one: CookieDeclaration, language: str) -> dict[str, Any]:
    return {
        "name": one.name,
        "domain": one.domain,
        "path": one.path,
        "kind": one.kind,
        "kept_in": str(one.get_kind_display()),
        "owner": one.owner or str(_("this site")),
        "is_ours": not one.owner,
        "purpose": getattr(one, f"purpose_{language}"),
        "lifetime": one.lifetime(),
        "minutes": one.minutes,
    }


def shown(made: Content, language: str) -> str:
    """Return the text the visitor had before them when choosing, one sentence or row a line."""
    lines = [made["heading"], made["text"]]
    with override(language):
        for group in made["groups"]:
            when = _("always on") if group["required"] else _("your choice")
            lines += ["", f"{group['name']}: {when}"]
            lines += [group["description"], *group["hosts"]]
            lines += [
                " · ".join((one["name"], one["kept_in"], one["owner"], one["purpose"], one["lifetime"]))
                for one in group["cookies"]
            ]
    return "\n".join(lines) + "\n"


# Asking again --------------------------------------------------------------------------------------------------------


def widen(before: list[dict[str, Any]], ask_again: str = "") -> list[str]:
    """Give each group that asks for more than before a version newer than every answer; return their varnames."""
    old = {group["varname"]: group for group in before if is_asked(group)}
    moment = _later_than(max((group["version"] for group in before if group["version"]), default=""))
    wider = []
    for group in CookieGroup.objects.filter(is_required=False).prefetch_related("declarations"):
        now = _group(group, settings.LANGUAGE_CODE)
        if now["cookies"] and (group.varname == ask_again or asks_for_more(now, old.get(group.varname))):
            group.cookie_set.all().update(created=moment)
            wider.append(group.varname)
        elif group.varname in old:  # a row written anew, which asks for no more than the old one
            version = parse_datetime(old[group.varname]["version"])
            group.cookie_set.filter(created__gt=version).update(created=version)
    return wider


def asks_for_more(now: dict[str, Any], before: dict[str, Any] | None) -> bool:
    """Say whether an answer given to `before` does not cover `now`; texts are for people to judge."""
    if before is None or set(now["hosts"]) - set(before["hosts"]) or now["script"] not in {"", before["script"]}:
        return True
    old = {_key(one): one for one in before["cookies"]}
    return any(_is_more(one, old.get(_key(one))) for one in now["cookies"])


def _key(one: dict[str, Any]) -> tuple[str, str, str]:
    return one["name"], one["domain"], one["kind"]


def _is_more(one: dict[str, Any], before: dict[str, Any] | None) -> bool:
    if before is None or one["minutes"] > before["minutes"]:
        return True
    return (one["is_ours"], one["is_ours"] or one["owner"]) != (before["is_ours"], before["is_ours"] or before["owner"])


def _later_than(version: str) -> datetime:
    """Return now, or a moment after the version where the clock was set back since."""
    newest = parse_datetime(version) if version else None
    return max(timezone.now(), newest + TICK) if newest else timezone.now()
