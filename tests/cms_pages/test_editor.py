"""What editors meet in Wagtail's admin: drafts may be anything, publishing asks for what readers need."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import strip_tags
from django.utils.translation import gettext, override
from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield
from wagtail.users.models import UserProfile

from cms_pages.models import LegalDocumentPage


def posted(text: str, page=None, **fields):
    """Return what the editor's form sends for one section with one clause."""
    clauses = page.body[0].value["clauses"] if page else []
    section_id = page.body[0].id if page else ""
    clause = {"text": rich_text(f"<p>{text}</p>"), "link_name": ""}
    data = nested_form_data(
        {
            "title": page.title if page else "Policy",
            "slug": page.slug if page else "privacy",
            "kind": "policy",
            "plain_words": "",
            "body": streamfield(
                [("section", {"heading": "One", "link_name": "", "clauses": streamfield([("clause", clause)])})]
            ),
            "change_summary": "",
            "in_force_from": "",
            "comments": {"TOTAL_FORMS": 0, "INITIAL_FORMS": 0, "MIN_NUM_FORMS": 0, "MAX_NUM_FORMS": ""},
            **fields,
        }
    )
    data["body-0-id"] = section_id
    if clauses:
        data["body-0-value-clauses-0-id"] = clauses[0].id
    return data


@pytest.fixture
def edit(admin_client):
    def act(page, text, action="action-publish", **fields):
        url = reverse("wagtailadmin_pages:edit", args=(page.pk,))
        page = LegalDocumentPage.objects.get(pk=page.pk)
        return admin_client.post(url, {**posted(text, page, **fields), action: action}, follow=True)

    return act


def errors(response) -> dict:
    return response.context["form"].errors if response.context and "form" in response.context else {}


def test_creating_and_publishing_makes_edition_one(admin_client, site_ru):
    url = reverse("wagtailadmin_pages:add", args=("cms_pages", "legaldocumentpage", site_ru.root_page_id))
    admin_client.post(url, {**posted("We keep your name."), "action-publish": "1"}, follow=True)
    assert LegalDocumentPage.objects.get().editions.get().number == 1


def test_publishing_without_a_summary_is_refused_at_the_field(edit, make_document, publish):
    page = make_document()
    publish(page)
    assert "change_summary" in errors(edit(page, "Changed."))
    assert page.editions.count() == 1


def test_publishing_with_a_summary_seals_and_says_so(edit, make_document, publish):
    page = make_document()
    publish(page)
    response = edit(page, "Changed.", change_summary="A clause is new.")
    assert page.editions.count() == 2
    assert any(" 2 " in str(message) for message in response.context["messages"])


def test_a_date_in_the_past_is_refused_at_the_field(edit, make_document, publish):
    page = make_document()
    publish(page)
    yesterday = timezone.localdate() - timedelta(days=1)
    assert "in_force_from" in errors(edit(page, "Changed.", change_summary="New.", in_force_from=yesterday))


def test_a_draft_may_be_anything(edit, make_document, publish):
    page = make_document()
    publish(page)
    edit(page, "Changed […].", action="action-save", in_force_from=date(2020, 1, 1))
    draft = LegalDocumentPage.objects.get(pk=page.pk).get_latest_revision_as_object()
    assert "[…]" in str(draft.body)
    assert page.editions.count() == 1


def test_submitting_to_the_workflow_asks_the_same(edit, make_document):
    page = make_document()
    assert "body" in errors(edit(page, "Changed […].", action="action-submit"))


def test_an_unchanged_text_makes_no_edition_and_the_editor_is_told(edit, make_document, publish):
    page = make_document()
    publish(page)
    edit(page, "Changed.", change_summary="New.")
    response = edit(page, "Changed.", change_summary="")
    assert page.editions.count() == 2
    assert any(" 2" in str(message) for message in response.context["messages"])


