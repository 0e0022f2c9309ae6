"""Cookie groups as a browser posts them: a group, its cookies, a form as it was opened."""

from __future__ import annotations

from django.urls import reverse

from cms_pages.cookies import latest
from cms_pages.models import CookieBanner

COOKIE = {"name": "visit", "kind": "cookie", "lasts": 30, "unit": "minute", "owner": "", "domain": "", "path": "/"}


PURPOSE = {"purpose_ru": "Цель", "purpose_kk": "Мақсат", "purpose_en": "Purpose"}


MAP = {
    "varname": "map",
    "name_ru": "Карта",
    "name_kk": "Карта",
    "name_en": "Map",
    "description_ru": "Показать, где мы.",
    "description_kk": "Қайда екенімізді көрсету.",
    "description_en": "To show where we are.",
    "hosts": "www.openstreetmap.org",
    "script": "",
}


ADD = "/admin/cookies/groups/new/"


def edit_url(group):
    return reverse("cookie_groups:edit", args=(group.pk,))


def rows(*cookies, stored=0):
    data = {"declarations-TOTAL_FORMS": len(cookies), "declarations-INITIAL_FORMS": stored}
    for index, cookie in enumerate(cookies):
        data |= {f"declarations-{index}-{name}": value for name, value in cookie.items()}
    return data


def new_group(*cookies, **fields):
    return {**MAP, **fields, **rows(*(cookies or ({**COOKIE, **PURPOSE, "name": "map_seen"},)))}


def filled(client, url):
    """What the browser would post if nothing were touched."""
    form = client.get(url).context["form"]
    data = {field.html_name: field.value() for field in form}
    for formset in getattr(form, "formsets", {}).values():
        data |= {field.html_name: field.value() for field in formset.management_form}
        data |= {field.html_name: field.value() for row in formset.forms for field in row}
    return {name: value for name, value in data.items() if value not in {None, False}}


def save(client, url, **changes):
    return client.post(url, {**filled(client, url), **changes}, follow=True)


def says(response):
    return " ".join(str(message) for message in response.context["messages"])


def version():
    return latest()["content"]["asked"]


def banner_url(view="edit"):
    return reverse(f"cookie_banner:{view}", args=(CookieBanner.objects.get().pk,))
