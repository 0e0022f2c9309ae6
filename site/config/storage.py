"""Static files in production: hashed names, compressed once, served for a year."""

from __future__ import annotations

from whitenoise.storage import CompressedManifestStaticFilesStorage


class ManifestStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """WhiteNoise's storage that also rewrites the imports inside ES modules, so no bundler is needed."""

    support_js_module_import_aggregation = True
