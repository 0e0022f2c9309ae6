"""A clean slate for the jobs of these tests."""

from __future__ import annotations

import pytest

from tests.cabinet.jobs import sample


@pytest.fixture(autouse=True)
def slate():
    sample.done.clear()
    sample.broken.clear()
    return sample.done
