"""What every page of Wagtail's admin loads besides its own."""

from __future__ import annotations

from django.utils.html import format_html
from wagtail import hooks
from wagtail.admin.staticfiles import versioned_static

from config import admin_widgets  # noqa: F401  (replaces the choosers' inline scripts)


@hooks.register("insert_global_admin_js")
def start_widgets() -> str:
    """Load the script that starts date fields, choosers and inline panels."""
    return format_html('<script src="{}"></script>', versioned_static("js/admin/start-widgets.js"))
