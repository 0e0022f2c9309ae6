"""Every address of the accounts renders our pages, in each language."""

from __future__ import annotations

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.test import Client

from tests.conftest import PASSWORD

OPEN = [
    "login/",
    "login/code/",
    "login/code/confirm/",
    "signup/",
    "email/undo/wrong/",
    "inactive/",
    "confirm-email/",
    "confirm-email/wrong/",
    "logout/",
]
OPEN += ["password/reset/", "password/reset/done/", "password/reset/key/done/", "password/reset/key/1-wrong/"]
OWN = ["email/", "password/change/", "password/set/", "reauthenticate/", "sessions/", "logout/", "2fa/"]
CONFIRMED = ["2fa/totp/activate/", "2fa/totp/deactivate/", "2fa/webauthn/add/", "2fa/webauthn/"]
CONFIRMED += [
    "2fa/recovery-codes/generate/",
    "2fa/recovery-codes/",
    "2fa/recovery-codes/download/",
    "2fa/reauthenticate/",
]
KEY = ["2fa/webauthn/reauthenticate/", "2fa/webauthn/keys/{key}/edit/", "2fa/webauthn/keys/{key}/remove/"]


def renders(client: Client, language: str, path: str) -> None:
    """Assert that the page, or the one it leads to, is a whole page of ours that no cache keeps."""
    response = client.get(f"/{language}/accounts/{path}", follow=True)
    if response.redirect_chain and response.redirect_chain[-1][0].startswith("/admin/"):
        return
    assert response.status_code == (410 if "undo" in path else 200)
    assert response["Cache-Control"] == "private, no-store"
    if response["Content-Type"].startswith("text/html"):
        page = response.content.decode()
        assert f'<html lang="{language}"' in page
        assert page.count("<h1") == 1
        assert not re.search(r"<script(?![^>]*\b(?:src=|type=\"application/json\"))|<style|\sstyle=|\son\w+=", page)


@pytest.mark.parametrize("language", ["ru", "kk", "en"])
@pytest.mark.parametrize("path", OPEN)
def test_pages_for_anybody_render(visitor, db, language, path):
    renders(visitor, language, path)


@pytest.mark.parametrize("language", ["ru", "kk", "en"])
@pytest.mark.parametrize("path", [*OWN, *CONFIRMED, *KEY])
def test_pages_of_an_account_render(editor_client, dana, language, path):
    key = Authenticator.objects.create(
        user=dana, type=Authenticator.Type.WEBAUTHN, data={"name": "My key", "credential": {}}
    )
    RecoveryCodes.activate(dana)
    if path in {"2fa/webauthn/add/", "2fa/webauthn/reauthenticate/"}:  # those speak to a real key
        key.delete()
    editor_client.post("/ru/accounts/reauthenticate/", {"password": PASSWORD})
    renders(editor_client, language, path.format(key=key.pk))


def test_the_languages_of_an_account_page_lead_to_the_same_page(visitor, db):
    page = visitor.get("/ru/accounts/login/?next=/admin/pages/").content.decode()
    assert 'href="/kk/accounts/login/?next=/admin/pages/"' in page


def test_every_page_leads_to_itself_in_the_other_languages_whoever_asked_before(editor_client, visitor):
    # A header kept from one request once showed the next person the address of the one before.
    for path in ("sessions/", "password/reset/?for=dana", "password/reset/?for=boris", "sessions/"):
        answer = editor_client.get(f"/ru/accounts/{path}")
        assert switch(answer) == [f"/{code}/accounts/{path}" for code in ("ru", "kk", "en")]
        missing = visitor.get("/ru/accounts/nothing/")
        assert missing.status_code == 404
        assert set(switch(missing)) <= {f"/{code}/accounts/nothing/" for code in ("ru", "kk", "en")}
        assert "/sessions/" not in missing.content.decode()


def switch(answer) -> list[str]:
    """Return where the language switch of a page leads."""
    nav = re.search(r'<nav class="languages".*?</nav>', answer.content.decode(), re.DOTALL)
    return re.findall(r'href="([^"]+)"', nav[0]) if nav else []
