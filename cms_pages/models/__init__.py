"""Documents, their editions, cookies and their banner, the operator's card, the front page."""

from __future__ import annotations

from cms_pages.models.cookies import BannerEdition, CookieBanner, CookieDeclaration, CookieGroup
from cms_pages.models.document import LegalDocumentPage
from cms_pages.models.edition import Edition
from cms_pages.models.given import GivenPermission
from cms_pages.models.home import HomePage
from cms_pages.models.operator import OperatorCard, OperatorText
from cms_pages.models.version import PublicVersion

__all__ = [
    "BannerEdition",
    "CookieBanner",
    "CookieDeclaration",
    "CookieGroup",
    "Edition",
    "GivenPermission",
    "HomePage",
    "LegalDocumentPage",
    "OperatorCard",
    "OperatorText",
    "PublicVersion",
]
