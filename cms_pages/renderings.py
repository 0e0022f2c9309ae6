"""Where a public page comes from when memory has none that is true: the disk, Django, the last good rendering."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from cms_pages.answer import Answer, Application, Environ, is_plain, plain_request
from cms_pages.glance import DATABASE_ERRORS, glance
from cms_pages.kept_page import KeptPage, Key
from cms_pages.known_query import asked_once
from cms_pages.page_store import PageStore
from cms_pages.page_version import disconnect, renew_connection

HOST = 1  # in a key
FLIGHT_WAIT = 2.0  # seconds to wait for another's rendering of the same page before rendering it oneself


class Renderings:
    """Finds the true rendering of a page, or whatever else Django answers at its address."""

    def __init__(
        self, application: Application, store: PageStore, clock: Callable[[], float], proxy: tuple[str, str]
    ) -> None:
        """Stand before `application`; `proxy` is the header that says https, and its word."""
        self.application, self.store, self.clock, self.proxy = application, store, clock, proxy
        self.pages, self.last_good = store.pages, store.last_good
        self.flights: dict[Key, threading.Event] = {}
        self.lock = threading.Lock()
        self.version: tuple[int, int] | None = None
        self.away = False

    def check_version(self) -> None:
        """Read the version, and whether the database is away."""
        raise NotImplementedError

    def is_true(self, page: KeptPage, now: float) -> bool:
        """Say whether nothing was published since and no announced edition has come into force."""
        # Two clocks: the monotonic one stands still while a machine sleeps, the other may be set back.
        return page.version == self.version and now < page.expires and time.time() < page.expires_at

    def find(self, key: Key, environ: Environ) -> KeptPage | Answer:
        """Return the page anew, or its last good rendering, or whatever else Django answers."""
        page = self.fallback(key) if self.away else None
        if page:
            return page
        if key in self.pages or key in self.last_good:
            found = self.render_once(key)
            if found:
                return found
        return self.first_seen(key, environ)

    def bring_up_to_date(self, key: Key) -> None:
        """Render a page on the disk anew, for all of this machine, if what it shows has changed."""
        page = self.pages.get(key)
        if page and self.is_true(page, self.clock()):
            return
        found = self.render_once(key)
        if isinstance(found, Answer):
            found.close()

    def first_seen(self, key: Key, environ: Environ) -> KeptPage | Answer:
        """Let Django answer the request as it came; what turns out to be public is kept."""
        moment = Moment(self)
        answer = self.ask_django(environ)
        if not answer.is_keepable:
            return answer
        if is_plain(environ) and environ.get("HTTP_HOST") == key[HOST]:
            return self.keep(key, answer, moment)
        answer.close()
        return self.render_once(key) or self.ask_django(environ)

    def ask_django(self, environ: Environ) -> Answer:
        """Return Django's answer; a calm 503 makes us look whether the database is away, and connect anew."""
        answer = Answer(self.application, environ)
        if answer.status.startswith("503"):
            disconnect() if self.away else self.check_version()
        return answer

    def render_once(self, key: Key) -> KeptPage | Answer | None:
        """Render a page known to be public; who asks for it meanwhile waits for that rendering."""
        with self.lock:
            flight = self.flights.get(key)
            if flight is None:
                mine = self.flights[key] = threading.Event()
        if flight:
            flight.wait(FLIGHT_WAIT)
            page = self.pages.get(key)
            return page if page and self.is_true(page, self.clock()) else self.render(key)
        try:
            return self.render(key)
        finally:
            with self.lock:
                self.flights.pop(key, None)
            mine.set()

    def render(self, key: Key) -> KeptPage | Answer | None:
        """Return the page as it is now; None, and forget it, when it is public no longer."""
        moment = Moment(self)
        try:
            with asked_once():
                page = self.still_shown(key, moment)
                if page:
                    return page
                answer = self.ask_django(plain_request(*key, self.proxy))
        except DATABASE_ERRORS:
            page = self.fallback(key)
            if not page:
                raise
            self.check_version()
            return page
        if answer.is_keepable:
            return self.keep(key, answer, moment)
        if answer.status.startswith("5"):
            return self.instead_of(answer, key)
        if answer.is_public:
            return answer  # true for less than a second more
        answer.close()
        self.store.forget(key)
        return None

    def still_shown(self, key: Key, moment: Moment) -> KeptPage | None:
        """Return the rendering, of this process or of another on this machine, that shows what is true now."""
        seen = None
        for page in self.store.renderings(key):
            if not page.source_tag:
                return None  # only a rendering tells what it would show
            if seen is None:
                renew_connection()
                seen = glance(plain_request(*key, self.proxy))
            if seen is None:
                return None
            if page.source_tag == seen.tag:
                self.store.take(key, page, moment.now)
                return self.renew(page, seen.lifetime, moment)
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
        page = next(self.store.renderings(key), None)
        if page:
            self.store.take(key, page, self.clock())
        return page

    def keep(self, key: Key, answer: Answer, moment: Moment) -> KeptPage:
        """Keep what Django answered, true from the moment its rendering began."""
        page, before = KeptPage(answer.headers, answer.body()), self.pages.get(key)
        if before and before.digest == page.digest:
            before.source_tag = page.source_tag
            page = before  # compressed already
        self.renew(page, answer.lifetime, moment)
        self.store.take(key, page, moment.now)
        self.store.share(key, page)
        return page

    def renew(self, page: KeptPage, lifetime: int, moment: Moment) -> KeptPage:
        """Take the page for true from the moment on, for so many seconds."""
        page.expires = moment.now + lifetime
        page.expires_at = moment.wall + lifetime
        page.used, page.version = moment.now, moment.version
        return page


class Moment:
    """What was true when a rendering began; it may show more than that, never less."""

    def __init__(self, cache: Renderings) -> None:
        """Note the version and both clocks."""
        self.version, self.now, self.wall = cache.version, cache.clock(), time.time()
