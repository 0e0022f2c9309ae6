"""Aigerim leaves the shop, in Kazakh and in Russian, with an order on its way and one she may still send back."""

from __future__ import annotations

import io
import json
import os
from contextlib import ExitStack
from pathlib import Path
from zipfile import ZipFile

import pytest

from cabinet.customers.demo import PEOPLE
from tests.running import command, site_at

AIGERIM = next(person for person in PEOPLE if person.email.startswith("aigerim@"))
PICTURES = os.environ.get("PICTURES", "")  # a folder, for whoever wants to look at what she saw


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A site of her own: nobody else's test may miss her."""
    return tmp_path_factory.mktemp("journey")


@pytest.fixture(scope="module")
def servers():
    """What runs for her; to be closed before a backup is laid in the place of the database."""
    with ExitStack() as servers:
        yield servers


@pytest.fixture(scope="module")
def site(folder, servers):
    return servers.enter_context(site_at(folder, WORKER_THREAD="0"))


@pytest.fixture(scope="module")
def window(browser, site):
    """A telephone, in Kazakh."""
    context = browser.new_context(base_url=site, viewport={"width": 360, "height": 740}, locale="kk-KZ")
    window = context.new_page()
    window.set_default_timeout(30_000)
    yield window
    context.close()


def look(window, name):
    if PICTURES:
        window.screenshot(path=f"{PICTURES}/{name}.png", full_page=True)


def click(window, selector):
    with window.expect_navigation():
        window.locator(selector).first.click()


def press(window):
    click(window, "main form .button--danger, main form .button--primary")


def sign_in(window, language):
    window.goto(f"/{language}/accounts/login/")
    window.fill("input[name=login]", AIGERIM.email)
    window.fill("input[name=password]", AIGERIM.password)
    press(window)


def confirm_it_is_her(window):
    if "/reauthenticate/" in window.url:
        window.fill("input[name=password]", AIGERIM.password)
        press(window)


def words(window):
    return window.inner_text("main")


def test_01_yesterdays_backup_holds_her(folder, site):
    (folder / "backups").mkdir()
    command(folder, "manage.py", "backup", str(folder / "backups"))
    assert len(list((folder / "backups").glob("*.tar"))) == 1


def test_02_her_birth_date_and_an_address_go_at_once(window):
    sign_in(window, "kk")
    window.goto("/kk/cabinet/data/erase/")
    look(window, "02-choose")
    before = window.locator("main .place").count()
    for way in ("/thing/birth-date/", "/thing/address"):
        click(window, f"main a[href*='{way}']")
        look(window, f"02{way.replace('/', '-')}")
        press(window)
        assert window.locator("[role=status]").count()
    assert window.locator("main .place").count() == before - 2
    assert window.locator("main a[href*='/thing/birth-date/']").count() == 0


def test_03_she_reads_what_goes_what_stays_and_until_when(window):
    click(window, "main a[href$='/data/erase/account/']")
    look(window, "03-plan")
    text = words(window)
    assert "24118" in text  # on its way
    assert "24051" in text  # she may still send it back
    window.goto("/ru/cabinet/data/erase/account/")
    look(window, "03-plan-ru")
    assert "пока" in words(window).lower()


def test_04_she_asks_and_the_account_is_locked(window):
    window.goto("/kk/cabinet/data/erase/account/confirm/")
    confirm_it_is_her(window)
    window.fill("input[name=word]", "жою")
    if window.locator("input[type=checkbox]").count():
        window.locator("input[type=checkbox]").check()
    look(window, "04-confirm")
    press(window)
    assert window.url.endswith("/erase/locked/")
    look(window, "04-locked")
    window.goto("/kk/cabinet/orders/")
    assert window.url.endswith("/erase/locked/")


def test_05_she_takes_a_copy_along_while_it_is_locked(window, folder):
    window.goto("/kk/cabinet/data/export/")
    look(window, "05-copy")
    press(window)
    confirm_it_is_her(window)
    look(window, "05-copy-asked")
    command(folder, "-m", "tests.later", "0")
    window.goto("/kk/cabinet/data/export/")
    look(window, "05-copy-ready")
    with window.expect_download() as coming:
        window.locator("main form button, main a.button--primary").first.click()
    packed = ZipFile(io.BytesIO(Path(coming.value.path()).read_bytes()))
    assert packed.testzip() is None
    everything = "".join(packed.read(name).decode() for name in packed.namelist() if name.endswith(".json"))
    assert "24118" in everything and AIGERIM.email in everything
    json.loads(packed.read(next(name for name in packed.namelist() if name.endswith(".json"))))


def test_06_she_thinks_again_and_everything_is_there(window):
    window.goto("/kk/cabinet/")
    assert window.url.endswith("/erase/locked/")
    press(window)
    look(window, "06-cancelled")
    window.goto("/kk/cabinet/orders/")
    assert "24118" in words(window)


def test_07_she_asks_again_in_russian_with_now(window, folder):
    window.goto("/ru/cabinet/data/erase/account/confirm/")
    confirm_it_is_her(window)
    window.fill("input[name=word]", "удалить")
    if window.locator("input[type=checkbox]").count():
        window.locator("input[type=checkbox]").check()
    press(window)
    look(window, "07-locked-ru")
    click(window, "main a[href$='/erase/locked/now/']")
    confirm_it_is_her(window)
    look(window, "07-now-ru")
    press(window)
    assert "/erasure/" in window.url
    look(window, "07-status-begun")
    command(folder, "-m", "tests.later", "0")
    window.reload()
    look(window, "07-status-waiting")


def test_08_she_cannot_sign_in_any_more(browser, site):
    context = browser.new_context(base_url=site)
    stranger = context.new_page()
    sign_in(stranger, "ru")
    assert "/login/" in stranger.url
    context.close()


def test_09_the_clock_moves_the_order_arrives_and_the_rest_goes_by_itself(window, folder):
    assert "24118" not in words(window)
    command(folder, "-m", "tests.later", "400", "--delivered", "24118")
    window.reload()
    look(window, "09-status-done")
    assert window.locator("code").inner_text().strip()


def wait_until_open(window):
    """Wait for a server to see that it is behind no more, which it asks every five seconds."""
    for _second in range(10):
        if window.goto("/ru/accounts/login/").status == 200:
            return
        window.wait_for_timeout(1_000)


def test_10_yesterdays_backup_does_not_bring_her_back(browser, folder, servers):
    servers.close()
    backup = next((folder / "backups").glob("*.tar"))
    command(folder, "manage.py", "restore", "--yes", str(backup))
    with site_at(folder, ready="/livez", WORKER_THREAD="0") as url:
        context = browser.new_context(base_url=url)
        window = context.new_page()
        assert window.goto("/ru/accounts/login/").status == 503
        look(window, "10-behind")
        said = command(folder, "manage.py", "reapply_erasures")
        assert "1" in said
        wait_until_open(window)
        sign_in(window, "ru")
        assert "/login/" in window.url
        look(window, "10-still-gone")
        context.close()