def test_publishing_over_an_edition_sealed_meanwhile_is_refused(edit, make_document, publish):
    page = make_document()
    publish(page)
    loaded = LegalDocumentPage.objects.get(pk=page.pk).latest_revision_id
    publish(page, clauses=[["Another editor was faster."]], change_summary="Faster.")
    response = edit(page, "Slower.", change_summary="Slower.", loaded_revision_id=loaded)
    assert "2" in str(errors(response)["__all__"])
    assert page.editions.count() == 2


def test_a_new_edition_begins_with_an_empty_summary(admin_client, make_document, publish):
    page = make_document()
    publish(page, change_summary="First words.", material=True)
    form = admin_client.get(reverse("wagtailadmin_pages:edit", args=(page.pk,))).context["form"]
    assert form["change_summary"].value() == ""
    assert not form["material"].value()


def test_a_forgotten_refusal_in_a_workflow_is_told_and_nothing_is_lost(admin_client, make_document, publish, dana):
    page = make_document()
    publish(page)
    draft = LegalDocumentPage.objects.get(pk=page.pk).get_latest_revision_as_object()
    draft.plain_words, draft.change_summary = "New.", ""
    draft.save_revision(user=dana)
    draft = LegalDocumentPage.objects.get(pk=page.pk)
    draft.get_workflow().start(draft, dana)
    state = LegalDocumentPage.objects.get(pk=page.pk).current_workflow_task_state
    url = reverse("wagtailadmin_pages:workflow_action", args=(page.pk, "approve", state.pk))
    response = admin_client.post(url, {"comment": ""}, follow=True)
    assert response.status_code == 200
    assert page.editions.count() == 1
    state.refresh_from_db()
    assert state.status == "in_progress"


@pytest.mark.parametrize("mode", ["", "print", "archive", "changes"])
def test_a_draft_is_previewed_in_every_mode(admin_client, make_document, publish, mode):
    page = make_document()
    publish(page)
    page = LegalDocumentPage.objects.get(pk=page.pk)
    url = reverse("wagtailadmin_pages:preview_on_edit", args=(page.pk,))
    admin_client.post(f"{url}?mode={mode}", posted("Only a draft.", page))
    response = admin_client.get(f"{url}?mode={mode}")
    assert {"Only", "draft"} <= set(strip_tags(response.text).replace(".", " ").split())
    assert response.headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("editions", [0, 1])
def test_a_draft_is_seen_as_the_archive_will_show_it(admin_client, make_document, publish, editions):
    page = make_document()
    if editions:
        publish(page)
    url = reverse("wagtailadmin_pages:preview_on_edit", args=(page.pk,))
    admin_client.post(f"{url}?mode=archive", posted("Only a draft.", LegalDocumentPage.objects.get(pk=page.pk)))
    shown = admin_client.get(f"{url}?mode=archive").text
    assert "Это старая редакция, она больше не действует" in shown
    assert f"Читать действующую редакцию {editions + 2}" in shown
    assert page.editions.count() == editions


def test_a_page_never_saved_can_be_previewed(admin_client, site_ru):
    args = ("cms_pages", "legaldocumentpage", site_ru.root_page_id)
    url = reverse("wagtailadmin_pages:preview_on_add", args=args)
    admin_client.post(url, posted("Only a draft."))
    assert "Only a draft." in admin_client.get(f"{url}?mode=").text


def test_the_home_panel_tells_the_state_of_every_document(admin_client, make_document, publish):
    ru = make_document("ru")
    make_document("kk")
    publish(ru)
    page = admin_client.get(reverse("wagtailadmin_home")).text
    assert "privacy (ru)" in page
    rows = page[page.index('id="panel-documents') :] if 'id="panel-documents' in page else page
    assert reverse("wagtailadmin_pages:edit", args=(ru.pk,)) in rows


