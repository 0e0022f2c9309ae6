"""What each kind of letter looks like, in each language, with sample data of nobody."""

from __future__ import annotations

import base64
import hashlib
import re

from django.conf import settings
from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from cabinet.notices.kinds import Kind, kinds

STYLE = re.compile(r"<style>(.*?)</style>", re.DOTALL)

for_staff = permission_required("notices.preview_letter", raise_exception=True)


@require_safe
@for_staff
def all_kinds(request: HttpRequest) -> HttpResponse:
    language = get_language() or settings.LANGUAGE_CODE
    rows = sorted((kind.subject(language), template) for template, kind in kinds.items())
    return render(request, "notices/admin/kinds.html", {"rows": rows, "languages": languages()})


@require_safe
@for_staff
def one_kind(request: HttpRequest, language: str, template: str) -> HttpResponse:
    written = kind_of(language, template).written(language)
    context = {"written": written, "template": template, "language": language, "languages": languages()}
    return render(request, "notices/admin/preview.html", context)


@require_safe
@for_staff
@xframe_options_sameorigin
def as_html(request: HttpRequest, language: str, template: str) -> HttpResponse:
    html = kind_of(language, template).written(language).html
    response = HttpResponse(html)
    # A letter brings its own style; nothing else in it may load or run.
    response.policy_adds = {"style-src": [source_of_style(style) for style in STYLE.findall(html)]}  # type: ignore[attr-defined]
    return response


def kind_of(language: str, template: str) -> Kind:
    """Return the kind; raise Http404 for one that nobody registered, or another language."""
    if template not in kinds or language not in dict(settings.LANGUAGES):
        raise Http404
    return kinds[template]


def languages() -> list[tuple[str, str]]:
    """Return the languages letters are written in, as their speakers call them."""
    return list(settings.LANGUAGE_NAMES.items())


def source_of_style(style: str) -> str:
    """Return the source expression of a style, which stands for its bytes (CSP 3, 8.3)."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()}'"
