"""An administrator for tests of Wagtail's admin."""

from __future__ import annotations

import pytest

from tests.conftest import signed_in


@pytest.fixture
def admin_client(make_user):
    """May do everything Wagtail allows, so that what is refused is refused by us."""
    return signed_in(make_user("admin@kelisim.example", "Admin", ("Administrators",), is_superuser=True))
