"""What officers see of consents: receipts without anybody's data, recipients, and what is missing."""

from __future__ import annotations

import pytest
from django.core.management import call_command

from cabinet.consents.models import Recipient

LIST, RECIPIENTS = "/admin/consents/", "/admin/recipients/"
NAME, EMAIL = "Канарейка", "canary@customer.example"


@pytest.fixture
def receipt(agree, make_customer):
    return agree(make_customer(EMAIL, NAME), "bonuses")


@pytest.mark.parametrize("query", ["", "?purpose=bonuses&given=true", "?export=csv"])
def test_the_list_shows_receipts_and_no_person(receipt, officer_client, query):
    answer = officer_client.get(f"{LIST}{query}")
    page = b"".join(answer).decode()
    assert receipt.public_id in page
    assert NAME not in page and EMAIL not in page


def test_one_is_found_by_the_persons_mark(receipt, officer_client):
    assert receipt.public_id in officer_client.get(f"{LIST}?subject={receipt.subject}").text
    assert receipt.public_id not in officer_client.get(f"{LIST}?subject={'0' * 32}").text


def test_one_is_read_whole(receipt, officer_client):
    page = officer_client.get(f"{LIST}inspect/{receipt.pk}/").text
    assert receipt.digest in page and receipt.text_sha256 in page
    assert NAME not in page and EMAIL not in page


def test_the_menu_leads_there(site_ru, officer_client):
    page = officer_client.get("/admin/").text
    assert LIST in page and RECIPIENTS in page


def test_a_recipient_is_added(shop, officer_client):
    words = dict.fromkeys(("purpose_ru", "purpose_kk", "purpose_en"), "delivery")
    assert (
        officer_client.post(f"{RECIPIENTS}new/", {"name": "Courier LLP", "country": "KZ", **words}).status_code == 302
    )
    assert Recipient.objects.get().name == "Courier LLP"


def test_the_home_page_says_why_nobody_can_sign_up(site_ru, officer_client, editor_client):
    assert "missing_for_consents" in officer_client.get("/admin/").text
    assert "missing_for_consents" not in editor_client.get("/admin/").text


def test_the_check_says_so_too(shop, capsys):
    call_command("check", databases=["default"])
    told = capsys.readouterr().err
    assert "“kk”" in told and "“ru”" not in told
