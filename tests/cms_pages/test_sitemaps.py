"""What search engines are told."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from cms_pages.models import LegalDocumentPage
from cms_pages.models.document import RESERVED_SLUGS
from tests.addresses import all_routes


def test_the_map_has_published_documents_in_every_language(visitor, make_document, publish):
    publish(make_document("ru"))
    publish(make_document("kk"))
    make_document("en")
    page = visitor.get("/sitemap.xml").text
    assert "/ru/privacy/</loc>" in page and "/kk/privacy/</loc>" in page
    assert "/en/privacy/" not in page


def test_robots_are_shown_the_map(visitor, site_ru):
    assert "Sitemap: http://testserver/sitemap.xml" in visitor.get("/robots.txt").text


def test_the_first_step_of_each_address_of_ours_is_reserved():
    steps = {route.split("/")[1] for route in all_routes() if route.startswith("ru/")}
    assert {step for step in steps if step.isalpha()} <= RESERVED_SLUGS


def test_a_copy_cannot_take_it_either(admin_client, make_document):
    page = make_document()
    url = reverse("wagtailadmin_pages:copy", args=(page.pk,))
    form = {"new_title": "Copy", "new_slug": "cookies", "new_parent_page": page.get_parent().pk}
    assert admin_client.post(url, form)["Location"] == url
    assert LegalDocumentPage.objects.count() == 1


@pytest.mark.parametrize("slug", ["accounts", "cabinet", "cookies"])
def test_a_document_cannot_take_the_address_of_another_room(make_document, slug):
    page = make_document()
    page.slug = slug
    with pytest.raises(ValidationError):
        page.full_clean()
