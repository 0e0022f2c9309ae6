"""What is measured: our site with its demo content, and the plain Wagtail site that `wagtail start` makes."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import wagtail

from tests.bench.servers import ROOT, Server
from tests.databases import DEMO, sqlite_template

STORE = ROOT / "var" / "bench"
POLICY = "/ru/privacy/"
HOP_BY_HOP = {"server", "date", "connection", "transfer-encoding", "keep-alive"}
BENCH_KEY = "only-for-measuring-on-this-machine-and-for-nothing-else-at-all"

PLAIN_PAGE = "/privacy/"
PLAIN_MODEL = """

class LegalPage(Page):
    body = RichTextField(blank=True)
    content_panels = Page.content_panels + [FieldPanel("body")]
"""
PLAIN_IMPORTS = """from wagtail.admin.panels import FieldPanel
from wagtail.fields import RichTextField
"""
PLAIN_TEMPLATE = """{% extends "base.html" %}{% load wagtailcore_tags %}
{% block content %}<h1>{{ page.title }}</h1>{{ page.body|richtext }}{% endblock content %}
"""
PLAIN_SETTINGS = f"""from .base import *
DEBUG = False
SECRET_KEY = "{BENCH_KEY}"
ALLOWED_HOSTS = ["*"]
# Only so that nothing need be collected first; the names it makes are as long.
STORAGES["staticfiles"] = {{"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
"""
PLAIN_FILLING = """
from home.models import HomePage, LegalPage
words = "The operator keeps personal data only as long as the order needs it, and tells the customer why. " * 4
body = "".join(f"<h2>Part {n}</h2><p>{words}</p><p>{words}</p>" for n in range(12))
page = HomePage.objects.get().add_child(instance=LegalPage(title="Privacy policy", slug="privacy", body=body))
page.save_revision().publish()
"""


def our_environment(folder: Path) -> dict[str, str]:
    """Return the environment of our site as in production, made in the folder with the demo's data."""
    environment = {
        "DATA_DIR": str(folder),
        "DATABASE_URL": f"sqlite:///{folder / 'kelisim.sqlite3'}",
        "DEBUG": "0",
        "HTTPS": "0",
        "LOG_LEVEL": "ERROR",
        "SECRET_KEY": BENCH_KEY,
        "SECURITY_CONTACT": "mailto:security@kelisim.example",
        "PYTHONPATH": os.pathsep.join([str(ROOT / "site"), str(ROOT)]),
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    if not (folder / "static").exists():
        shutil.copyfile(sqlite_template(DEMO), folder / "kelisim.sqlite3")
        run(ROOT, environment, "manage.py", "collectstatic", "--noinput", "--verbosity=0")
    return environment


def plain_environment() -> dict[str, str]:
    """Return the environment of a plain Wagtail site with one page of 10 KB rich text; made once per release."""
    site = STORE / f"plain-wagtail-{wagtail.__version__}"
    environment = {"DJANGO_SETTINGS_MODULE": "plain.settings.bench", "PYTHONPATH": str(site)}
    if not (site / "made").exists():
        shutil.rmtree(site, ignore_errors=True)
        site.mkdir(parents=True)
        run(site, {}, "-c", "from wagtail.bin.wagtail import main; main()", "start", "plain", ".")
        models = site / "home" / "models.py"
        models.write_text(PLAIN_IMPORTS + models.read_text() + PLAIN_MODEL)
        (site / "home" / "templates" / "home" / "legal_page.html").write_text(PLAIN_TEMPLATE)
        (site / "plain" / "settings" / "bench.py").write_text(PLAIN_SETTINGS)
        for command in (["makemigrations", "-v0"], ["migrate", "-v0"], ["shell", "-v0", "-c", PLAIN_FILLING]):
            run(site, environment, "-m", "django", *command)
        (site / "made").touch()
    return environment


def bare_environment(server: Server, folder: Path, name: str, path: str, **headers: str) -> dict[str, str]:
    """Return the environment of a bare application that gives the very answer the server gives."""
    status, received, body = server.fetch(path, **headers)
    kept = [(key, value) for key, value in received if key.lower() not in HOP_BY_HOP]
    file = folder / f"{name}.json"
    line = {200: "200 OK", 304: "304 Not Modified"}[status]
    file.write_text(json.dumps({"status": line, "headers": kept, "body": body.hex()}))
    return {"BENCH_RESPONSE": str(file), "PYTHONPATH": str(ROOT)}


def run(folder: Path, environment: dict[str, str], *arguments: str) -> str:
    """Run Python in a folder and return what it said; raise RuntimeError with its last words when it fails."""
    done = subprocess.run(
        [sys.executable, *arguments],
        check=False,
        cwd=folder,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise RuntimeError(f"{arguments[:3]} failed:\n{done.stderr[-3000:]}")
    return done.stdout
