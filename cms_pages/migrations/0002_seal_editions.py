"""From here on the database itself refuses to change or delete an edition."""

from __future__ import annotations

from django.db import migrations

from cabinet.audit.append_only import append_only_triggers


class Migration(migrations.Migration):
    dependencies = [("cms_pages", "0001_documents_and_editions")]
    operations = [append_only_triggers("cms_pages_edition", unique=("page_id", "number"))]
