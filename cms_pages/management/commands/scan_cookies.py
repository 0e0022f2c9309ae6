"""manage.py scan_cookies: does the site set and load what it declares, when it may, and nothing else?"""

from __future__ import annotations

from argparse import ArgumentParser
from concurrent.futures import Future
from concurrent.futures import TimeoutError as TooLong
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from cms_pages.cookies import is_asked, latest
from cms_pages.scan_browser import Scan, ScanFailed, Tour, scan
from cms_pages.scanning import Declared, seen, table

PAGES = 40  # the starter has 23, so that a shop's own few are seen too
DEADLINE = 20 * 60  # seconds for all; 40 pages in four states take three minutes
PRIVATE = ("/accounts/login/", "/cookies/receipts/")  # what a stranger can open of the pages for one person


class Command(BaseCommand):
    """Lets a Chromium visit the site unanswered, refusing, accepting and with Global Privacy Control."""

    help = "Compare cookies, storage and requests in a real browser with what is declared; exit 1 with a table."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Ask where the site is, and how much of it to see."""
        parser.add_argument("--url", default=settings.SITE_URL, help=f"where the site answers ({settings.SITE_URL})")
        parser.add_argument("--pages", type=int, default=PAGES, help=f"how many pages at the most ({PAGES})")

    def handle(self, *args: Any, **options: Any) -> None:
        """Scan, and tell what was found."""
        url = address(options["url"])
        if options["pages"] < 1:
            raise CommandError("--pages must be 1 or more.")
        question = latest("en")
        if question is None:
            raise CommandError("Nothing is declared yet; load_starter brings what the site itself needs.")
        groups = question["content"]["groups"]
        self.stdout.write(f"{url} against edition {question['number']} of the question about cookies")
        made = self._in_time(tour(url, groups, options["pages"]))
        self._tell(made, Declared(groups, url))

    def _in_time(self, wanted: Tour) -> Scan:
        """Return the scan; a thread of its own can be left behind, should the browser itself hang."""
        done: Future[Scan] = Future()
        Thread(target=_run, args=(done, wanted, self.stdout.write), daemon=True).start()
        try:
            return done.result(DEADLINE)
        except TooLong as error:
            raise CommandError(f"The browser had not ended after {DEADLINE // 60} minutes.") from error
        except ScanFailed as error:
            raise CommandError(str(error)) from error

    def _tell(self, made: Scan, declared: Declared) -> None:
        if made.left_out:
            rest = ", ".join(made.left_out)
            self.stdout.write(f"Left out, for --pages is {len(made.pages)}: {len(made.left_out)} pages: {rest}")
        findings = declared.findings(made.sights)
        if findings:
            self.stdout.write("\n" + table(("page", "state", "what", "why"), [found.row for found in findings]))
            raise CommandError(f"Pages: {len(made.pages)}, not as declared: {len(findings)}")
        self.stdout.write("\n" + table(("what", "where", "group", "states and pages"), seen(made.sights, declared)))
        unseen = declared.unseen(made.sights)
        if unseen:
            self.stdout.write(f"\nDeclared but not seen, which may well be right: {', '.join(unseen)}")
        self.stdout.write(self.style.SUCCESS(f"Pages: {len(made.pages)}, all as declared"))


def address(given: str) -> str:
    """Return scheme and host, with the port where one is named; raise CommandError when this is no web address."""
    parts = urlsplit(given)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise CommandError(f"{given} is no address like https://shop.example.")
    return f"{parts.scheme}://{parts.netloc}"


def tour(url: str, groups: list[dict[str, Any]], limit: int) -> Tour:
    """Return where to go; the front page, the private pages and the cookies pages come before the sitemap's."""
    home = f"/{settings.LANGUAGE_CODE}"
    private = [f"{home}{path}" for path in PRIVATE]
    choices = [f"/{code}/cookies/" for code, _name in settings.LANGUAGES]
    return Tour(url, [f"{home}/", *private, *choices], frozenset(private), limit, any(map(is_asked, groups)))


def _run(done: Future[Scan], wanted: Tour, say: Any) -> None:
    try:
        done.set_result(scan(wanted, say))
    except BaseException as error:
        done.set_exception(error)
