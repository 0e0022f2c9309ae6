"""What the sign-in pages need to know."""

from __future__ import annotations

from typing import Any

from allauth.account.internal.stagekit import unstash_login
from django import template

from cabinet.customers import demo, typos
from cabinet.customers.accounts import home_of

register = template.Library()


@register.simple_tag(takes_context=True)
def demo_code(context: dict[str, Any]) -> str:
    """Return the code to show to a demo person; nothing for anybody else or where DEBUG is off."""
    request = context["request"]
    stage = getattr(request, "_login_stage", None)  # allauth keeps the half signed-in person here
    return demo.code_to_show(stage.login.user if stage else request.user)


@register.simple_tag(takes_context=True)
def written_to(context: dict[str, Any]) -> str:
    """Return the address that was typed to sign up or in, whether or not it has an account; nothing when unknown."""
    login = unstash_login(context["request"], peek=True)
    return (login.user.email if login.user else login.email or "") if login else ""


@register.filter
def likely_address(email: str) -> str:
    """Return what was probably meant where an address looks like a slip."""
    return typos.likely_address(email)


@register.simple_tag
def home_url(user: Any) -> str:
    """Return where this person's work or things are."""
    return home_of(user)


@register.filter
def without_placeholder(field: Any) -> Any:
    """Return the form field without its placeholder: it repeats the label and looks like something typed."""
    field.field.widget.attrs.pop("placeholder", None)
    return field


# The first that is found names it: every browser claims to be several others too.
BROWSERS = {
    "YaBrowser": "Yandex Browser",
    "OPR/": "Opera",
    "Edg": "Edge",
    "Firefox": "Firefox",
    "Chrom": "Chrome",
    "Safari": "Safari",
}
SYSTEMS = {
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Windows": "Windows",
    "Mac OS": "macOS",
    "Linux": "Linux",
}


@register.filter
def browser(user_agent: str) -> str:
    """Return a name that people know, such as “Firefox, Windows”; the whole header where it tells neither."""
    found = [next((name for mark, name in marks.items() if mark in user_agent), "") for marks in (BROWSERS, SYSTEMS)]
    return ", ".join(filter(None, found)) or user_agent