def test_the_list_of_editions_can_be_read_and_exported_but_not_changed(admin_client, make_document, publish):
    edition = publish(make_document(title="=1+1"), change_summary="=cmd()")
    listing = reverse("editions:index")
    assert admin_client.get(listing).status_code == 200
    assert admin_client.get(reverse("editions:inspect", args=(edition.pk,))).status_code == 200
    for name in ("edit", "delete"):
        assert admin_client.get(reverse(f"editions:{name}", args=(edition.pk,))).status_code in {302, 403, 404}
    assert admin_client.get(reverse("editions:add")).status_code in {302, 403, 404}


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_s06_an_exported_cell_is_no_formula(admin_client, make_document, publish, kind):
    publish(make_document(title="=1+1"), change_summary="@cmd")
    response = admin_client.get(f"{reverse('editions:index')}?export={kind}")
    content = b"".join(response.streaming_content) if response.streaming else response.content
    if kind == "csv":
        assert b"'=1+1" in content and b"'@cmd" in content
    else:
        import io

        from openpyxl import load_workbook

        row = [cell.value for cell in list(load_workbook(io.BytesIO(content)).active.rows)[1]]
        assert row[0] == "'=1+1"


def test_a_document_of_a_thousand_clauses_goes_through_the_form(admin_client, site_ru):
    clause = ("clause", {"text": rich_text(f"<p>{'Words of the policy. ' * 50}</p>"), "link_name": ""})
    data = posted("One.")
    long = nested_form_data(
        {
            "body": streamfield(
                [("section", {"heading": "One", "link_name": "", "clauses": streamfield([clause] * 1000)})]
            )
        }
    )
    url = reverse("wagtailadmin_pages:add", args=("cms_pages", "legaldocumentpage", site_ru.root_page_id))
    kept = {name: value for name, value in data.items() if not name.startswith("body-")}
    response = admin_client.post(url, {**kept, **long, "action-publish": "1"})
    assert response.status_code == 302
    edition = LegalDocumentPage.objects.get().editions.get()
    assert len(edition.html) > 1_000_000


def test_scheduling_does_not_claim_that_something_was_sealed(edit, make_document, publish):
    page = make_document()
    publish(page)
    later = (timezone.localtime() + timedelta(days=2)).strftime("%Y-%m-%d %H:%M")
    response = edit(page, "Later.", change_summary="Later.", go_live_at=later)
    with override("ru"):
        told = gettext("Nothing is sealed yet: the edition will be sealed when its hour has come.")
    assert told in [str(message) for message in response.context["messages"]]
    assert page.editions.count() == 1


def test_the_reports_menu_leads_to_the_editions(admin_client, site_ru):
    assert reverse("editions:index") in admin_client.get(reverse("wagtailadmin_home")).text


def test_the_report_says_plainly_when_an_edition_begins_and_shows_its_text_in_lines(
    admin_client, make_document, publish
):
    edition = publish(make_document(), in_force_from=timezone.localdate() + timedelta(days=45))
    listing = admin_client.get(reverse("editions:index")).text
    assert date_format(edition.day_in_force) in listing
    page = admin_client.get(reverse("editions:inspect", args=(edition.pk,))).text
    assert "&lt;br&gt;" not in page and "We keep your name." in page


def test_the_report_names_people_and_tells_the_shops_time_first(admin_client, make_document, publish, dana):
    edition = publish(make_document(), user=dana, in_force_from=timezone.localdate() + timedelta(days=45))
    far_away = {"current_time_zone": "America/New_York"}
    UserProfile.objects.update_or_create(user_id=admin_client.session["_auth_user_id"], defaults=far_away)
    page = strip_tags(admin_client.get(reverse("editions:inspect", args=(edition.pk,))).text)
    with override("ru"):
        assert date_format(edition.day_in_force) in page
    assert "Dana" in page and dana.email not in page
    assert page.index(edition.sha256) < page.index("We keep your name.")


def test_s05_a_hostile_text_is_inert_in_the_report(admin_client, make_document, publish):
    edition = publish(make_document(title="<script>alert(1)</script>"), change_summary="<script>alert(2)</script>")
    page = admin_client.get(reverse("editions:inspect", args=(edition.pk,))).text
    assert "<script>alert" not in page
