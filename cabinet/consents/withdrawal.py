"""Removing our cookies of the groups that a visitor refused, for browsers without JavaScript too."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse

from cms_pages.models.cookies import Kind, cookie_name_validator


def remove_refused(
    request: HttpRequest, response: HttpResponse, groups: list[dict[str, Any]], choices: dict[str, bool]
) -> None:
    """Have the browser drop the declared cookies of every refused group; those of other sites are beyond us."""
    for group in groups:
        if choices.get(group["varname"]) is False:
            for name, one in _declared(request, group):
                response.delete_cookie(name, path=one["path"] or "/", domain=one["domain"] or None)


def stored_by_refused(groups: list[dict[str, Any]], choices: dict[str, bool]) -> list[tuple[str, str]]:
    """Return where refused groups keep what a server cannot remove: (local or session, name)."""
    refused = [group for group in groups if choices.get(group["varname"]) is False]
    return [(one["kind"], one["name"]) for group in refused for one in group["cookies"] if one["kind"] != Kind.COOKIE]


def _declared(request: HttpRequest, group: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for one in group["cookies"]:
        if one["kind"] != Kind.COOKIE:
            continue
        if not one["name"].endswith("*"):
            yield one["name"], one
        else:
            yield from ((held, one) for held in request.COOKIES if _is_such(held, one["name"][:-1]))


def _is_such(held: str, beginning: str) -> bool:
    try:
        cookie_name_validator(held.rstrip("*"))  # a name that no answer could bear was not set by us
    except ValidationError:
        return False
    return held.startswith(beginning)
