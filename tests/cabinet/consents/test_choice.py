"""A visitor answers the banner."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.db import OperationalError
from django.test import Client

from cabinet.consents import actions
from cabinet.consents.models import CookieReceipt
from cms_pages.cookie_answer import Answer
from cms_pages.cookies import latest, seal_banner
from cms_pages.models import BannerEdition, CookieDeclaration, CookieGroup
from tests.cabinet.consents.conftest import SAME_ORIGIN

JSON = {**SAME_ORIGIN, "Accept": "application/json"}


def remembered(client):
    """Return what the browser now remembers, as the package's own parser reads it."""
    from django.test import RequestFactory

    request = RequestFactory().get("/")
    request.COOKIES = {name: morsel.value for name, morsel in client.cookies.items()}
    return Answer.of(request)


@pytest.mark.parametrize(("choice", "allowed"), [("accept", True), ("reject", False)])
def test_a_choice_leads_back_with_a_receipt(choose, visitor, choice, allowed):
    answer = choose(choice)
    assert (answer.status_code, answer.url) == (303, "/ru/#cookie_said")
    receipt = CookieReceipt.objects.get()
    assert receipt.choices == {"statistics": allowed}
    assert (receipt.method, receipt.language, receipt.gpc, receipt.follows) == ("banner", "ru", False, None)
    assert remembered(visitor).receipt == receipt.public_id


def test_the_receipt_points_at_the_words_that_were_shown(choose):
    choose("accept", language="kk")
    receipt = CookieReceipt.objects.get()
    edition = BannerEdition.objects.get(number=1, language="kk")
    assert receipt.banner == edition and receipt.banner_sha256 == edition.sha256
    assert "Қаралымды санауға бола ма?" in edition.text and "visit" in edition.text


def test_the_receipt_names_the_cookie_policy_in_force(choose, make_document, publish):
    page = make_document(slug="cookie-policy", kind="cookie_policy")
    edition = publish(page)
    choose("reject")
    receipt = CookieReceipt.objects.get()
    assert (receipt.policy, receipt.policy_sha256) == (edition, edition.sha256)


def test_the_cookie_is_the_packages_own(choose, visitor):
    choose("accept")
    cookie = visitor.cookies["cookie_consent"]
    version = latest()["content"]["asked"]
    assert f"statistics={version}" in cookie.value and f"asked={version}" in cookie.value
    assert (cookie["max-age"], cookie["samesite"], cookie["httponly"]) == (365 * 24 * 60 * 60, "Lax", "")


def test_i2_the_same_answer_again_makes_no_second_receipt(choose):
    for _again in range(3):
        choose("accept")
    assert CookieReceipt.objects.count() == 1


def test_a_changed_mind_makes_a_receipt_that_follows_the_first(choose):
    choose("accept")
    choose("reject", origin="page")
    last, first = CookieReceipt.objects.all()
    assert (last.follows, last.method, last.choices) == (first, "page", {"statistics": False})


def test_a_refusal_removes_our_cookies_of_the_group(choose, visitor):
    visitor.cookies["visit"] = "3.1700000000"
    answer = choose("reject")
    assert answer.cookies["visit"]["max-age"] == 0
    assert "session" not in answer.cookies


def test_cookies_named_by_their_beginning_are_removed_too(choose, visitor):
    group = CookieGroup.objects.get(varname="statistics")
    CookieDeclaration.objects.create(group=group, name="_pk_*", purpose_ru="a", purpose_kk="b", purpose_en="c")
    seal_banner()
    visitor.cookies["_pk_id.1"] = visitor.cookies["other"] = "x"
    answer = choose("reject", banner=2)
    assert answer.cookies["_pk_id.1"]["max-age"] == 0 and "other" not in answer.cookies


def test_a_script_hears_the_receipt_and_what_to_forget(choose):
    answer = choose("reject", headers=JSON)
    receipt = CookieReceipt.objects.get()
    assert answer.json() == {"receipt": receipt.public_id, "choices": {"statistics": False}, "remove": []}
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_the_page_allows_each_group_apart(choose):
    choose("save", origin="page", groups=["statistics"])
    choose("save", origin="page")
    assert [receipt.choices for receipt in CookieReceipt.objects.all()] == [{"statistics": False}, {"statistics": True}]


