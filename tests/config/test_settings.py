"""Settings: a wrong value names its variable, a real site is strict, the example is complete and clean."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from datetime import date

import pytest
from django.core.exceptions import ImproperlyConfigured

from config.env import Env
from tests.databases import ROOT

# PYTEST_VERSION keeps a developer's .env out.
BARE = {name: os.environ[name] for name in ("PATH", "PYTEST_VERSION")} | {"DJANGO_SETTINGS_MODULE": "config.settings"}


def example() -> dict[str, str]:
    """The environment of .env.example."""
    lines = (ROOT / ".env.example").read_text().splitlines()
    told = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
    own = "a key of one's own, longer than fifty letters, all of them by chance"
    return {**told, "SECRET_KEY": own, "REFUND_VAULT_KEYS": f"another, {own}"}


def started(program: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a program in nothing but this environment."""
    return subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path[:0] = ['site', '.']\n{program}"],
        cwd=ROOT,
        env={**BARE, **environment},
        capture_output=True,
        text=True,
    )


def settings_of(environment: dict[str, str]) -> dict[str, object]:
    """What the settings say in this environment."""
    program = "import json; from config import settings as s\n"
    program += "print(json.dumps({n: v for n, v in vars(s).items() if isinstance(v, (bool, int, str))}))"
    told = started(program, **environment)
    assert told.returncode == 0, told.stderr
    return json.loads(told.stdout)


@pytest.fixture(scope="module")
def real_site(tmp_path_factory) -> dict[str, object]:
    """What the settings of a real site say."""
    return settings_of({**example(), "DATA_DIR": str(tmp_path_factory.mktemp("real"))})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DEBUG", "perhaps"),
        ("HTTPS", "ja"),
        ("BEHIND_PROXY", "si"),
        ("PAGE_CACHE_BYTES", "many"),
        ("SITE_URL", "shop.example"),
        ("DATABASE_URL", "nonsense"),
        ("DATABASE_URL", "oracle://shop"),
        ("REDIS_URL", "nonsense"),
        ("LANGUAGE_CODE", "de"),
        ("TIME_ZONE", "Mars/Base"),
        ("SECURITY_CONTACT", "nobody"),
        ("EMAIL_URL", "pigeon://post"),
        ("LOG_LEVEL", "LOUD"),
        ("REGIME", "moon"),
        ("WORKING_DAYS_MOVED", "2026-02-30:off"),
        ("WORKING_DAYS_MOVED", "2026-05-08"),
        ("WORKING_DAYS_MOVED", "2026-05-08:perhaps"),
        ("OBJECTION_DAYS", "many"),
        ("OBJECTION_DAYS", "-1"),
        ("OBJECTION_DAYS_BY_CLASS", "fresh"),
        ("OBJECTION_DAYS_BY_CLASS", "fresh:soon"),
    ],
)
def test_a_wrong_value_stops_the_start_and_names_its_variable(name, value, tmp_path):
    told = started("import config.settings", DATA_DIR=str(tmp_path), **{"DEBUG": "1", name: value})
    assert told.returncode == 1
    last = told.stderr.strip().splitlines()[-1]
    assert last.startswith("django.core.exceptions.ImproperlyConfigured")
    assert name in last


@pytest.mark.parametrize(
    "name", ["DATABASE_URL", "REDIS_URL", "EMAIL_URL", "CSRF_TRUSTED_ORIGINS", "WORKING_DAYS_MOVED"]
)
def test_an_empty_value_counts_as_none(name, tmp_path):
    told = started("import config.settings", DATA_DIR=str(tmp_path), **{"DEBUG": "1", name: ""})
    assert told.returncode == 0, told.stderr


@pytest.mark.parametrize("address", ["consolemail://", "smtp+tls://user:secret@mail.example:587"])
def test_addresses_of_mail_servers_are_understood(address, tmp_path):
    told = started("import config.settings", DATA_DIR=str(tmp_path), DEBUG="1", EMAIL_URL=address)
    assert told.returncode == 0, told.stderr


def test_moved_days_are_read_as_days(monkeypatch):
    monkeypatch.setenv("KELISIM_TRIAL", "2026-05-08:off, 2026-05-16:ON,")
    assert Env().days("KELISIM_TRIAL") == {date(2026, 5, 8): False, date(2026, 5, 16): True}


def test_a_real_site_demands_a_secret(tmp_path):
    told = started("import config.settings", DATA_DIR=str(tmp_path), DEBUG="0")
    assert "Set SECRET_KEY to a long random value" in told.stderr.strip().splitlines()[-1]


