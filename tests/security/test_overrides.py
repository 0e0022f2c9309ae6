"""Wagtail's own templates and calls that we replace, as they were when we did (trust.md, s10).

When one of these fails, Wagtail has changed: compare its template with ours in site/templates/wagtailadmin, take over
what is new, drive the editor with tests/security/test_admin_policy.py, and write the new hash here.
"""

from __future__ import annotations

import hashlib
import inspect
import re
from pathlib import Path

import pytest
import wagtail
from django.apps import apps
from wagtail.admin.views import mixins
from wagtail.admin.widgets import chooser, workflows

from tests.databases import ROOT

UPSTREAM = Path(wagtail.__file__).parent / "admin" / "templates" / "wagtailadmin"
OURS = ROOT / "site" / "templates" / "wagtailadmin"

TEMPLATES = {
    "admin_base.html": "8d1e91482208ac34500fdc72c15fad7e4bafb2071e4cc13075a678aa47b7619d",
    "pages/edit_partials.html": "a92a0fa37c5c418663e5cb89df4f6bf3666f732ee136ff969f167997043162f4",
    "panels/inline_panel.html": "195bb0b199edb062dcf41a5a92ecabf5bae52a6eac06823eb3cd12b799be4f89",
    "panels/multiple_chooser_panel.html": "673bc9b26ca95c0385e7ac8a5c81d2449e6e59df841f74fe89d5003f877a653d",
    "widgets/date_input.html": "2557f7a4fd543d7cd6f192a97fdd0c12ebfad9a8d4ab2b7fe72a2f011cd049c8",
    "widgets/datetime_input.html": "479d8ddeaa73d2fdd33d584118d51b0c3ec4c2dc5b90a66b526874f9799d2676",
    "widgets/time_input.html": "536917c544a135631e8683866e8351bd491822a336c9a59639ab71338638e242",
}
# config.admin_widgets replaces the first and reads what the next two return; config.admin_exports replaces the last.
CALLS = {
    "BaseChooser.render": "56c79a5497019fee067db451840e8a39ed7b654edc2cc429dac398322274b654",
    "BaseChooser.render_js_init": "0f7ccd687842fdd4aa703ef4d6e113c1b938441329fea6882ec307abe8055bcb",
    "AdminTaskChooser.render_js_init": "8f9a21449c6813498470006d8b7fbec56138fdc8fab2825c45be29f27625a10f",
    "SpreadsheetExportMixin.preprocess_field_value": "721ec815d207f98a586e1faddcff191dd64e37d63fddf91edb40b48d5ac33bd9",
}


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


@pytest.mark.parametrize("template", TEMPLATES)
def test_s10_the_template_we_replace_is_the_one_we_read(template):
    assert digest((UPSTREAM / template).read_text()) == TEMPLATES[template]


def test_s10_no_template_of_wagtail_is_replaced_unnoticed():
    replaced = {str(path.relative_to(OURS)) for path in OURS.parent.glob("wagtail*/**/*.html")}
    assert replaced == TEMPLATES.keys()


@pytest.mark.parametrize("name", CALLS)
def test_s10_the_call_we_replace_is_the_one_we_read(name):
    assert digest(source_of(name)) == CALLS[name]


def source_of(name: str) -> str:
    """Return the source of a method as it stands in Wagtail's file, whatever has replaced it since."""
    module = {"AdminTaskChooser": workflows, "SpreadsheetExportMixin": mixins}.get(name.split(".")[0], chooser)
    text = inspect.getsource(module)
    of_class = re.search(rf"^class {name.split('.')[0]}[(:]", text, re.MULTILINE)
    begun = text.index(f"    def {name.split('.')[1]}(", of_class.start())
    end = text.find("\n    def ", begun + 1)
    return text[begun : end if end > 0 else None].split("\n    @")[0].rstrip()


def test_s10_wagtail_has_no_other_inline_scripts_or_styles():
    folders = [Path(app.path) / "templates" for app in apps.get_app_configs() if app.name.startswith("wagtail")]
    inline = {
        str(path.relative_to(folder))
        for folder in folders
        for path in folder.rglob("*.html")
        if INLINE.search(path.read_text())
    }
    assert inline - {f"wagtailadmin/{name}" for name in TEMPLATES} <= NOT_IN_THE_ADMIN


INLINE = re.compile(r"<script>|<style|\sstyle=\"|\son(?:click|change|load|submit)=")
# A letter; and the frame of an embed, in whose place ours waits (cms_pages/embeds.py).
NOT_IN_THE_ADMIN = {"wagtailadmin/notifications/base.html", "wagtailembeds/embed_frontend.html"}
