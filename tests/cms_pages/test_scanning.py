"""What a browser held and asked for against what is declared, without a browser (issue: cookie banner, point 5)."""

from __future__ import annotations

import sys

import pytest
from django.core.management import CommandError, call_command

from cms_pages import scan_browser
from cms_pages.cookies import seal_banner
from cms_pages.scanning import Declared, Entry, Sight, State, chosen, in_words, paths_in, seen, table

SITE = "https://shop.example"
DAY = 24 * 60


def cookie(name, minutes=0, **fields):
    declared = {"name": name, "domain": "", "path": "/", "kind": "cookie", "is_ours": True, "minutes": minutes}
    return {**declared, "lifetime": f"{minutes} minutes", **fields}


def group(varname, *cookies, **fields):
    return {"varname": varname, "required": False, "hosts": [], "script": "", "cookies": list(cookies), **fields}


NECESSARY = group("necessary", cookie("session"), cookie("csrf", 365 * DAY), required=True)
STATISTICS = group("statistics", cookie("visit", 30), script="/static/js/optional/visits.js")
MAPS = group("maps", cookie("_map_*", DAY, is_ours=False), hosts=["tiles.map.example"])
DECLARED = Declared([NECESSARY, STATISTICS, MAPS], SITE)


def sight(*seen, state=State.ACCEPTED, page="/ru/", private=False):
    entries = tuple(one for one in seen if isinstance(one, Entry))
    return Sight(page, state, entries, tuple(one for one in seen if isinstance(one, str)), private)


def held(name, host="shop.example", seconds=None, kind="cookie", **fields):
    return Entry(kind, name, host, seconds, **fields)


def why(*seen, **fields):
    return [finding.why for finding in DECLARED.findings([sight(*seen, **fields)])]


# Cookies and storage ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", State)
def test_what_is_necessary_and_declared_is_found_right_in_every_state(state):
    assert why(held("session"), held("csrf", seconds=364 * DAY * 60), state=state) == []


def test_a_cookie_nobody_declared_is_found():
    [found] = DECLARED.findings([sight(held("rogue"))])
    assert found.row == ("/ru/", "accepted", "cookie rogue (shop.example)", "not declared")


@pytest.mark.parametrize(
    ("name", "found"), [("_map_", []), ("_map_7", []), ("_ma", ["not declared"]), ("a_map_7", ["not declared"])]
)
def test_a_star_at_the_end_of_a_name_stands_for_further_letters(name, found):
    assert why(held(name)) == found


def test_the_same_name_in_another_store_is_not_declared():
    assert why(held("visit", kind="local")) == ["not declared"]


@pytest.mark.parametrize(
    ("host", "found"),
    [
        ("shop.example", []),
        (".shop.example", []),
        ("example", []),
        ("other.example", ["not declared"]),
        ("a.shop.example", ["not declared"]),
    ],
)
def test_our_cookie_is_declared_for_this_site_and_what_it_belongs_to(host, found):
    assert why(held("visit", host)) == found


@pytest.mark.parametrize("host", ["tiles.map.example", ".map.example", "shop.example"])
def test_a_strangers_cookie_may_stand_at_the_hosts_of_its_group_or_here(host):
    assert why(held("_map_1", host)) == []


def test_a_declared_domain_is_taken_at_its_word():
    declared = Declared([group("ads", cookie("ad", domain=".ads.example"))], SITE)
    assert declared.findings([sight(held("ad", "ads.example"))]) == []
    assert declared.findings([sight(held("ad"))])


@pytest.mark.parametrize("state", sorted(set(State) - {State.ACCEPTED}))
def test_an_optional_cookie_is_early_wherever_its_group_is_not_allowed(state):
    assert why(held("visit"), state=state) == ["early: group statistics is not allowed"]


def test_an_optional_cookie_is_not_set_on_private_pages_but_may_be_held_there():
    assert why(held("visit"), private=True) == ["group statistics has no place on a private page"]
    assert why(held("visit", is_new=False), private=True) == []
    assert why(held("visit", is_new=False), private=True, state=State.REJECTED)


@pytest.mark.parametrize(("seconds", "found"), [(30 * 60, []), (30 * 60 + 59, []), (None, [])])
def test_a_cookie_may_live_as_long_as_declared_or_less(seconds, found):
    assert why(held("visit", seconds=seconds)) == found


def test_a_cookie_that_lives_longer_than_declared_is_found():
    assert why(held("visit", seconds=DAY * 60)) == ["lives 1 day, declared: 30 minutes"]
    assert why(held("session", seconds=5)) == ["lives 5 seconds, declared: 0 minutes"]


def test_local_storage_cannot_be_declared_to_end_with_the_session():
    declared = Declared([group("tools", cookie("a", kind="local"), cookie("b", DAY, kind="local"))], SITE)
    found = declared.findings([sight(held("a", kind="local"), held("b", kind="local"))])
    assert [one.what for one in found] == ["local storage a (shop.example)"]


