"""The way to the demo's letters, on pages that tell of a letter."""

from __future__ import annotations

from typing import Any

from django import template

from cabinet.notices.demo import are_letters_shown

register = template.Library()


@register.inclusion_tag("notices/demo_letters_link.html")
def demo_letters_link() -> dict[str, Any]:
    """Show the link in a demo without a mail server, nothing anywhere else."""
    return {"shown": are_letters_shown()}
