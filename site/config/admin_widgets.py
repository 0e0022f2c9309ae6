"""Choosers of Wagtail's admin, started without inline scripts (trust.md, s10)."""

from __future__ import annotations

import re
from typing import Any

from django.utils.html import format_html
from wagtail.admin.widgets import BaseChooser

CALL = re.compile(r"(?:new )?(?P<name>\w+)\((?P<arguments>.*)\);?", re.DOTALL)


def render_without_script(
    widget: BaseChooser, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
) -> str:
    """Return the chooser's HTML, its start-up as data that static/js/admin/start-widgets.js reads."""
    id_ = (attrs or {})["id"]
    chosen = widget.get_value_data(value)
    call = CALL.fullmatch(widget.render_js_init(id_, name, chosen))
    if call is None:
        raise NotImplementedError(f"{type(widget).__name__}.render_js_init is more than one call.")
    return format_html(
        '{}<div hidden data-controller="start-widget" data-start-widget-name-value="{}"'
        ' data-start-widget-arguments-value="[{}]"></div>',
        widget.render_html(name, chosen, attrs),
        call["name"],
        call["arguments"],
    )


BaseChooser.render = render_without_script
