"""What the sign-in pages need to know."""

from __future__ import annotations

from typing import Any

from django import template

from cabinet.customers import demo

register = template.Library()


@register.simple_tag(takes_context=True)
def demo_code(context: dict[str, Any]) -> str:
    """Return the code to show to a demo person; nothing for anybody else or where DEBUG is off."""
    request = context["request"]
    stage = getattr(request, "_login_stage", None)  # allauth keeps the half signed-in person here
    return demo.code_to_show(stage.login.user if stage else request.user)
