"""Asking for a copy, watching it, downloading it: whose it is, how often, how long (trust.md, s11, s12, s17)."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from cabinet.audit.models import Event
from cabinet.jobs.running import run_due
from cabinet.privacy import copies, making_copies
from cabinet.privacy.data_copies import DataCopy, Stage, Trouble
from cabinet.privacy.retention import enforce_one
from tests.cabinet.privacy.conftest import PAGE, confirm, confirmed, made, opened, token_path
from tests.conftest import signed_in

ASK = f'<form method="post" action="{PAGE}">'
pytestmark = pytest.mark.usefixtures("site_ru", "copies_dir")


@pytest.fixture
def client(aigerim):
    return confirmed(aigerim)


def files_in(folder) -> list[str]:
    return [path.name for path in folder.glob("*")] if folder.exists() else []


@pytest.fixture
def ask(client, django_capture_on_commit_callbacks):
    """Press the button; with `make`, a worker does what is in the queue, and what follows its commits is done."""

    def press(make=True):
        answer = client.post(PAGE)
        if make:
            with django_capture_on_commit_callbacks(execute=True):
                run_due()
        return answer

    return press


def test_asked_made_and_downloaded(client, ask, aigerim):
    assert (ask().status_code, DataCopy.objects.get().stage) == (303, Stage.READY)
    page = client.get(PAGE)
    assert page.context["copy"].is_ready and f"{PAGE}open/" in page.text
    answer = client.get(token_path(client))
    content = b"".join(answer.streaming_content)
    assert content == DataCopy.objects.get().place.read_bytes()
    assert answer.headers["Content-Type"] == "application/zip"
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert int(answer.headers["Content-Length"]) == len(content)


def test_the_file_has_a_name_for_old_programs_and_one_in_the_language(client, ask):
    ask()
    told = client.get(token_path(client)).headers["Content-Disposition"]
    assert told.startswith('attachment; filename="my-data-20') and "filename*=UTF-8''" in told
    assert told.isascii() and told.isprintable()


@pytest.mark.parametrize("stage", [Stage.ASKED, Stage.COLLECTING, Stage.WRITING, Stage.CHECKING])
def test_while_it_is_made_the_page_tells_how_far_it_is_and_looks_again_by_itself(client, aigerim, stage):
    copies.ask(customer=aigerim.customer, language="ru")
    DataCopy.objects.update(stage=stage, rows_expected=10, rows_written=5)
    page = client.get(PAGE)
    assert '<noscript><meta http-equiv="refresh" content="5"></noscript>' in page.text
    assert page.text.count('aria-current="step"') == 1
    assert ASK not in page.text and f"{PAGE}open/" not in page.text
    assert client.post(f"{PAGE}open/").status_code == 404


def test_two_clicks_make_one_copy(ask):
    assert ask(make=False).status_code == ask(make=False).status_code == 303
    assert DataCopy.objects.count() == 1


def test_f05_the_database_itself_allows_one_copy_being_made(aigerim):
    from django.db import IntegrityError, transaction

    DataCopy.objects.create(customer=aigerim.customer, language="ru")
    with pytest.raises(IntegrityError), transaction.atomic():
        DataCopy.objects.create(customer=aigerim.customer, language="ru")


def test_s11_a_copy_a_day_and_the_page_says_when_the_next_is_possible(client, ask, aigerim):
    ask()
    again = ask()
    assert again.status_code == 429 and 0 < int(again.headers["Retry-After"]) <= 86_400
    assert again.context["next_possible"] and ASK not in again.text
    with time_machine.travel(timezone.now() + timedelta(hours=24, seconds=1)):
        confirm(client, aigerim)
        assert ask().status_code == 303
    assert DataCopy.objects.count() == 2


def test_a_newer_copy_takes_the_place_of_the_one_before(
    client, ask, aigerim, copies_dir, django_capture_on_commit_callbacks
):
    ask()
    with time_machine.travel(timezone.now() + timedelta(hours=25)):
        confirm(client, aigerim)
        ask(make=False)
        assert len(files_in(copies_dir)) == 1
        with django_capture_on_commit_callbacks(execute=True):
            run_due()
    assert files_in(copies_dir) == [f"{DataCopy.objects.get(stage=Stage.READY).file}.zip"]


def test_a_newer_copy_is_ready_even_where_the_one_before_cannot_be_removed(
    client, ask, aigerim, copies_dir, django_capture_on_commit_callbacks, monkeypatch, caplog
):
    def refuse(place):
        raise PermissionError(place)

    ask()
    monkeypatch.setattr(making_copies, "remove", refuse)
    with time_machine.travel(timezone.now() + timedelta(hours=25)):
        confirm(client, aigerim)
        ask(make=False)
        with django_capture_on_commit_callbacks(execute=True):
            run_due()
    assert DataCopy.objects.filter(stage=Stage.READY).count() == 1
    assert "on_commit" in caplog.text


def test_s12_asking_and_downloading_want_a_fresh_confirmation(aigerim, client, ask):
    lately = signed_in(aigerim)
    assert lately.post(PAGE).url.startswith("/ru/accounts/reauthenticate/")
    assert not DataCopy.objects.exists()
    ask()
    path = token_path(client)
    assert lately.post(f"{PAGE}open/").url.startswith("/ru/accounts/reauthenticate/")
    assert lately.get(path).url.startswith("/ru/accounts/reauthenticate/")
    with time_machine.travel(timezone.now() + timedelta(minutes=10, seconds=1)):
        assert client.get(path).url.startswith("/ru/accounts/reauthenticate/")


def test_s07_nothing_is_asked_for_by_a_link(client):
    assert client.get(PAGE).status_code == 200 and not DataCopy.objects.exists()
    assert client.get(f"{PAGE}open/").status_code == 405


def test_s17_boris_finds_nothing_under_aigerims_token(client, ask, boris):
    ask()
    path, his = token_path(client), confirmed(boris)
    assert his.get(path).status_code == 404
    assert his.post(f"{PAGE}open/").status_code == 404
    assert his.get(PAGE).context["copy"] is None
    with time_machine.travel(timezone.now() + timedelta(hours=73)):
        assert confirm(his, boris).get(path).status_code == 404


def test_s17_a_visitor_is_led_to_sign_in(client, ask, visitor):
    ask()
    assert visitor.get(token_path(client)).url.startswith("/ru/accounts/login/")


def test_s17_only_hashes_of_tokens_are_kept_and_names_of_files_tell_nothing(client, ask, settings, copies_dir):
    ask()
    token = token_path(client).rstrip("/").rpartition("/")[2]
    copy = DataCopy.objects.get()
    assert copy.token_sha256 == copies.hashed(token) != token
    assert len(copy.file) == 32 and copy.public_id not in copy.file
    assert copies_dir not in (settings.MEDIA_ROOT, *settings.MEDIA_ROOT.parents)
    assert copy.place.stat().st_mode & 0o777 == 0o600 and copies_dir.stat().st_mode & 0o777 == 0o700


def test_a_later_token_ends_the_one_before(client, ask):
    ask()
    before, after = token_path(client), token_path(client)
    assert client.get(before).status_code == 404
    assert client.get(after).status_code == 200


def test_s17_after_its_hour_it_is_gone_though_nobody_has_cleaned_up(client, ask, aigerim, copies_dir):
    ask()
    path = token_path(client)
    with time_machine.travel(timezone.now() + timedelta(hours=72, seconds=1)):
        confirm(client, aigerim)
        assert client.get(path).status_code == 410
        assert client.post(f"{PAGE}open/").url == PAGE
        assert len(files_in(copies_dir)) == 1
        assert enforce_one("privacy.copies") == 1
        assert files_in(copies_dir) == []
        assert client.get(path).status_code == 410
        assert enforce_one("privacy.copies") == 0
        assert not client.get(PAGE).context["copy"].is_ready
    assert [event.name for event in Event.objects.filter(name="privacy.copy.expired")] == ["privacy.copy.expired"]


def test_a_second_before_its_hour_it_is_still_there(client, ask, aigerim):
    ask()
    path = token_path(client)
    with time_machine.travel(DataCopy.objects.get().expires_at - timedelta(seconds=1), tick=False):
        assert enforce_one("privacy.copies") == 0
        assert confirm(client, aigerim).get(path).status_code == 200


def test_a_month_later_even_the_trace_is_gone(client, ask):
    ask()
    with time_machine.travel(timezone.now() + timedelta(hours=73)):
        enforce_one("privacy.copies")
    with time_machine.travel(timezone.now() + timedelta(days=34)):
        enforce_one("privacy.copies")
    assert not DataCopy.objects.exists()


def test_a_file_that_was_taken_away_is_a_calm_410(client, ask):
    ask()
    DataCopy.objects.get().place.unlink()
    assert client.get(token_path(client)).status_code == 410


def test_s17_erasure_removes_all_copies(client, ask, aigerim, boris, copies_dir):
    ask()
    his = made(boris)
    path = token_path(client)
    assert copies.remove_all(aigerim.customer) == 1
    assert copies.remove_all(aigerim.customer) == 0
    assert files_in(copies_dir) == [his.place.name]
    assert client.get(path).status_code == 404


def test_a_letter_tells_when_it_is_ready_in_the_persons_language(ask, aigerim, delivered):
    aigerim.customer.language = "kk"
    aigerim.customer.save()
    ask()
    (letter,) = delivered()
    assert "/kk/cabinet/data/export/" in letter.body
    assert DataCopy.objects.get().file not in letter.body


def test_each_step_is_in_the_log_and_on_the_page_of_what_happened(client, ask, aigerim):
    ask()
    client.get(token_path(client))
    names = Event.objects.of(aigerim.customer.subject).values_list("name", "actor")
    own = aigerim.public_id
    assert [*names][::-1] == [
        ("privacy.copy.asked", own),
        ("privacy.copy.ready", ""),
        ("privacy.copy.downloaded", own),
    ]
    assert "privacy.copy" not in client.get("/ru/cabinet/data/history/").text


def test_the_overview_and_my_data_lead_to_it(client, ask):
    ask()
    assert PAGE in client.get("/ru/cabinet/").text
    assert PAGE in client.get("/ru/cabinet/data/").text


@pytest.mark.parametrize("trouble", Trouble)
def test_a_copy_that_failed_is_told_plainly_and_can_be_asked_for_again(client, ask, aigerim, trouble):
    copy = copies.ask(customer=aigerim.customer, language="ru")
    DataCopy.objects.filter(pk=copy.pk).update(stage=Stage.FAILED, trouble=trouble)
    assert ASK in client.get(PAGE).text
    assert ask().status_code == 303
    assert client.get(PAGE).context["copy"].is_ready


def test_s04_nothing_that_is_posted_changes_the_copy(client, aigerim, boris, django_capture_on_commit_callbacks):
    given = {field.name: "1" for field in DataCopy._meta.fields} | {"customer": boris.customer.pk, "stage": "ready"}
    client.post(PAGE, given)
    copy = DataCopy.objects.get()
    assert (copy.customer, copy.stage, copy.token_sha256, copy.file) == (aigerim.customer, Stage.ASKED, "", "")


@pytest.mark.parametrize("token", ["x", "../../etc/passwd", "%00", "%ed%a0%80", "a" * 3000])
def test_f13_strange_tokens_are_404(client, token):
    assert client.get(f"{PAGE}{token}/").status_code == 404


def test_everything_the_archive_says_is_readable(ask):
    ask()
    assert opened(DataCopy.objects.get()).testzip() is None
