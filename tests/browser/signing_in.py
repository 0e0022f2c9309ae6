"""How a demo person signs in, as they would: password, then the code the demo shows."""

from __future__ import annotations

import re
from typing import Any

from cabinet.customers.demo import PEOPLE


def sign_in(tab: Any, name: str) -> None:
    """Bring the person to the admin's home page."""
    person = next(person for person in PEOPLE if person.email.startswith(f"{name}@"))
    tab.goto("/admin/")
    tab.fill("input[name=login]", person.email)
    tab.fill("input[name=password]", person.password)
    tab.press("input[name=password]", "Enter")
    tab.wait_for_selector("input[name=code]")
    code = re.search(r"\b\d{6}\b", tab.inner_text("main"))
    tab.fill("input[name=code]", code[0])
    tab.press("input[name=code]", "Enter")
    tab.wait_for_url("**/admin/")
