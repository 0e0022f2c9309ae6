"""The proof of consents: a file that anybody can check without us."""

from __future__ import annotations

import io
import json
import subprocess
from hashlib import sha256
from zipfile import ZipFile

import pytest

from cabinet.consents.consenting import withdraw
from tests.conftest import signed_in

pytestmark = pytest.mark.usefixtures("shop_stands")

HOSTILE = "<script>alert(1)</script>/../../etc/passwd ‮=cmd|' /C calc'!A0"


def unpacked(client, url, folder):
    answer = client.get(url)
    assert answer.headers["Content-Type"] == "application/zip"
    assert answer.headers["Cache-Control"] == "private, no-store"
    ZipFile(io.BytesIO(answer.content)).extractall(folder)
    return {str(path.relative_to(folder)): path.read_text() for path in folder.rglob("*") if path.is_file()}


def check(folder):
    return subprocess.run(["sha256sum", "-c", "SHA256SUMS"], cwd=folder, capture_output=True, text=True, check=False)


def test_the_proof_of_one_is_checked_by_sha256sum(customer_client, agree, aigerim, tmp_path):
    receipt = agree(aigerim, "bonuses")
    files = unpacked(customer_client, f"/ru/cabinet/consents/{receipt.public_id}/proof/", tmp_path)
    checked = check(tmp_path)
    assert (checked.returncode, checked.stdout.count(": OK")) == (0, 4)
    told = json.loads(files[f"receipts/{receipt.public_id}.json"])
    assert sha256(files[f"texts/{told['text_sha256']}.txt"].encode()).hexdigest() == told["text_sha256"]
    assert files[f"names/{told['name_commitment']}.txt"].endswith("Aigerim")
    assert receipt.digest in files["SHA256SUMS"]
    assert f"editions/{receipt.text.policy.sha256}.txt" in files


def test_a_changed_letter_is_noticed(customer_client, agree, aigerim, tmp_path):
    receipt = agree(aigerim, "bonuses")
    unpacked(customer_client, f"/ru/cabinet/consents/{receipt.public_id}/proof/", tmp_path)
    path = tmp_path / "texts" / f"{receipt.text_sha256}.txt"
    path.write_text(path.read_text().replace("Shop", "Chop"))
    assert check(tmp_path).returncode == 1


def test_the_proof_of_all_holds_withdrawals_too(customer_client, agree, aigerim, tmp_path):
    agree(aigerim)
    agree(aigerim, "bonuses")
    ended = withdraw(customer=aigerim.customer, purpose="bonuses")
    files = unpacked(customer_client, "/ru/cabinet/consents/proof/", tmp_path)
    assert check(tmp_path).returncode == 0
    assert json.loads(files[f"receipts/{ended.public_id}.json"])["given"] is False
    assert len([name for name in files if name.startswith("receipts/")]) == 3
    assert len([name for name in files if name.startswith("editions/")]) == 1


@pytest.mark.parametrize("language", ["ru", "kk", "en"])
def test_it_says_in_the_persons_language_how_to_check_it(customer_client, agree, aigerim, tmp_path, language):
    agree(aigerim, "bonuses")
    readme = unpacked(customer_client, f"/{language}/cabinet/consents/proof/", tmp_path)["README.txt"]
    assert "sha256sum -c SHA256SUMS" in readme


def test_s05_a_hostile_name_is_text_in_a_file_of_ours(agree, make_customer, tmp_path):
    user = make_customer("hostile@customer.example", HOSTILE)
    agree(user, "bonuses")
    files = unpacked(signed_in(user), "/ru/cabinet/consents/proof/", tmp_path)
    assert check(tmp_path).returncode == 0
    assert [name for name in files if "script" in name or ".." in name] == []
    assert "script" not in files["README.txt"]


def test_s05_a_hostile_name_is_inert_on_the_pages(agree, make_customer):
    user = make_customer("hostile@customer.example", HOSTILE)
    number = agree(user, "bonuses").public_id
    client = signed_in(user)
    for page in ("", "history/", f"{number}/", "cookies/"):
        assert "<script>alert" not in client.get(f"/ru/cabinet/consents/{page}").text


def test_the_same_proof_is_the_same_file(customer_client, agree, aigerim):
    agree(aigerim, "bonuses")
    first = customer_client.get("/ru/cabinet/consents/proof/").content
    assert customer_client.get("/ru/cabinet/consents/proof/").content == first


def test_reading_it_costs_no_more_for_many(customer_client, agree, aigerim, django_assert_max_num_queries):
    for _ in range(20):
        agree(aigerim, "bonuses")
        withdraw(customer=aigerim.customer, purpose="bonuses")
    with django_assert_max_num_queries(8):
        customer_client.get("/ru/cabinet/consents/proof/")
