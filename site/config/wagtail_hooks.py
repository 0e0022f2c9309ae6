"""What every page of Wagtail's admin loads besides its own."""

from __future__ import annotations

from typing import Any

from django.urls import URLPattern, path
from django.utils.html import format_html
from wagtail import hooks
from wagtail.admin.staticfiles import versioned_static

# Two replace parts of Wagtail: the cells of exports, and the choosers' inline scripts.
from config import admin_exports, admin_widgets, errors  # noqa: F401


@hooks.register("insert_global_admin_js")
def start_widgets() -> str:
    """Load the script that starts date fields, choosers and inline panels."""
    return format_html('<script src="{}"></script>', versioned_static("js/admin/start-widgets.js"))


class NotInstalled:
    """An endpoint with nothing behind it: the site serves no uploads yet, so their libraries are not installed."""

    model = type(None)

    @classmethod
    def get_urlpatterns(cls) -> list[URLPattern]:
        """Return the one address that Wagtail asks the name of."""
        return [path("", errors.not_found, name="listing")]


@hooks.register("construct_admin_api")
def name_missing_endpoints(router: Any) -> None:
    """Give each page of the admin the two addresses it names, whether their libraries are installed or not."""
    for name in ("documents", "images"):
        router.register_endpoint(name, NotInstalled)
