"""Public pages without session, database or cookie: a WSGI wrapper before Django.

What a view marked with `cms_pages.public.public` is kept by scheme, host and path. Nothing else of a request can
change it, because a kept page is rendered from a request without cookies, query and other headers. Whoever asks cannot
choose how many are kept: a host has one spelling (public_host.py), and only addresses that answer 200 count.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, InterfaceError, connection
from wagtail.models import Site

from cms_pages.answer import Answer, Application, Environ, StartResponse, is_plain, stripped
from cms_pages.kept_page import Body, KeptPage, accepted, same_tag, without_cdn
from cms_pages.last_good import LastGood
from cms_pages.models import PublicVersion
from cms_pages.page_version import public_pages_changed
from cms_pages.public_host import PublicHosts

Key = tuple[str, str, str, str]  # scheme, host, script name, path
HOST, PATH = 1, 3

CHECK_EVERY = 1.0  # seconds between two looks at the version
FLIGHT_WAIT = 2.0  # seconds to wait for another's rendering of the same page before rendering it oneself
CDN_MINUTE = 60.0  # seconds before a page ends in which no CDN may keep it (public.CDNS: 30 fresh + 30 stale)
IMPROVE_AFTER = 5.0  # seconds a page must stand before the best compression is worth its 20 to 70 ms
ENCODINGS_REMEMBERED = 256  # different Accept-Encoding headers
METHODS = ("GET", "HEAD", "POST")
ADMIN_METHODS = ("PATCH", "DELETE")  # Wagtail's scripts hide a banner, and clear a preview, with these
ARCHIVE = "/editions/"  # in the paths of what there may be thousands of: old editions, texts, comparisons
DATABASE_ERRORS = (DatabaseError, InterfaceError)
REFUSAL = (
    ("Allow", ", ".join(METHODS)),
    ("Cache-Control", "private, no-store"),
    ("Content-Length", "0"),
    ("X-Content-Type-Options", "nosniff"),
)
log = logging.getLogger("kelisim.pages")


class PageCache:
    """Answers public pages from memory, and from their last good rendering while the database is away."""

    def __init__(
        self,
        application: Application,
        *,
        limit: int | None = None,
        last_good: LastGood | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Stand before `application`; `limit` is in bytes, of memory and of disk each."""
        self.application, self.clock = application, clock
        self.limit = settings.PAGE_CACHE_BYTES if limit is None else limit
        self.last_good = last_good or LastGood(settings.PAGE_CACHE_DIR, self.limit)
        self.pages: dict[Key, KeptPage] = {}  # those out of date stay until replaced: they are the last good ones
        self.encodings: dict[str, str] = {}
        self.flights: dict[Key, threading.Event] = {}
        self.version: tuple[int, int] | None = None
        self.away = False
        self.check_at = 0.0
        self.lock, self.checking, self.improving = threading.Lock(), threading.Lock(), threading.Lock()
        self.hosts = PublicHosts()
        self.proxy_header, self.proxy_secure = settings.SECURE_PROXY_SSL_HEADER or ("", "")
        if settings.USE_X_FORWARDED_HOST or settings.USE_X_FORWARDED_PORT:
            raise ImproperlyConfigured("Public pages are kept by Host: let the proxy pass Host, not X-Forwarded-Host.")
        public_pages_changed.connect(self.check_soon)

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
        if self.proxy_header:
            scheme = "https" if environ.get(self.proxy_header) == self.proxy_secure else "http"
        return scheme, host, environ.get("SCRIPT_NAME", ""), environ.get("PATH_INFO", "")

    def is_true(self, page: KeptPage, now: float) -> bool:
        """Say whether nothing was published since and no announced edition has come into force."""
        # Two clocks: the monotonic one stands still while a machine sleeps, the other may be set back.
        return page.version == self.version and now < page.expires and time.time() < page.expires_at

    def answer(self, page: KeptPage, environ: Environ, start_response: StartResponse, now: float) -> Iterable[bytes]:
        """Send the page in the encoding the client likes best, or tell it that it has it already."""
        header = environ.get("HTTP_ACCEPT_ENCODING", "")
        encoding = self.encodings.get(header) or self.remember(header)
        body = page.bodies.get(encoding) or self.compress(page, encoding)
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

    def check_soon(self, **kwargs: object) -> None:
        """Look at the version with the next request: this process has just changed it."""
        self.check_at = 0.0

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
        self.improve_one()

    def tell(self, *, away: bool) -> None:
        """Log once that the database went or came back."""
        if away != self.away:
            self.away = away
            log.log(logging.ERROR if away else logging.INFO, "pages.database_away" if away else "pages.database_back")

    # Filling ---------------------------------------------------------------------------------------------------------

    def find(self, key: Key, environ: Environ) -> KeptPage | Answer:
        """Return the page rendered anew, or its last good rendering, or whatever else Django answers."""
        page = self.fallback(key) if self.away else None
        if page:
            return page
        if key in self.pages or key in self.last_good:
            found = self.render_once(key, environ)
            if found:
                return found
        return self.first_seen(key, environ)

    def first_seen(self, key: Key, environ: Environ) -> KeptPage | Answer:
        """Let Django answer the request as it came; what turns out to be public is kept."""
        moment = Moment(self)
        answer = self.ask_django(environ)
        if not answer.is_keepable:
            return answer
        if is_plain(environ) and environ.get("HTTP_HOST") == key[HOST]:
            return self.keep(key, answer, moment)
        answer.close()
        return self.render_once(key, environ) or self.ask_django(environ)

    def ask_django(self, environ: Environ) -> Answer:
        """Return Django's answer; a calm 503 makes us look whether the database is away, and connect anew."""
        answer = Answer(self.application, environ)
        if answer.status.startswith("503"):
            disconnect() if self.away else self.check_version()
        return answer

    def render_once(self, key: Key, environ: Environ) -> KeptPage | Answer | None:
        """Render a page known to be public; who asks for it meanwhile waits for that rendering."""
        with self.lock:
            flight = self.flights.get(key)
            if flight is None:
                mine = self.flights[key] = threading.Event()
        if flight:
            flight.wait(FLIGHT_WAIT)
            page = self.pages.get(key)
            return page if page and self.is_true(page, self.clock()) else self.render(key, environ)
        try:
            return self.render(key, environ)
        finally:
            with self.lock:
                self.flights.pop(key, None)
            mine.set()

    def render(self, key: Key, environ: Environ) -> KeptPage | Answer | None:
        """Render from a stripped request; return None, and forget the page, when it is public no longer."""
        moment, before = Moment(self), self.pages.get(key)
        try:
            tag = before.source_tag if before else ""
            answer = self.ask_django({**stripped(environ, self.proxy_header, tag), "HTTP_HOST": key[HOST]})
        except DATABASE_ERRORS:
            page = self.fallback(key)
            if not page:
                raise
            self.check_version()
            return page
        if before and answer.is_unchanged:
            return self.renew(before, answer, moment)
        if answer.is_keepable:
            return self.keep(key, answer, moment)
        if answer.status.startswith("5"):
            return self.instead_of(answer, key)
        if answer.is_public:
            return answer  # true for less than a second more
        answer.close()
        self.forget(key)
        return None

    def instead_of(self, failure: Answer, key: Key) -> KeptPage | Answer:
        """Return the last good page when the database is to blame; any other failure is shown."""
        if not failure.status.startswith("503"):
            self.check_version()
        page = self.fallback(key) if self.away or failure.status.startswith("503") else None
        if page:
            failure.close()
        return page or failure

    def fallback(self, key: Key) -> KeptPage | None:
        """Return the last good rendering of the page, of this process or of an earlier one."""
        page = self.pages.get(key)
        if page is None:
            page = self.last_good.load(key)
            if page:
                self.pages[key] = page
                self.evict(keep=key)
        return page

    def keep(self, key: Key, answer: Answer, moment: Moment) -> KeptPage:
        """Keep what Django answered, true from the moment its rendering began."""
        page, before = KeptPage(answer.headers, answer.body()), self.pages.get(key)
        if before and before.digest == page.digest:
            page = before  # compressed already
        else:
            page.kept_since = moment.now
        self.renew(page, answer, moment)
        if page.size <= self.limit:
            self.pages[key] = page
            self.evict(keep=key)
            if ARCHIVE not in key[PATH]:  # else comparisons could push the texts in force off the disk
                self.last_good.keep(key, page)
        return page

    def renew(self, page: KeptPage, answer: Answer, moment: Moment) -> KeptPage:
        """Take the page for true from the moment on for as long as the answer says."""
        answer.close()
        page.expires = moment.now + answer.lifetime
        page.expires_at = moment.wall + answer.lifetime
        page.used, page.version = moment.now, moment.version
        return page

    def forget(self, key: Key) -> None:
        """Keep nothing of a page that is public no longer."""
        self.pages.pop(key, None)
        self.last_good.forget(key)

    def evict(self, keep: Key | None = None) -> None:
        """Drop the pages asked for longest ago until the rest fits."""
        with self.lock:
            total = sum(page.size for page in self.pages.values())
            for key in sorted(self.pages, key=lambda key: self.pages[key].used) if total > self.limit else ():
                if total <= self.limit or key == keep:
                    continue
                total -= self.pages.pop(key).size

    # Compressing -----------------------------------------------------------------------------------------------------

    def compress(self, page: KeptPage, encoding: str) -> Body:
        """Return the page in an encoding nobody wanted before."""
        body = page.compress(encoding)
        self.evict()
        return body

    def improve_one(self) -> None:
        """Give one page that lasts its best compression, beside the requests, at most one a second."""
        now = self.clock()
        for page in list(self.pages.values()):
            if page.is_quick and self.is_true(page, now) and page.used >= page.kept_since + IMPROVE_AFTER:
                if self.improving.acquire(blocking=False):
                    threading.Thread(target=self.improve, args=(page,), name="improve-page", daemon=True).start()
                return

    def improve(self, page: KeptPage) -> None:
        """Compress the page as well as it goes."""
        try:
            page.improve()
        finally:
            self.improving.release()


class Moment:
    """What was true when a rendering began; it may show more than that, never less."""

    def __init__(self, cache: PageCache) -> None:
        """Note the version and both clocks."""
        self.version, self.now, self.wall = cache.version, cache.clock(), time.time()


def read_version() -> tuple[int, int] | None:
    """Return the version over this thread's own connection; None when it cannot be read."""
    try:
        if not connection.in_atomic_block:
            connection.close_if_unusable_or_obsolete()
        return PublicVersion.now()
    except DATABASE_ERRORS:
        disconnect()
        return None


def disconnect() -> None:
    """Close this thread's connection, so that the next use opens a sound one."""
    if not connection.in_atomic_block:
        connection.close()
