"""How a demo person signs in, as they would: password, then the code the demo shows."""

from __future__ import annotations

from typing import Any

from cabinet.customers.demo import PEOPLE


def sign_in(tab: Any, name: str, site: str = "") -> None:
    """Bring the person to the admin's home page; `site` is the address when it is not the window's own."""
    person = next(person for person in PEOPLE if person.email.startswith(f"{name}@"))
    tab.goto(f"{site}/admin/")
    tab.fill("input[name=login]", person.email)
    tab.fill("input[name=password]", person.password)
    tab.press("input[name=password]", "Enter")
    tab.fill("input[name=code]", tab.get_attribute("[data-demo-code]", "data-demo-code"))
    tab.press("input[name=code]", "Enter")
    tab.wait_for_url("**/admin/")
