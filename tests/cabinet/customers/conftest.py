"""Sign-up without consents, which tests/cabinet/consents/test_signing_up.py tries."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def account_alone(settings):
    settings.ACCOUNT_FORMS = {**settings.ACCOUNT_FORMS, "signup": "cabinet.customers.sign_up.SignUpForm"}
