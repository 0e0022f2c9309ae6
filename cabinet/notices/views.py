"""The letters of a demo, for who follows a sign-up without a mail server."""

from __future__ import annotations

from typing import Any

from cryptography.fernet import InvalidToken
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cabinet.notices.demo import SHOWN, are_letters_shown
from cabinet.notices.models import Letter
from cabinet.notices.writing import parts_of


@require_safe
def demo_letters(request: HttpRequest) -> HttpResponse:
    if not are_letters_shown():
        raise Http404
    letters = Letter.objects.exclude(sealed="").order_by("-pk")[:SHOWN]
    return render(request, "notices/demo_letters.html", {"letters": [shown(letter) for letter in letters]})


def shown(letter: Letter) -> dict[str, Any]:
    """Return a letter as the page shows it; one from before another SECRET_KEY has no words."""
    try:
        written = letter.written
    except InvalidToken:
        written = None
    return {"letter": letter, "written": written, "parts": list(parts_of(written.text)) if written else []}
