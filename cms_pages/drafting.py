"""What publishing a page would seal: the edition as it would be, before anything is stored."""

from __future__ import annotations

import hashlib
import json
from datetime import date, datetime, time
from typing import TYPE_CHECKING

from django.utils import timezone

from cms_pages.models.edition import Edition
from cms_pages.rendering import canonical_text, frozen_html, outline, printable, stored_outline

if TYPE_CHECKING:
    from cms_pages.models.document import LegalDocumentPage


def draft_edition(*, page: LegalDocumentPage, number: int, at: datetime) -> Edition:
    """Return the edition that publishing this page at `at` would make, unsaved; previews show it."""
    sections = outline(page)
    html = frozen_html(page, sections)
    text = canonical_text(page.title, html)
    return Edition(
        page=page,
        language=page.language,
        number=number,
        title=printable(page.title),
        html=html,
        canonical_text=text,
        sha256=sha256_of(text),
        outline=json.dumps(stored_outline(page, sections), ensure_ascii=False),
        summary=printable(page.change_summary).strip(),
        material=page.material,
        only_this_language=page.only_this_language,
        withdrawn=page.withdrawn,
        in_force_from=max(at, midnight(page.in_force_from)) if page.in_force_from else at,
        published_at=at,
    )


def sha256_of(text: str) -> str:
    """Return the SHA-256 of the text in UTF-8, as 64 hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()


def midnight(day: date) -> datetime:
    """Return the first moment of a day in the shop's zone."""
    return timezone.make_aware(datetime.combine(day, time.min), timezone.get_default_timezone())


def shop_day(at: datetime | None = None) -> date:
    """Return the day it is in the shop's zone, whatever zone an editor has chosen for the admin."""
    return timezone.localdate(at, timezone.get_default_timezone())
