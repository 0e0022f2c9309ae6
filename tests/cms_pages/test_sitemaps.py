"""What search engines are told."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError


def test_the_map_has_published_documents_in_every_language(visitor, make_document, publish):
    publish(make_document("ru"))
    publish(make_document("kk"))
    make_document("en")
    page = visitor.get("/sitemap.xml").text
    assert "/ru/privacy/</loc>" in page and "/kk/privacy/</loc>" in page
    assert "/en/privacy/" not in page


def test_robots_are_shown_the_map(visitor, site_ru):
    assert "Sitemap: http://testserver/sitemap.xml" in visitor.get("/robots.txt").text


@pytest.mark.parametrize("slug", ["accounts", "cabinet", "cookies"])
def test_a_document_cannot_take_the_address_of_another_room(make_document, slug):
    page = make_document()
    page.slug = slug
    with pytest.raises(ValidationError):
        page.full_clean()