def test_a_real_site_demands_somebody_who_hears_of_vulnerabilities(tmp_path):
    told = started("import config.settings", DATA_DIR=str(tmp_path), SECRET_KEY="x" * 60, SECURITY_CONTACT="")
    assert told.returncode == 1
    assert "Set SECURITY_CONTACT to" in told.stderr.strip().splitlines()[-1]


def test_s25_a_real_site_refuses_the_secret_of_the_example(tmp_path):
    published = re.search(r"^SECRET_KEY=(.+)$", (ROOT / ".env.example").read_text(), re.MULTILINE)[1]
    told = started("import config.settings", DATA_DIR=str(tmp_path), SECRET_KEY=published)
    assert told.returncode == 1
    assert "SECRET_KEY is still the one of .env.example" in told.stderr.strip().splitlines()[-1]


@pytest.mark.parametrize(("text", "value"), [("1", True), ("YES", True), ("off", False), ("", True)])
def test_yes_and_no_in_the_ways_people_write_them(monkeypatch, text, value):
    monkeypatch.setenv("KELISIM_TRIAL", text)
    assert Env().bool("KELISIM_TRIAL", default=True) is value


def test_a_missing_value_is_named():
    with pytest.raises(ImproperlyConfigured, match="KELISIM_TRIAL"):
        Env().str("KELISIM_TRIAL")


def test_s09_cookies_of_a_real_site_are_bound_to_it(real_site):
    assert real_site["SESSION_COOKIE_NAME"].startswith("__Host-")
    assert real_site["CSRF_COOKIE_NAME"].startswith("__Host-")
    assert real_site["SESSION_COOKIE_SECURE"] and real_site["CSRF_COOKIE_SECURE"]
    assert (real_site["SESSION_COOKIE_HTTPONLY"], real_site["SESSION_COOKIE_SAMESITE"]) == (True, "Lax")
    assert real_site["SESSION_SERIALIZER"].endswith("JSONSerializer")


def test_a_real_site_speaks_https_only(real_site):
    assert real_site["DEBUG"] is False
    assert real_site["SECURE_SSL_REDIRECT"] is True
    assert real_site["SECURE_HSTS_SECONDS"] >= 31_536_000


def test_hsts_speaks_for_other_names_only_when_told_to(real_site, tmp_path):
    names = ("SECURE_HSTS_INCLUDE_SUBDOMAINS", "SECURE_HSTS_PRELOAD")
    assert [real_site[name] for name in names] == [True, True]
    silent = {name: value for name, value in example().items() if not name.startswith("HSTS_")}
    told = settings_of({**silent, "DATA_DIR": str(tmp_path)})
    assert [told[name] for name in names] == [False, False]


def test_the_env_file_of_a_developer_is_read_on_a_start_and_not_in_tests(tmp_path):
    copied = tmp_path / "site" / "config" / "env.py"
    copied.parent.mkdir(parents=True)
    copied.write_text((ROOT / "site" / "config" / "env.py").read_text())
    (tmp_path / ".env").write_text("KELISIM_TRIAL=from the file\n")
    program = f"import os, runpy; runpy.run_path({str(copied)!r}); print(os.environ.get('KELISIM_TRIAL'))"
    assert started(program, PYTEST_VERSION="").stdout == "from the file\n"
    assert started(program).stdout == "None\n"


def test_the_shell_of_a_developer_does_not_decide_a_test(tmp_path):
    shell = {"DEBUG": "1", "LOG_LEVEL": "ERROR", "DATA_DIR": str(tmp_path / "mine"), "HTTPS": "1", "TIME_ZONE": "UTC"}
    program = "import tests.conftest as _; from config.settings import *; print(DEBUG, LOG_LEVEL, HTTPS, TIME_ZONE)"
    told = started(program, **shell)
    assert told.stdout == "False INFO False Asia/Almaty\n", told.stderr
    assert not (tmp_path / "mine").exists()


def test_s21_check_deploy_is_clean_in_the_environment_of_the_example(tmp_path):
    program = "from django.core.management import execute_from_command_line as go\n"
    program += "go(['manage.py', 'check', '--deploy', '--fail-level', 'WARNING'])"
    told = started(program, **{**example(), "DATA_DIR": str(tmp_path)})
    assert told.returncode == 0, told.stderr
    assert "no issues (0 silenced)" in told.stdout
