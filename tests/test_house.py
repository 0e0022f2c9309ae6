"""The plan of the house, so that it cannot rot (house.md)."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import polib
import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection

from cabinet.audit.append_only import AppendOnlyModel
from tests.databases import ROOT, manage

ROOMS = ("site", "cms_pages", "cabinet")
NAMES_OF_NOTHING = {"utils.py", "helpers.py", "services.py", "misc.py", "common.py"}
LANGUAGES_TO_TRANSLATE = ("ru", "kk")

# Where text is marked as safe HTML, and why it is.
SAFE_TEXT = {
    "cms_pages/rendering.py": "nh3 has cleaned it, or our own template rendered it",
    "cms_pages/models/edition.py": "sealed output of rendering.py",
}
MARKS_SAFE = re.compile(r"mark_safe|SafeString\(|SafeText\(|\|\s*safe\b|\|\s*safeseq\b|autoescape off")


def sources(*patterns: str) -> list[Path]:
    found = (path for room in ROOMS for pattern in patterns for path in (ROOT / room).rglob(pattern))
    return sorted(path for path in found if "__pycache__" not in path.parts)


def catalogues() -> list[Path]:
    return sorted((ROOT / "site" / "locale").glob("*/LC_MESSAGES/*.po"))


def test_site_is_a_source_root_and_no_package():
    assert not (ROOT / "site" / "__init__.py").exists()


@pytest.mark.parametrize("path", [[], [str(ROOT)], [str(ROOT / "site"), str(ROOT)]])
def test_import_site_is_the_standard_librarys(path):
    program = f"import sys; sys.path[:0] = {path}; import site; print(site.__file__)"
    told = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert Path(told.stdout.strip()).parent == Path(subprocess.__file__).parent


def test_site_packages_are_there_with_the_repository_on_the_path():
    program = "import django, site; print(site.__file__)"
    environment = {"PYTHONPATH": f"{ROOT / 'site'}:{ROOT}", "PATH": ""}
    subprocess.run([sys.executable, "-c", program], cwd=ROOT, env=environment, check=True, capture_output=True)


def test_git_does_not_ignore_site():
    ignored = {line.strip() for line in (ROOT / ".gitignore").read_text().splitlines()}
    assert not ignored & {"/site", "/site/", "site", "site/"}


def test_the_wheel_holds_the_three_packages():
    hatch = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["hatch"]["build"]
    assert hatch["targets"]["wheel"]["packages"] == ["site/config", "cms_pages", "cabinet"]
    assert hatch["ignore-vcs"] is True


def test_imports_run_one_way():
    # In a process of its own: import-linter sets up logging anew and would silence ours for the tests that follow.
    command = [Path(sys.executable).with_name("lint-imports"), "--no-cache", "--config", "pyproject.toml"]
    roots = os.pathsep.join((str(ROOT / "site"), str(ROOT)))
    done = subprocess.run(command, cwd=ROOT, env={**os.environ, "PYTHONPATH": roots}, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_room_stands_in_the_contract():
    contract = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"][0]
    named = set(re.findall(r"cabinet\.(\w+)", " ".join(contract["layers"])))
    there = {path.parent.name for path in (ROOT / "cabinet").glob("*/__init__.py")}
    assert there <= named


def test_files_are_named_for_what_they_do():
    assert [path for path in sources("*.py") if path.name in NAMES_OF_NOTHING] == []


def test_every_module_says_what_it_is():
    unsaid = [path for path in modules() if path.read_text().strip() and not ast.get_docstring(tree(path))]
    assert unsaid == []


def test_annotations_are_postponed():
    assert [path for path in modules() if has_annotations(tree(path)) and not postpones(tree(path))] == []


def modules() -> list[Path]:
    return [path for path in sources("*.py") if "migrations" not in path.parts]


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def has_annotations(module: ast.Module) -> bool:
    return any(isinstance(node, ast.FunctionDef | ast.AnnAssign) for node in ast.walk(module))


def postpones(module: ast.Module) -> bool:
    return any(isinstance(node, ast.ImportFrom) and node.module == "__future__" for node in module.body)


def test_s05_text_is_marked_safe_only_where_a_reason_is_given():
    marked = {str(path.relative_to(ROOT)) for path in sources("*.py", "*.html") if MARKS_SAFE.search(path.read_text())}
    assert marked == set(SAFE_TEXT)


@pytest.mark.parametrize("language", LANGUAGES_TO_TRANSLATE)
def test_there_is_a_catalogue(language):
    assert [po for po in catalogues() if po.parent.parent.name == language]


@pytest.mark.parametrize("po", catalogues(), ids=lambda po: f"{po.parent.parent.name}/{po.name}")
def test_no_sentence_is_missing_or_guessed(po):
    if po.parent.parent.name not in LANGUAGES_TO_TRANSLATE:
        pytest.skip("The source language: an empty translation is the sentence itself.")
    catalogue = polib.pofile(str(po))
    assert [entry.msgid for entry in catalogue.untranslated_entries()] == []
    assert [entry.msgid for entry in catalogue.fuzzy_entries()] == []


def test_every_sentence_stands_in_the_catalogues(tmp_path):
    if not shutil.which("xgettext"):
        pytest.skip("No GNU gettext, so sentences were not collected.")
    for room in (*ROOMS, "manage.py", "static"):
        place = ROOT / room
        shutil.copytree(place, tmp_path / room) if place.is_dir() else shutil.copy(place, tmp_path)
    options = ["--locale=ru", "--no-location", "--ignore=var"]
    program = [sys.executable, "manage.py", "makemessages", *options]
    environment = {"DEBUG": "1", "DATA_DIR": str(tmp_path / "var"), "PATH": "/usr/local/bin:/usr/bin:/bin"}
    subprocess.run(program, cwd=tmp_path, env=environment, check=True, capture_output=True)
    kept = polib.pofile(str(ROOT / "site/locale/ru/LC_MESSAGES/django.po"))
    collected = polib.pofile(str(tmp_path / "site/locale/ru/LC_MESSAGES/django.po"))
    assert sentences(collected) - sentences(kept) == set(), "Run ./kelisim messages and translate these."


def sentences(catalogue: polib.POFile) -> set[tuple[str | None, str]]:
    return {(entry.msgctxt, entry.msgid) for entry in catalogue if not entry.obsolete}


def append_only_tables() -> list[str]:
    return sorted(model._meta.db_table for model in apps.get_models() if issubclass(model, AppendOnlyModel))


@pytest.mark.parametrize("table", append_only_tables())
def test_every_append_only_table_is_guarded_by_the_database(db, table):
    if connection.vendor == "sqlite":
        query = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s"
        wanted = {f"{table}_no_update", f"{table}_no_delete"}
    else:
        query = "SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND NOT tgisinternal AND tgenabled = 'O'"
        wanted = {f"{table}_append_only"}
    with connection.cursor() as cursor:
        cursor.execute(query, [table])
        assert wanted <= {name for (name,) in cursor.fetchall()}


def test_nothing_is_left_to_migrate():
    manage("makemigrations", "--check", "--dry-run")


def test_every_variable_is_in_the_example():
    text = "".join(path.read_text() for path in (ROOT / "site" / "config").glob("*.py"))
    asked = set(re.findall(r"env\.\w+\(\s*\"([A-Z_]+)\"", text))
    told = set(re.findall(r"^#? ?([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))
    assert asked == told


def test_the_operators_manual_names_every_variable():
    manual = (ROOT / "docs" / "operator.md").read_text()
    told = re.findall(r"^#? ?([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE)
    assert [name for name in told if f"`{name}`" not in manual] == []


def test_nothing_is_silenced():
    assert settings.SILENCED_SYSTEM_CHECKS == []
