"""Where the desk keeps cookies: the addresses of its screens, as somebody finds them who clicks."""

from __future__ import annotations

from typing import Any

LISTS = [
    "/admin/cookies/groups/",
    "/admin/cookies/editions/",
    "/admin/cookies/receipts/",
    "/admin/reports/cookie-choices/",
]
FORMS = ["/admin/cookies/groups/new/", "/admin/cookies/banner/"]  # the second leads to the one row


def cookie_screens(tab: Any) -> list[str]:
    """Leave an answer, so that there is a receipt, and return every screen about cookies."""
    answer(tab)
    group = first_link(tab, "/admin/cookies/groups/", "/edit/")
    return [
        *LISTS,
        *FORMS,
        *(group.replace("/edit/", f"/{view}/") for view in ("edit", "inspect", "delete")),
        first_link(tab, "/admin/cookies/editions/", "/inspect/"),
        first_link(tab, "/admin/cookies/receipts/", "/inspect/"),
    ]


def answer(tab: Any) -> None:
    """Refuse, as a visitor does who meets the banner."""
    tab.goto("/ru/")
    reject = tab.locator("#cookie_banner button[value=reject]")
    if reject.is_visible():
        reject.click()
        tab.locator("#cookie_said").wait_for()


def first_link(tab: Any, path: str, part: str) -> str:
    """Return the address of the first link of a list that leads on to such a screen."""
    tab.goto(path)
    return str(tab.locator(f"main a[href^='{path}'][href*='{part}']").first.get_attribute("href"))
