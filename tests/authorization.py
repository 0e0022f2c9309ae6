"""Writes docs/authorization.md from the table that the tests hold every view to: `python -m tests.authorization`."""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterator, Mapping

from tests.databases import ROOT

HEAD = """# Who may do what

Generated from the table that `tests/security/test_s18_staff_matrix.py` holds every screen to; do not edit it, run
`.venv/bin/python -m tests.authorization`. A screen that is missing from the table fails the tests.

“Order staff” is a colleague who has the order in hand, “second clerk” one who has not, and the officer has an emergency
access open. Which orders stand in a list is decided row by row in `cabinet/orders/seeing.py`. A shop can give a group
more or less under *Settings → Groups*.
"""
Views = Mapping[str, Collection[str]]


def told(table: Mapping[str, Views], roles: Collection[str]) -> str:
    """Return the page."""
    return "\n".join([HEAD, *_rows(table, roles)]) + "\n"


def _rows(table: Mapping[str, Views], roles: Collection[str]) -> Iterator[str]:
    yield f"| screens | view | {' | '.join(roles)} |"
    yield f"|---|---|{'---|' * len(roles)}"
    for room, views in table.items():
        for view, allowed in views.items():
            marks = " | ".join("yes" if role in allowed else "" for role in roles)
            yield f"| {room} | {view} | {marks} |"


if __name__ == "__main__":
    import pytest  # noqa: F401  (the settings of the tests hold where it is loaded)

    sys.path.insert(1, str(ROOT / "site"))
    import tests.own_environment  # noqa: F401  # isort: skip  (what follows needs Django)
    from tests.security.test_s18_staff_matrix import ROLES, TABLE

    (ROOT / "docs" / "authorization.md").write_text(told(TABLE, ROLES))
