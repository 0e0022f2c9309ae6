"""Public pages without session, database or cookie: a WSGI wrapper before Django.

What a view marked with `cms_pages.public.public` is kept by scheme, host and path. Nothing else of a request can
change it, because a kept page is rendered from a request for its address and nothing besides. Whoever asks cannot
choose how many are kept: a host has one spelling (public_host.py), and only addresses that answer 200 count.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from wagtail.models import Site

from cms_pages.answer import Answer, Application, Environ, StartResponse
from cms_pages.kept_page import KeptPage, Key, accepted, same_tag, without_cdn
from cms_pages.last_good import LastGood
from cms_pages.page_store import Later, PageStore, at_once
from cms_pages.page_version import public_pages_changed, read_version
from cms_pages.public_host import PublicHosts
from cms_pages.release import release
from cms_pages.renderings import Renderings

CHECK_EVERY = 1.0  # seconds between two looks at the version
CDN_MINUTE = 60.0  # seconds before a page ends in which no CDN may keep it (public.CDNS: 30 fresh + 30 stale)
READY_FOR = 5.0  # seconds that making pages ready may take after a publication; readers render what is left
ENCODINGS_REMEMBERED = 256  # different Accept-Encoding headers
METHODS = ("GET", "HEAD", "POST")
ADMIN_METHODS = ("PATCH", "DELETE")  # Wagtail's scripts hide a banner, and clear a preview, with these
REFUSAL = (
    ("Allow", ", ".join(METHODS)),
    ("Cache-Control", "private, no-store"),
    ("Content-Length", "0"),
    ("X-Content-Type-Options", "nosniff"),
)
log = logging.getLogger("kelisim.pages")


class PageCache(Renderings):
    """Answers public pages from memory, and from their last good rendering while the database is away."""

    def __init__(
        self,
        application: Application,
        *,
        limit: int | None = None,
        last_good: LastGood | None = None,
        clock: Callable[[], float] = time.monotonic,
        later: Later = at_once,
    ) -> None:
        """Stand before `application`; `limit` is in bytes, of memory and of disk each; `later` is for copies."""
        limit = settings.PAGE_CACHE_BYTES if limit is None else limit
        store = PageStore(last_good or LastGood(settings.PAGE_CACHE_DIR, limit), limit, later)
        super().__init__(application, store, clock, settings.SECURE_PROXY_SSL_HEADER or ("", ""))
        self.encodings: dict[str, str] = {}
        self.check_at = 0.0
        self.checking, self.readying = threading.Lock(), threading.Lock()
        self.hosts = PublicHosts()
        if settings.USE_X_FORWARDED_HOST or settings.USE_X_FORWARDED_PORT:
            raise ImproperlyConfigured("Public pages are kept by Host: let the proxy pass Host, not X-Forwarded-Host.")
        release()  # of what this process has loaded, not of what may lie there later
        public_pages_changed.connect(self.published_here)

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer from memory where that is true, else let Django answer."""
        method = environ["REQUEST_METHOD"]
        if method not in ("GET", "HEAD"):
            return self.pass_on(environ, start_response)
        now = self.clock()
        if now >= self.check_at:
            self.check_version()
        key = self.key(environ)
        if key is None:
            return self.ask_django(environ).send(start_response, head=method == "HEAD")
        kept = self.pages.get(key)
        page = kept if kept and self.is_true(kept, now) else self.find(key, environ)
        if isinstance(page, Answer):
            return page.send(start_response, head=method == "HEAD")
        page.used = now
        return self.answer(page, environ, start_response, now)

    def pass_on(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Let Django answer a form; refuse a method that nothing here answers, before it costs anything."""
        method = environ["REQUEST_METHOD"]
        in_admin = environ.get("PATH_INFO", "").startswith("/admin/")
        if method in METHODS or (in_admin and method in ADMIN_METHODS):
            return self.ask_django(environ).send(start_response)
        start_response("405 Method Not Allowed", [*REFUSAL])
        return []

    def key(self, environ: Environ) -> Key | None:
        """Return all of a request that a public page may depend on; None when it names a host that is not ours."""
        host = self.hosts.canonical(environ)
        if host is None:
            return None
        scheme = environ["wsgi.url_scheme"]
        header, secure = self.proxy
        if header:
            scheme = "https" if environ.get(header) == secure else "http"
        return scheme, host, environ.get("SCRIPT_NAME", ""), environ.get("PATH_INFO", "")

    def answer(self, page: KeptPage, environ: Environ, start_response: StartResponse, now: float) -> Iterable[bytes]:
        """Send the page in the encoding the client likes best, or tell it that it has it already."""
        header = environ.get("HTTP_ACCEPT_ENCODING", "")
        encoding = self.encodings.get(header) or self.remember(header)
        body = page.bodies.get(encoding) or self.store.compress(page, encoding)
        if_none_match = environ.get("HTTP_IF_NONE_MATCH")
        unchanged = if_none_match is not None and same_tag(if_none_match, body.etag)
        headers = body.headers_unchanged if unchanged else body.headers
        ends = self.away or now >= page.expires - CDN_MINUTE
        start_response("304 Not Modified" if unchanged else "200 OK", without_cdn(headers) if ends else headers[:])
        return [] if unchanged or environ["REQUEST_METHOD"] == "HEAD" else body.data

    def remember(self, header: str) -> str:
        """Return the encoding for this Accept-Encoding, read once."""
        encoding = accepted(header)
        if len(self.encodings) < ENCODINGS_REMEMBERED:
            self.encodings[header] = encoding
        return encoding

    # Which version is true -------------------------------------------------------------------------------------------

    def check_version(self) -> None:
        """Read the version; where it cannot be read the database is away until it can."""
        if not self.checking.acquire(blocking=False):
            return  # somebody is looking already
        try:
            begun = self.clock()
            self.check_at = begun + CHECK_EVERY
            version = read_version()
            if version is None:
                # A refused connection costs nothing, a hanging one seconds: it must not hold up every request.
                self.check_at = begun + max(CHECK_EVERY, 5 * (self.clock() - begun))
            elif version != self.version:
                if self.version is None or version[1] != self.version[1]:
                    Site.clear_site_root_paths_cache()  # the process that moved a page cleared only its own
                self.version = version
            self.tell(away=version is None)
        finally:
            self.checking.release()
        now = self.clock()
        self.store.improve_one(lambda page: self.is_true(page, now))

    def tell(self, *, away: bool) -> None:
        """Log once that the database went or came back."""
        if away != self.away:
            self.away = away
            log.log(logging.ERROR if away else logging.INFO, "pages.database_away" if away else "pages.database_back")

    def published_here(self, **kwargs: object) -> None:
        """Look at the version with the next request, and make pages ready beside it: this process changed them."""
        self.check_at = 0.0
        if self.readying.acquire(blocking=False):  # else one is waiting to begin
            self.store.soon(self.make_ready)

    def make_ready(self) -> None:
        """Bring every page on the disk up to date, so that no reader of any worker waits for its rendering.

        Nothing hangs on it: what fails or is not reached is rendered for its first reader.
        """
        if self.readying.locked():
            self.readying.release()  # what is published from now on needs another look
        until = self.clock() + READY_FOR
        try:
            self.check_version()
            for key in self.last_good:
                if self.away or self.clock() > until:
                    break
                self.bring_up_to_date(key)
        except Exception:
            log.exception("pages.not_made_ready")
