"""The cookies page, the style sheet that stands in for a script, and the editor's preview of the banner."""

from __future__ import annotations

import re
from typing import Any

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import render
from django.utils.translation import get_language, override
from django.views.decorators.http import require_safe

from cms_pages.chrome import chrome_for
from cms_pages.cookie_answer import Answer
from cms_pages.cookies import content, is_asked, latest
from cms_pages.models import CookieBanner
from cms_pages.public import entity_tag, public

RECEIPT = re.compile(r"^[A-Z2-7-]{1,40}$")  # it stands in a style sheet: nothing that could end its string


@require_safe
def cookies_page(request: HttpRequest) -> HttpResponse:
    """Show what is asked and why; what this browser has answered is read in the browser."""
    chrome = chrome_for(request)
    for language in chrome.languages:
        language.url, language.missing = f"/{language.code}/cookies/", False
    url = request.build_absolute_uri(f"/{get_language()}/cookies/")
    tag = entity_tag("cookies", url, chrome)
    if request.headers.get("If-None-Match") in {tag, "*"}:
        return public(HttpResponseNotModified(headers={"ETag": tag}))
    context = {"chrome": chrome, "canonical_url": url, "groups": (chrome.cookies or {}).get("groups", [])}
    response = render(request, "cms_pages/cookies.html", context)
    response.headers["ETag"] = tag
    return public(response, hosts=chrome.optional_hosts)


@require_safe
def state_css(request: HttpRequest) -> HttpResponse:
    """Tell a browser without JavaScript, in style rules, what its own cookie says; pages stay the same for everybody.

    Where the question cannot be read nothing is told, and so the banner asks on.
    """
    try:
        made = latest()
    except (OperationalError, InterfaceError):
        made = None
    rules = (
        state_rules(made["content"], Answer.of(request), signal=request.headers.get("Sec-GPC") == "1") if made else {}
    )
    return render(request, "cms_pages/cookie_state.css", rules, content_type="text/css; charset=utf-8")


def state_rules(asked: dict[str, Any], answer: Answer, *, signal: bool) -> dict[str, Any]:
    """Return the banner's state, and each group's where this browser has answered."""
    groups = [group for group in asked["groups"] if is_asked(group)] if answer.groups else []
    return {
        "state": answer.state(asked["asked"], signal=signal),
        "allowed": [group["varname"] for group in groups if answer.allows(group, signal=signal)],
        "refused": [group["varname"] for group in groups if not answer.allows(group, signal=signal)],
        "receipt": answer.receipt if RECEIPT.match(answer.receipt) else "",
    }


def preview(request: HttpRequest, words: CookieBanner, language: str) -> HttpResponse:
    """Show an editor the banner with words not yet saved."""
    with override(language):
        asked = content(language)
        asked |= {"heading": getattr(words, f"heading_{language}"), "text": getattr(words, f"text_{language}")}
        context = {"cookies": {**asked, "number": 0}, "language": language}
        return render(request, "cms_pages/banner_preview.html", context)