@pytest.mark.parametrize(
    ("seconds", "words"), [(0.2, "0 seconds"), (59, "1 minute"), (86398, "1 day"), (400 * 86400, "400 days")]
)
def test_a_lifetime_is_said_in_the_largest_unit(seconds, words):
    assert in_words(held("x", seconds=seconds)) == words


# Requests -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("url", [f"{SITE}/static/js/main.js", "data:image/png;base64,AA", "blob:x", "about:blank"])
def test_our_own_files_and_what_leaves_for_nowhere_are_right(url):
    assert why(url, state=State.UNANSWERED) == []


@pytest.mark.parametrize("url", ["https://evil.example/x", "http://shop.example:81/", "wss://evil.example/"])
def test_a_host_nobody_declared_is_found(url):
    assert why(url) == ["host not declared"]


def test_an_address_is_told_without_its_query():
    [found] = DECLARED.findings([sight("https://evil.example/x?e-mail=a@b.example#me")])
    assert found.what == "https://evil.example/x"


@pytest.mark.parametrize("name", ["visits.js", "visits.js?v=2", "visits.3f2a1bcd90ef.js"])
def test_an_optional_script_of_our_own_is_early_before_it_is_allowed(name):
    url = f"{SITE}/static/js/optional/{name}"
    assert why(url, state=State.UNANSWERED) == ["early: group statistics is not allowed"]
    assert why(url, private=True) == ["group statistics has no place on a private page"]
    assert why(url) == []


def test_an_optional_host_is_early_before_it_is_allowed():
    assert why("https://tiles.map.example/1.png", state=State.SIGNALLED) == ["early: group maps is not allowed"]
    assert why("https://tiles.map.example/1.png") == []


def test_a_host_of_two_groups_is_right_when_one_of_them_is_allowed():
    never = group("never", hosts=["cdn.example"])  # without a cookie nobody is asked about it
    asked = group("films", cookie("film"), hosts=["cdn.example"])
    assert Declared([never, asked], SITE).findings([sight("https://cdn.example/")]) == []
    assert Declared([never], SITE).findings([sight("https://cdn.example/")])


# Pages and tables ---------------------------------------------------------------------------------------------------


def test_the_same_fault_is_told_once_a_state_with_its_first_page():
    sights = [sight(held("rogue"), held("rogue"), page=page) for page in ("/ru/", "/kk/", "/en/")]
    [found] = DECLARED.findings(sights)
    assert found.page == "/ru/ and 2 more"


def test_pages_come_from_the_sitemap_whatever_host_it_names():
    sitemap = "<url><loc>https://a.example/ru/</loc></url><url><loc> https://b.example/ru/?a=1&amp;b=2 </loc></url>"
    assert paths_in(sitemap) == ["/ru/", "/ru/"]


def test_what_is_left_out_is_known():
    assert chosen(["/ru/", "/login/"], ["/ru/", "/kk/", "/en/"], 3) == (["/ru/", "/login/", "/kk/"], ["/en/"])


def test_declared_but_unseen_is_information():
    assert DECLARED.unseen([sight(held("session"), held("_map_3"))]) == ["csrf", "visit"]


def test_the_tables_columns_are_as_wide_as_their_texts():
    rows = seen([sight(held("visit"), f"{SITE}/", "data:x")], DECLARED)
    assert table(("what", "where", "group", "states"), rows).splitlines() == [
        "what          where                   group       states",
        "visit         cookie of shop.example  statistics  accepted 1",
        "shop.example  requests, pages                     accepted 1",
    ]


# The command's own refusals -----------------------------------------------------------------------------------------


@pytest.fixture
def asked(db):
    seal_banner()


@pytest.mark.usefixtures("asked")
@pytest.mark.parametrize("url", ["shop.example", "file:///etc/passwd", "http://"])
def test_an_address_that_is_none_is_refused(url):
    with pytest.raises(CommandError, match="is no address like"):
        call_command("scan_cookies", url=url)


@pytest.mark.usefixtures("asked")
def test_at_least_one_page_must_be_wanted():
    with pytest.raises(CommandError, match="--pages must be 1 or more"):
        call_command("scan_cookies", pages=0)


@pytest.mark.usefixtures("db")
def test_without_a_sealed_question_there_is_nothing_to_compare_with():
    with pytest.raises(CommandError, match="Nothing is declared yet"):
        call_command("scan_cookies")


@pytest.mark.usefixtures("asked")
def test_without_a_browser_the_command_says_what_to_install(monkeypatch):
    monkeypatch.setattr(scan_browser, "BROWSERS", ())
    with pytest.raises(CommandError, match="apt-get install chromium"):
        call_command("scan_cookies")


@pytest.mark.usefixtures("asked")
def test_without_playwright_the_command_says_what_to_install(monkeypatch):
    monkeypatch.setattr(scan_browser, "BROWSERS", ("python3",))
    monkeypatch.setitem(sys.modules, "playwright.sync_api", None)
    with pytest.raises(CommandError, match="playwright is not installed"):
        call_command("scan_cookies")
