"""Dana publishes a change through the admin, and everything a reader can see follows."""

from __future__ import annotations

import pytest

from tests.browser.signing_in import sign_in

SENTENCE = "Мы отвечаем на письма и в субботу."


@pytest.fixture(scope="module")
def published(browser, running_site):
    """A window in which Dana has just published a new edition of the Russian offer."""
    context = browser.new_context(base_url=running_site, locale="ru-RU", viewport={"width": 1280, "height": 900})
    tab = context.new_page()
    sign_in(tab, "dana")
    offer = tab.locator("table.listing tr", has_text="Публичная оферта").locator("a[href*='/pages/']").first
    tab.goto(offer.get_attribute("href"))
    clause = tab.locator(".public-DraftEditor-content").first
    clause.click()
    tab.keyboard.press("Control+End")
    tab.keyboard.type(f" {SENTENCE}")
    # The rich-text editor writes into the form a quarter of a second later (Draftail's stateSaveInterval).
    tab.wait_for_function("s => [...document.querySelectorAll('input')].some(i => i.value.includes(s))", arg=SENTENCE)
    tab.locator("[role=tab]").nth(1).click()
    tab.fill("textarea[name=change_summary]", "Ответы на письма и по субботам.")
    tab.locator("footer button[aria-expanded], footer [data-w-dropdown-target=toggle]").first.click()
    with tab.expect_navigation():
        tab.locator("button[name=action-publish]").click()
    # The editor comes back with what was done; looking elsewhere before that would only be a race.
    tab.locator(".messages", has_text="4").wait_for()
    yield tab
    context.close()


def test_the_page_shows_edition_date_and_summary_at_once(published):
    published.goto("/ru/offer/")
    text = published.inner_text("main")
    assert SENTENCE in text
    assert "Ответы на письма и по субботам." in text
    assert published.request.get("/ru/offer/editions/5/").status == 404


def test_the_archive_follows(published):
    published.goto("/ru/offer/editions/")
    assert "Ответы на письма и по субботам." in published.inner_text("main")
    assert published.request.get("/ru/offer/editions/4/").status == 200


def test_the_comparison_marks_the_new_words(published):
    published.goto("/ru/offer/editions/3...4/")
    assert SENTENCE in " ".join(published.locator("ins").all_inner_texts())


def test_the_feed_follows(published):
    assert "/ru/offer/editions/4/" in published.request.get("/ru/offer/editions/feed/").text()


def test_kazakh_says_that_it_is_behind(published):
    published.goto("/kk/offer/")
    assert published.locator("main a[href='/ru/offer/']").count() == 1


def test_the_home_panel_says_that_the_others_are_behind(published):
    published.goto("/admin/")
    row = published.locator("table.listing tr", has_text="Публичная оферта")
    assert row.locator(".w-status--critical").count() == 2
