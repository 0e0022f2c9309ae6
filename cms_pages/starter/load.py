"""Puts the starter site into the page tree."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from wagtail.models import Locale, Page, Site

from cms_pages.drafting import midnight, shop_day
from cms_pages.models import HomePage, LegalDocumentPage, OperatorCard, OperatorText
from cms_pages.publishing import seal_edition
from cms_pages.starter.cookies import load_cookies
from cms_pages.starter.roles import make_roles
from cms_pages.starter.texts import DOCUMENTS, LANGUAGES, StarterDocument, read

Say = Callable[[str], None]

MINISTRY_SINCE = date(2025, 9, 18)  # when the Ministry of Digital Development, Innovations and Aerospace Industry ended


@transaction.atomic
def load_starter(*, history: bool, author: Any = None, approver: Any = None, say: Say = print) -> int:
    """Load what is not there yet; return the number of editions sealed.

    With `history`, the demo's editions are sealed with their dates. Without, each document is a draft of the text
    in force: what a real shop promises, and since when, is for the shop to publish.
    """
    locales = {code: Locale.objects.get_or_create(language_code=code)[0] for code in LANGUAGES}
    homes = {code: _home(locales[code]) for code in LANGUAGES}
    site = _site(homes[LANGUAGES[0]])
    if history:
        _operator(site, locales)
    make_roles([*homes.values()])
    load_cookies(optional=history, author=author)
    sealed = 0
    for code, home in homes.items():
        for slug in DOCUMENTS:
            source = StarterDocument(slug, code)
            sealed += _history(source, home, author, approver) if history else _draft(source, home)
        say(f"{home.title} ({code}): {home.get_children().count()} documents")
    return sealed


def _home(locale: Locale) -> HomePage:
    found = HomePage.objects.filter(locale=locale).first()
    if found:
        return found
    content = read(locale.language_code, "home")
    first = HomePage.objects.first()
    home = HomePage(
        title=content["title"],
        slug=f"home-{locale.language_code}",
        locale=locale,
        lead=content["lead"].strip(),
        body=[{"type": "paragraph", "value": paragraph} for paragraph in content["paragraphs"]],
        **({"translation_key": first.translation_key} if first else {}),
    )
    Page.get_first_root_node().add_child(instance=home)
    home.save_revision().publish()
    return home


def _site(home: HomePage) -> Site:
    """Let the default site begin at our front page, unless a shop's own pages stand there already."""
    site = Site.objects.filter(is_default_site=True).first() or Site(hostname="localhost", is_default_site=True)
    if site.pk is None or site.root_page.specific_class is Page:
        site.root_page = home
        site.site_name = home.title
        site.save()
        # Wagtail's own greeting, which a new database brings along.
        Page.objects.filter(depth=2, slug="home", numchild=0).exclude(pk=home.pk).delete()
    return site


def _operator(site: Site, locales: dict[str, Locale]) -> None:
    if OperatorCard.objects.filter(site=site).exists():
        return
    common = read(LANGUAGES[0], "operator")
    card = OperatorCard.objects.create(site=site, **{k: common[k] for k in ("bin", "privacy_email", "phone")})
    for code, locale in locales.items():
        content = read(code, "operator")
        words = {k: content[k] for k in ("legal_name", "address", "responsible_person", "regulator")}
        OperatorText.objects.create(card=card, locale=locale, **words)


def _name_regulator(locale: Locale, day: date) -> None:
    """Have the starter's card name the ministry that was in charge on that day; a card of a shop's own stays."""
    content = read(locale.language_code, "operator")
    before, since = content["regulator_until_2025"], content["regulator"]
    right = before if day < MINISTRY_SINCE else since
    for text in OperatorText.objects.filter(locale=locale, regulator__in={before, since} - {right}):
        text.regulator = right
        text.save()


def _page(source: StarterDocument, home: HomePage) -> LegalDocumentPage | None:
    """Return a new page for the document, a translation of those in other languages; None when it is there already."""
    if LegalDocumentPage.objects.child_of(home).filter(slug=source.slug).exists():
        return None
    page = LegalDocumentPage(slug=source.slug, locale=home.locale, live=False)
    sibling = LegalDocumentPage.objects.filter(slug=source.slug).first()
    if sibling:
        page.translation_key = sibling.translation_key
    return page


def _draft(source: StarterDocument, home: HomePage) -> int:
    page = _page(source, home)
    if page:
        _fill(page, source, source.in_force)
        page.in_force_from, page.change_summary = None, ""
        home.add_child(instance=page)
        page.save_revision()
    return 0


def _history(source: StarterDocument, home: HomePage, author: Any, approver: Any) -> int:
    page, now = _page(source, home), timezone.now()
    if page is None:
        return 0
    for number in source.numbers:
        _fill(page, source, number)
        if page.pk is None:
            home.add_child(instance=page)
        revision = page.save_revision(user=author)
        begins = midnight(page.in_force_from) if page.in_force_from else now
        _name_regulator(home.locale, begins.date())
        seal_edition(page=revision.as_object(), revision=revision, approver=approver, at=min(now, begins))
    revision.publish(user=approver)
    _name_regulator(home.locale, now.date())
    return len(source.numbers)


def _fill(page: LegalDocumentPage, source: StarterDocument, number: int) -> None:
    for name, value in source.fields(number, shop_day()).items():
        setattr(page, name, value)