def test_one_group_is_added_to_what_was_allowed(choose):
    choose("add", groups=["statistics"])
    choose("add")
    assert CookieReceipt.objects.get().choices == {"statistics": True}


def test_the_browsers_signal_is_written_down_as_a_refusal(choose, visitor):
    choose("gpc", headers={**SAME_ORIGIN, "Sec-GPC": "1"})
    receipt = CookieReceipt.objects.get()
    assert (receipt.method, receipt.gpc, receipt.choices) == ("gpc", True, {"statistics": False})
    assert not remembered(visitor).gpc


def test_a_choice_made_under_the_signal_is_the_later_word(choose, visitor):
    choose("accept", headers={**SAME_ORIGIN, "Sec-GPC": "1"})
    assert remembered(visitor).gpc
    assert remembered(visitor).state(latest()["content"]["asked"], signal=True) == "decided"


# Bad input ----------------------------------------------------------------------------------------------------------


def test_a_choice_is_posted_never_fetched(asked, visitor):
    assert visitor.get("/cookies/choice/").status_code == 405


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://testserver.evil.example"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
        {"Sec-Fetch-Site": "same-origin", "Origin": "https://evil.example"},
    ],
)
def test_s07_a_forged_choice_is_refused(choose, visitor, headers):
    answer = choose("accept", headers=headers)
    assert answer.status_code == 403 and not answer.cookies
    assert not CookieReceipt.objects.exists()


@pytest.mark.parametrize(
    "fields",
    [
        {"banner": ""},
        {"banner": "7"},
        {"banner": "1" * 30},
        {"banner": "one\x00"},
        {"language": "de"},
        {"choice": "perhaps"},
        {"choice": "save", "groups": ["statistics", "advertising"]},
        {"choice": "save", "groups": ["necessary"]},
        {"origin": "gpc"},
    ],
)
def test_what_the_banner_never_asked_is_refused_in_a_sentence(choose, fields):
    answer = choose(fields.pop("choice", "accept"), **fields)
    assert answer.status_code == 400 and not answer.cookies
    assert "<h1>" in answer.text and answer.headers["Cache-Control"] == "private, no-store"
    assert not CookieReceipt.objects.exists()


def test_an_oversized_choice_is_refused_unread(choose):
    assert choose("accept", filler="x" * 5000).status_code == 413


@pytest.mark.parametrize(
    "cookie", ["x" * 3000, "statistics", "=|=|=", "asked=|receipt=", "\x00", "statistics=2999|asked=zzzz"]
)
def test_a_broken_cookie_says_nothing_and_breaks_nothing(choose, visitor, cookie):
    visitor.cookies["cookie_consent"] = cookie
    assert choose("reject").status_code == 303
    assert CookieReceipt.objects.get().follows is None


@pytest.mark.parametrize(
    "path", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "/\\evil.example", "ru/"]
)
def test_the_way_back_stays_on_this_site(choose, path):
    assert choose("reject", next=path).url == "/ru/cookies/#cookie_said"


def test_an_answer_to_an_older_edition_counts_for_that_edition(choose, visitor):
    group = CookieGroup.objects.get(varname="statistics")
    CookieDeclaration.objects.create(group=group, name="more", purpose_ru="a", purpose_kk="b", purpose_en="c")
    seal_banner()
    choose("accept", banner=1)
    assert CookieReceipt.objects.get().banner.number == 1
    assert remembered(visitor).state(latest()["content"]["asked"], signal=False) == "again"
    asked_now = latest()["content"]["groups"][1]
    assert not remembered(visitor).allows(asked_now)


# Faults -------------------------------------------------------------------------------------------------------------


@pytest.fixture
def no_ledger(monkeypatch):
    def fail(*args, **kwargs):
        raise OperationalError("the ledger is away")

    monkeypatch.setattr(actions.CookieReceipt.objects.__class__, "create", fail)


def test_s23_without_a_ledger_nothing_is_consented(choose, no_ledger):
    answer = choose("accept")
    assert answer.status_code == 503 and answer.headers["Retry-After"]
    assert not answer.cookies


