"""What the pages of tests stand on: made once, in the template that every worker's database is a copy of."""

from __future__ import annotations

import uuid

from wagtail.models import Locale, Page, Site, WorkflowPage

from cms_pages.models import HomePage
from cms_pages.starter.roles import make_roles


def make_stage() -> None:
    """Make a site with a front page in each language, the Russian one at its root, and the starter's roles."""
    Page.objects.filter(depth__gt=1).delete()
    root = Page.objects.get(depth=1)
    key = uuid.uuid4()
    for code, title in (("ru", "Магазин"), ("kk", "Дүкен"), ("en", "Shop")):
        locale, _made = Locale.objects.get_or_create(language_code=code)
        root.add_child(instance=HomePage(title=title, slug=f"home-{code}", locale=locale, translation_key=key))
    make_roles([*HomePage.objects.all()])
    WorkflowPage.objects.filter(page__in=HomePage.objects.all()).delete()  # tests of the workflow bring it themselves
    home = HomePage.objects.get(locale__language_code="ru")
    Site.objects.create(hostname="localhost", root_page=home, is_default_site=True, site_name="Kelisim")
