"""Documents, their editions, the operator's card, the front page."""

from __future__ import annotations

from cms_pages.models.document import LegalDocumentPage
from cms_pages.models.edition import Edition
from cms_pages.models.home import HomePage
from cms_pages.models.operator import OperatorCard, OperatorText
from cms_pages.models.version import PublicVersion

__all__ = ["Edition", "HomePage", "LegalDocumentPage", "OperatorCard", "OperatorText", "PublicVersion"]
