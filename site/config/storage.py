"""Static files in production: hashed names, compressed once, served for a year."""

from __future__ import annotations

from typing import Any

from whitenoise.storage import CompressedManifestStaticFilesStorage


class ManifestStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """WhiteNoise's storage that also rewrites the imports inside ES modules, so no bundler is needed."""

    support_js_module_import_aggregation = True

    def hashed_name(self, name: str, content: Any = None, filename: str | None = None) -> str:
        """Return the hashed name; the plain one for a picture of Wagtail's image app, which is not installed."""
        try:
            return str(super().hashed_name(name, content, filename))
        except ValueError:
            # The admin's own stylesheet names it for the cropping tool of that app.
            if not name.startswith("wagtailimages/"):
                raise
            return name
