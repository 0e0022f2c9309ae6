"""What a copy holds: everything of one person in three forms, nothing of others, no secret, nothing that acts."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime
from hashlib import sha256
from uuid import uuid4
from zipfile import ZipFile

import pytest

from cabinet.audit.recording import record, record_read
from cabinet.audit.telling import reads_of
from cabinet.consents.models import ConsentReceipt
from cabinet.customers.marks import subjects_of
from cabinet.customers.models import Address, GuestMark
from cabinet.privacy import copy_pages
from cabinet.privacy.archive import Archive
from cabinet.register import streaming
from cabinet.register.categories import register
from cabinet.register.contents import contents
from cabinet.register.streaming import tables
from tests.cabinet.privacy.conftest import made, opened

FORMULA = '=HYPERLINK("https://evil.example","x")'
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'&"
STRANGE = "a\u202eb\u200bc" + "e" + "\u0301" * 150 + "🐟Әғқ"
ADDRESS = {"city": "Алматы", "street": "Абай даңғылы, 10"}


def all_text(archive) -> str:
    return "".join(archive.read(name).decode() for name in archive.namelist())


def table_of(archive, key):
    return json.loads(archive.read(f"json/{key}.json"))["rows"]


def cells_of(archive, key):
    text = archive.read(f"csv/{key}.csv").decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


def test_everything_on_the_page_of_my_data_is_in_the_copy(full_account, copies_dir):
    lines = [line for kept in contents(full_account, language="kk") for row in kept.rows for line in row.lines]
    page = opened(made(full_account, "kk")).read("index.html").decode()
    assert [line.field for line in lines if not line.secret and copy_pages.escape(line.label) not in page] == []
    assert [line.field for line in lines if not line.secret and copy_pages.escape(line.value) not in page] == []
    for said in ("Айгерім", "1990 ж. 21 наурыз", "+7 701 123 4567", "Абай даңғылы, 10", "old@customer.example"):
        assert said in page


def test_machines_get_names_labels_and_iso_values(full_account, copies_dir):
    archive = opened(made(full_account, "en"))
    told = json.loads(archive.read("json/customers.Customer.json"))
    assert told["rows"][0]["birth_date"] == "1990-03-21"
    assert told["rows"][0]["phone"] == "+77011234567"
    assert {"name": "birth_date", "label": "Birth date", "category": "customers.birth_date"} in told["columns"]
    assert table_of(archive, "customers.Address")[0]["added_at"].endswith("+00:00")


def test_spreadsheets_get_labels_and_a_mark_by_which_excel_knows_the_letters(full_account, copies_dir):
    archive = opened(made(full_account, "en"))
    assert archive.read("csv/customers.Address.csv").startswith(b"\xef\xbb\xbf")
    head, row = cells_of(archive, "customers.Address")
    assert dict(zip(head, row, strict=True))["City"] == "Алматы"


def test_secrets_are_named_and_not_shown(full_account, copies_dir):
    archive = opened(made(full_account, "en"))
    text = all_text(archive)
    session_key = full_account.usersession_set.get().session_key
    assert [one for one in (full_account.password, "TOTPSECRET", "SESSIONSECRET", session_key) if one in text] == []
    tables_told = {each["table"]: each for each in json.loads(archive.read("json/register.json"))["tables"]}
    assert tables_told["customers.User"]["kept_and_not_shown"][0] == "Hash of the password"
    assert "Hash of the password" in archive.read("index.html").decode()


def test_what_happened_under_the_marks_of_a_guest_is_in_it_as_on_the_page(full_account, dana, copies_dir):
    """Whoever took over orders they had placed as a guest gets a copy of what happened to the guest."""
    mark = GuestMark.objects.create(customer=full_account.customer, subject=uuid4()).subject
    record("orders.order.claimed", subject=mark)
    record_read(reader=dana.public_id, subject=mark, what="the guest's order", reason="They called.")
    archive = opened(made(full_account, "en"))
    looks = reads_of(*subjects_of(full_account.customer))
    assert "orders.order.claimed" in {row["event"] for row in table_of(archive, "history")}
    assert [row["what"] for row in table_of(archive, "readers")] == [look.what for look in looks]


def test_nothing_of_boris_is_in_it(full_account, boris, copies_dir):
    boris.customer.addresses.create(city="Семей", street="Ертіс, 1")
    text = all_text(opened(made(full_account)))
    assert [one for one in ("boris@", "Boris", "Семей", boris.public_id) if one in text] == []


def test_who_looked_is_told_with_reason_and_without_names(full_account, saule, copies_dir):
    record_read(
        reader=saule.public_id, subject=full_account.customer.subject, what="Phone", reason="A call <b>back</b>"
    )
    archive = opened(made(full_account))
    assert table_of(archive, "readers")[0]["reason"] == "A call <b>back</b>"
    assert "A call &lt;b&gt;back&lt;/b&gt;" in archive.read("index.html").decode()
    assert saule.public_id not in all_text(archive) and "saule@" not in all_text(archive)


def test_what_happened_is_told_from_the_first_day_on(full_account, copies_dir):
    history = table_of(opened(made(full_account, "en")), "history")
    assert history[0]["event"] == "customers.profile.changed"
    assert history[-1]["event"] == "privacy.copy.asked"
    assert history[-1]["by"] == "you"


def test_consents_stand_with_their_texts_and_hashes(aigerim, agree, copies_dir):
    receipt = agree(aigerim)
    archive = opened(made(aigerim))
    told = archive.read(f"consents/receipts/{receipt.public_id}.json")
    assert sha256(told).hexdigest() == receipt.digest
    assert archive.read(f"consents/texts/{receipt.text.sha256}.txt").decode() == receipt.text.text
    edition = receipt.text.policy
    assert sha256(archive.read(f"consents/editions/{edition.sha256}.txt")).hexdigest() == edition.sha256
    assert f"consents/texts/{receipt.text.sha256}.txt" in archive.read("index.html").decode()


def test_a_policy_that_went_back_to_its_earlier_words_stands_once_in_the_copy(
    aigerim, agree, policy, publish, copies_dir
):
    clauses = [[("name", "We keep your name.")]]
    for words in (clauses, [[("name", "We keep your phone.")]], clauses):
        publish(policy, clauses=words, material=True)
        agree(aigerim, renew=True)
    archive = opened(made(aigerim))
    agreed = {receipt.text.policy for receipt in ConsentReceipt.objects.all()}
    assert len(agreed) == 3 and len({edition.sha256 for edition in agreed}) == 2
    kept = [name for name in archive.namelist() if name.startswith("consents/editions/")]
    assert sorted(kept) == sorted(f"consents/editions/{sha}.txt" for sha in {edition.sha256 for edition in agreed})


def test_every_file_is_in_the_manifest_with_its_hash(full_account, copies_dir):
    archive = opened(made(full_account))
    manifest = json.loads(archive.read("manifest.json"))
    told = {each["name"]: each["sha256"] for each in manifest["files"]}
    assert {*told, "manifest.json", "SHA256SUMS"} == set(archive.namelist())
    assert [name for name, digest in told.items() if sha256(archive.read(name)).hexdigest() != digest] == []
    sums = dict(line.split("  ")[::-1] for line in archive.read("SHA256SUMS").decode().splitlines())
    assert set(sums) == set(archive.namelist()) - {"SHA256SUMS"}
    assert manifest["account"] == full_account.public_id


@pytest.mark.parametrize("language", ["ru", "kk", "en"])
def test_the_page_is_in_the_language_and_asks_nothing_of_the_network(full_account, copies_dir, language):
    archive = opened(made(full_account, language))
    page = archive.read("index.html").decode()
    assert f'<html lang="{language}">' in page
    assert "<script" not in page and "src=" not in page and "url(" not in page and "@import" not in page
    assert "http://" not in page and "https://" not in page
    assert "prefers-color-scheme: dark" in page and "@media print" in page
    assert archive.read("README.txt").decode().strip()


# Hostile text -------------------------------------------------------------------------------------------------------


def test_s05_hostile_text_is_text(full_account, copies_dir):
    full_account.customer.addresses.create(city=HOSTILE, street=STRANGE, note="</td></tr></table><h1>x")
    archive = opened(made(full_account))
    page = archive.read("index.html").decode()
    assert "<script" not in page and "<img" not in page and "<h1>x" not in page
    assert copy_pages.escape(HOSTILE) in page and STRANGE in page
    assert table_of(archive, "customers.Address")[1]["city"] == HOSTILE


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "＝"])
def test_s06_no_cell_is_run(full_account, copies_dir, start):
    full_account.customer.addresses.create(city=f"{start}1+1", street=FORMULA)
    cells = [cell for row in cells_of(opened(made(full_account)), "customers.Address") for cell in row]
    assert f"'{start}1+1" in cells and f"'{FORMULA}" in cells


def test_f13_what_no_screen_can_show_breaks_nothing(full_account, copies_dir):
    full_account.customer.addresses.create(city="\x01\x08b", street="\x7f\x1b[31m", note="a\r\nb")
    archive = opened(made(full_account))
    assert "\x01" not in archive.read("index.html").decode()
    assert table_of(archive, "customers.Address")[1]["city"] == "\x01\x08b"


@pytest.mark.parametrize(("year", "told"), [(1970, 1980), (2026, 2026), (2108, 2107), (9998, 2107)])
def test_f10_a_clock_that_is_wrong_by_decades_stops_no_copy(tmp_path, year, told):
    archive = Archive(tmp_path / "copy.zip", datetime(year, 6, 1, tzinfo=UTC))
    archive.add("a.txt", b"all of it")
    archive.close()
    archive.put()
    with ZipFile(tmp_path / "copy.zip") as made_at_last:
        assert made_at_last.testzip() is None
        assert {info.date_time[0] for info in made_at_last.infolist()} == {told}


def test_hostile_text_names_no_file(full_account, copies_dir):
    full_account.customer.addresses.create(city="../../etc/passwd", street="C:\\x", label="a/b\0"[:3])
    names = opened(made(full_account)).namelist()
    assert [name for name in names if ".." in name or name.startswith("/") or "\\" in name or not name.isascii()] == []


# Many rows ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def small_pages(monkeypatch):
    monkeypatch.setattr(copy_pages, "INLINE", 3)
    monkeypatch.setattr(copy_pages, "A_PAGE", 10)
    monkeypatch.setattr(streaming, "A_BATCH", 7)
    monkeypatch.setattr(streaming, "A_STRETCH", 9)


@pytest.mark.parametrize("count", [0, 2, 4, 7, 10, 11, 16, 25, 34])
def test_rows_are_all_there_however_many(aigerim, copies_dir, small_pages, count):
    Address.objects.bulk_create(Address(customer=aigerim.customer, city=f"№{n}.", street="x") for n in range(count))
    archive = opened(made(aigerim))
    pages = [name for name in archive.namelist() if name.startswith("pages/customers.Address")]
    assert len(pages) == (0 if count <= 3 else -(-count // 10))
    read = "".join(archive.read(name).decode() for name in (*pages, "index.html"))
    assert [n for n in range(count) if read.count(f"№{n}.") != 1] == []
    if count:
        assert [row["city"] for row in table_of(archive, "customers.Address")] == [f"№{n}." for n in range(count)]
        assert len(cells_of(archive, "customers.Address")) == count + 1


def test_pages_lead_to_each_other(aigerim, copies_dir, small_pages):
    Address.objects.bulk_create(Address(customer=aigerim.customer, city=f"№{n}.", street="x") for n in range(25))
    archive = opened(made(aigerim))
    middle = archive.read("pages/customers.Address-0002.html").decode()
    for name in ("../index.html", "customers.Address-0001.html", "customers.Address-0003.html"):
        assert f'href="{name}"' in middle
    assert 'rel="next"' not in archive.read("pages/customers.Address-0003.html").decode()
    assert 'href="pages/customers.Address-0001.html"' in archive.read("index.html").decode()


def test_queries_grow_with_batches_and_not_with_rows(aigerim, django_assert_num_queries):
    Address.objects.bulk_create(Address(customer=aigerim.customer, city="x", street="x") for _n in range(50))
    table = next(each for each in tables(aigerim, [register.by_key["customers.addresses"]]))
    with django_assert_num_queries(1):
        assert sum(len(batch[0]) for batch in table.batches()) == 50