def test_s23_without_a_ledger_a_withdrawal_still_switches_off(choose, visitor, request):
    choose("accept")
    request.getfixturevalue("no_ledger")
    assert choose("reject").status_code == 503
    answer = remembered(visitor)
    assert answer.groups == {"statistics": "-1"} and answer.receipt
    assert answer.state(latest()["content"]["asked"], signal=False) == "due"


def test_f18_one_address_is_throttled(choose):
    answers = [choose("accept", client=Client()).status_code for _each in range(70)]
    assert answers.count(303) == 60 and answers[-1] == 429
    assert CookieReceipt.objects.count() == 60


def test_f18_all_addresses_together_are_bounded(choose, monkeypatch):
    monkeypatch.setattr(actions, "PER_MINUTE", 5)
    statuses = []
    for _each in range(8):
        cache.clear()  # as if each came from another address
        statuses.append(choose("accept", client=Client()).status_code)
    assert statuses == [303] * 5 + [429] * 3
    assert CookieReceipt.objects.count() == 5


def test_editing_or_deleting_a_group_never_touches_a_receipt(choose):
    choose("accept")
    before = CookieReceipt.objects.values().get()
    CookieGroup.objects.all().delete()
    seal_banner()
    assert CookieReceipt.objects.values().get() == before


def test_a_receipt_is_sealed(choose):
    from cabinet.audit.append_only import AppendOnlyError

    choose("accept")
    receipt = CookieReceipt.objects.get()
    with pytest.raises(AppendOnlyError):
        receipt.save()
    with pytest.raises(AppendOnlyError):
        receipt.delete()


def test_s20_no_address_and_no_browser_is_written_down(choose, visitor, caplog):
    choose("accept", headers={**SAME_ORIGIN, "User-Agent": "Canary/7.7", "X-Forwarded-For": "203.0.113.7"})
    kept = str(CookieReceipt.objects.values().get())
    assert "Canary" not in kept and "203.0.113.7" not in kept and "127.0.0.1" not in kept
    assert "Canary" not in caplog.text and "203.0.113.7" not in caplog.text


def test_the_packages_own_log_is_off(choose):
    from cookie_consent.models import LogItem

    choose("accept")
    assert not LogItem.objects.exists()


# The receipt --------------------------------------------------------------------------------------------------------


def test_whoever_has_the_number_sees_the_receipt(choose):
    choose("accept")
    receipt = CookieReceipt.objects.get()
    page = Client().get(f"/ru/cookies/receipts/{receipt.public_id}/")
    assert receipt.public_id in page.text and receipt.banner_sha256 in page.text and "разрешено" in page.text
    assert page.headers["Cache-Control"] == "private, no-store"
    assert 'id="cookie_banner"' not in page.text and "data-cookie-group" not in page.text


def test_a_browser_finds_its_own_receipt(choose, visitor):
    choose("accept")
    receipt = CookieReceipt.objects.get()
    assert visitor.get("/kk/cookies/receipts/").url == f"/kk/cookies/receipts/{receipt.public_id}/"
    typed = Client().get("/ru/cookies/receipts/", {"number": f" {receipt.public_id.lower()} "})
    assert typed.url == f"/ru/cookies/receipts/{receipt.public_id}/"


@pytest.mark.parametrize("number", ["AAAA-AAAA-AAAA-AAAA", "x", "<b>", "A" * 500, "\x00"])
def test_a_number_that_is_none_is_told_so(asked, visitor, number):
    answer = visitor.get("/ru/cookies/receipts/", {"number": number})
    assert answer.status_code == 404 and "Квитанции с таким номером нет" in answer.text
    assert "<b>" not in answer.text


def test_a_consent_is_withdrawn_by_its_number_alone(choose):
    choose("accept")
    first = CookieReceipt.objects.get()
    choose("reject", client=Client(), receipt=first.public_id, origin="page")
    last = CookieReceipt.objects.exclude(pk=first.pk).get()
    assert (last.follows, last.choices) == (first, {"statistics": False})
    assert last.public_id in Client().get(f"/ru/cookies/receipts/{first.public_id}/").text


def test_public_ids_are_random():
    from cabinet.consents.models import NUMBER, new_public_id

    made = {new_public_id() for _each in range(1000)}
    assert len(made) == 1000 and all(NUMBER.fullmatch(number) for number in made)
