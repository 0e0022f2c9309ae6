"""The gate: a database that was restored and not replayed shows nobody's data, changes nothing and sends nothing."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import Resolver404, resolve

from cabinet.privacy.models import Tombstone
from cabinet.privacy.tombstone_file import last_uid

log = logging.getLogger("kelisim.tombstones")

Handler = Callable[[HttpRequest], HttpResponse]

LOOK_EVERY = 5.0  # seconds between two looks at the database; at the file one looks with each request
RETRY_AFTER = 600  # seconds; an operator is at it
OPEN_TO_READ = ("cms_pages.", "config.", "wagtail.views")  # what is the same for everybody


class Watch:
    """Whether this process has seen the file hold a mark that the database does not know."""

    def __init__(self) -> None:
        """Know nothing yet."""
        self.seen: object = None
        self.until = 0.0
        self.behind = False

    def is_behind(self) -> bool:
        """Compare the end of the file with the database: when the file has changed, and each few seconds."""
        now, seen = time.monotonic(), state_of_file()
        if seen != self.seen or now >= self.until:
            self.tell(self.compare(bool(seen)))
            self.seen, self.until = seen, now + LOOK_EVERY
        return self.behind

    def compare(self, is_there: bool) -> bool:
        """Say whether the last mark is unknown here; a database that is away is told of elsewhere."""
        last = last_uid(settings.TOMBSTONES) if is_there else None
        if last is None:
            return False
        try:
            return not Tombstone.objects.filter(uid=last).exists()
        except DatabaseError:
            return self.behind

    def tell(self, behind: bool) -> None:
        """Log once that the gate was closed or opened."""
        if behind != self.behind:
            self.behind = behind
            log.log(logging.ERROR if behind else logging.INFO, "tombstones.behind" if behind else "tombstones.replayed")


def state_of_file() -> object:
    """Return what changes with the file; None where there is none."""
    try:
        stat = os.stat(settings.TOMBSTONES)  # noqa: PTH116  (with each request)
    except OSError:
        return None
    return stat.st_ino, stat.st_size, stat.st_mtime_ns


watch = Watch()


def is_behind() -> bool:
    """Say whether the database is older than its tombstones."""
    return watch.is_behind()


def closed_until_replayed(get_response: Handler) -> Handler:
    """Answer 503 to all but readers of public pages, and machines that ask whether we live (f15)."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if not is_behind() or is_open(request):
            return get_response(request)
        response = HttpResponse(render_to_string("privacy/behind.html"), status=503)
        response.headers["Retry-After"] = str(RETRY_AFTER)
        return response

    return middleware


def is_open(request: HttpRequest) -> bool:
    """Say whether the address shows what is the same for everybody, or nothing."""
    if request.method not in {"GET", "HEAD"} or request.path_info.startswith("/admin/"):
        return False
    try:
        view = resolve(request.path_info).func
    except Resolver404:
        return True
    return view.__module__.startswith(OPEN_TO_READ)
