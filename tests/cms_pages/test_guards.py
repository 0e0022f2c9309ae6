"""Unpublishing, moving, deleting a page with editions: refused with a sentence that says why."""

from __future__ import annotations

from datetime import timedelta
from html import unescape

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Locale

from cms_pages.guards import EditionsStandHere, why_it_stays
from cms_pages.models import HomePage, LegalDocumentPage


@pytest.fixture
def policy(make_document, publish):
    page = make_document()
    publish(page)
    return LegalDocumentPage.objects.get(pk=page.pk)


@pytest.mark.parametrize("verb", ["delete", "unpublish"])
def test_the_admin_refuses_and_says_why(admin_client, policy, verb):
    response = admin_client.post(reverse(f"wagtailadmin_pages:{verb}", args=(policy.pk,)), follow=True)
    assert why_it_stays(policy) in unescape(response.text)
    assert LegalDocumentPage.objects.get(pk=policy.pk).live


def test_the_admin_refuses_to_move(admin_client, policy):
    kazakh = HomePage.objects.get(locale__language_code="kk")
    admin_client.post(reverse("wagtailadmin_pages:move_confirm", args=(policy.pk, kazakh.pk)))
    assert LegalDocumentPage.objects.get(pk=policy.pk).get_parent().specific.locale.language_code == "ru"


@pytest.mark.parametrize("verb", ["delete", "unpublish", "move"])
def test_the_admin_refuses_in_bulk(admin_client, policy, verb):
    url = reverse("wagtail_bulk_action", args=("wagtailcore", "page", verb))
    kazakh = HomePage.objects.get(locale__language_code="kk")
    admin_client.post(f"{url}?id={policy.pk}", {"chooser": kazakh.pk})
    page = LegalDocumentPage.objects.get(pk=policy.pk)
    assert page.live and page.get_parent().specific.locale.language_code == "ru"


def test_publishing_in_bulk_asks_the_same_questions(admin_client, policy):
    draft = policy.get_latest_revision_as_object()
    draft.plain_words, draft.change_summary = "New words.", ""
    draft.save_revision()
    url = reverse("wagtail_bulk_action", args=("wagtailcore", "page", "publish"))
    admin_client.post(f"{url}?id={policy.pk}")
    assert policy.editions.count() == 1


def test_deleting_the_front_page_above_is_refused(admin_client, policy):
    admin_client.post(reverse("wagtailadmin_pages:delete", args=(policy.get_parent().pk,)))
    assert LegalDocumentPage.objects.filter(pk=policy.pk).exists()


def test_code_cannot_move_it_either(policy):
    with pytest.raises(EditionsStandHere):
        policy.move(HomePage.objects.get(locale__language_code="kk"), pos="last-child")


def test_reordering_among_siblings_is_no_move(policy, make_document):
    other = make_document(slug="offer")
    policy.move(other, pos="right")
    assert [page.slug for page in policy.get_parent().get_children()] == ["offer", "privacy"]


def test_its_address_cannot_change(policy):
    policy.slug = "other"
    with pytest.raises(ValidationError, match="privacy"):
        policy.full_clean()


def test_an_expiry_date_is_refused_and_would_do_nothing(policy):
    policy.expire_at = timezone.now() - timedelta(hours=1)
    with pytest.raises(ValidationError):
        policy.full_clean()
    LegalDocumentPage.objects.filter(pk=policy.pk).update(expire_at=policy.expire_at)
    call_command("publish_scheduled")
    assert LegalDocumentPage.objects.get(pk=policy.pk).live


def test_code_cannot_unpublish_the_front_page_above_it(policy):
    home = HomePage.objects.get(locale__language_code="ru")
    with pytest.raises(EditionsStandHere):
        home.unpublish()
    assert HomePage.objects.get(pk=home.pk).live


def test_code_cannot_unpublish_it(policy):
    with pytest.raises(EditionsStandHere):
        policy.unpublish()
    assert LegalDocumentPage.objects.get(pk=policy.pk).live


def test_code_cannot_give_it_another_address(policy):
    policy.slug = "other"
    with pytest.raises(EditionsStandHere):
        policy.save(clean=False)


def test_it_has_no_aliases(policy):
    with pytest.raises(EditionsStandHere):
        policy.create_alias(update_slug="alias")


def test_a_translation_begins_with_the_text_and_without_the_history(make_document, publish):
    page = make_document()
    publish(page, withdrawn=True, change_summary="Ended.", material=True)
    page = LegalDocumentPage.objects.get(pk=page.pk)
    copy = page.copy_for_translation(Locale.objects.get(language_code="kk"))
    assert [block.id for block in copy.body] == [block.id for block in page.body]
    assert (copy.change_summary, copy.material, copy.withdrawn, copy.live) == ("", False, False, False)
    assert not copy.editions.exists()


def test_a_live_page_without_editions_is_404_and_not_an_endless_walk(visitor, make_document):
    page = make_document(slug="draft")
    LegalDocumentPage.objects.filter(pk=page.pk).update(live=True)
    assert visitor.get("/ru/draft/").status_code == 404


def test_a_page_without_editions_may_go(admin_client, make_document):
    page = make_document(slug="draft")
    admin_client.post(reverse("wagtailadmin_pages:delete", args=(page.pk,)))
    assert not LegalDocumentPage.objects.filter(pk=page.pk).exists()
