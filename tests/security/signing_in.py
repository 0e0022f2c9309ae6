"""Signing in to the running demo by its pages, as a newcomer does."""

from __future__ import annotations

from typing import Any

from cabinet.customers import demo


def sign_in(tab: Any, name: str, language: str = "en") -> None:
    """Open the admin as this demo person."""
    person = next(person for person in demo.PEOPLE if person.email.startswith(f"{name}@"))
    tab.goto(f"/{language}/accounts/login/?next=/admin/")
    tab.fill("input[name=login]", person.email)
    tab.fill("input[name=password]", person.password)
    tab.click("main form button[type=submit].button--primary")
    tab.fill("input[name=code]", tab.get_attribute("[data-demo-code]", "data-demo-code"))
    tab.click("main form button[type=submit].button--primary")
    tab.wait_for_url("**/admin/")
