"""Addresses for machines: is it alive, is it ready, whom to tell of a hole."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from cabinet.privacy.gate import is_behind
from cms_pages.models import PublicVersion

SECURITY_TXT_LIFETIME = timedelta(days=180)  # RFC 9116, 2.5.5: less than a year into the future


def livez(request: HttpRequest) -> HttpResponse:
    """Answer 200 while the process can answer at all."""
    return HttpResponse("alive\n", content_type="text/plain; charset=utf-8")


def readyz(request: HttpRequest) -> HttpResponse:
    """Answer 200 when the database answers, holds our tables, and is no older than its tombstones; 503 when not."""
    try:
        PublicVersion.now()
    except DatabaseError:
        return HttpResponse("database away\n", status=503, content_type="text/plain; charset=utf-8")
    if is_behind():
        return HttpResponse("restored, not replayed\n", status=503, content_type="text/plain; charset=utf-8")
    return HttpResponse("ready\n", content_type="text/plain; charset=utf-8")


def security_txt(request: HttpRequest) -> HttpResponse:
    """Tell whom to write about a vulnerability (RFC 9116)."""
    expires = (timezone.now() + SECURITY_TXT_LIFETIME).replace(hour=0, minute=0, second=0, microsecond=0)
    lines = [
        f"Contact: {settings.SECURITY_CONTACT}",
        f"Expires: {expires.isoformat()}",
        "Preferred-Languages: ru, kk, en",
        f"Canonical: {settings.SITE_URL}/.well-known/security.txt",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
