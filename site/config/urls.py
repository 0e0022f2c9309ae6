"""All addresses of the site."""

from __future__ import annotations

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path, re_path
from django.views.generic import RedirectView
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.urls import serve_pattern
from wagtail.views import serve as wagtail_serve

from cabinet.consents import urls as consent_urls
from cabinet.exchange.api import api
from cabinet.notices import urls as letter_urls
from cabinet.orders import phone_urls
from cabinet.privacy import urls as privacy_urls
from cms_pages import cookie_views, sitemaps, views
from cms_pages import urls as document_urls
from config import errors, health

urlpatterns = [
    path("", views.to_default_language),
    path("livez", health.livez),
    path("readyz", health.readyz),
    path(".well-known/security.txt", health.security_txt),
    path("robots.txt", sitemaps.robots_txt),
    path("sitemap.xml", sitemaps.sitemap_xml),
    path("cookies/state.css", cookie_views.state_css),
    *consent_urls.choice,
    *consent_urls.unsubscribe,
    path("api/", api.urls),
    # Wagtail's own login knows no second factor.
    path("admin/login/", RedirectView.as_view(pattern_name="account_login", query_string=True)),
    path("admin/", include(wagtailadmin_urls)),
    *i18n_patterns(
        path("accounts/", include("cabinet.customers.urls")),
        path("accounts/", include("allauth.urls")),
        path("", include(letter_urls)),
        path("", include(phone_urls)),
        path("cabinet/", include("cabinet.urls")),
        path("cookies/", cookie_views.cookies_page, name="cookies"),
        *consent_urls.receipts,
        *privacy_urls.status,
        path("", include(document_urls)),
        # The pages alone: Wagtail's other addresses here are a sign-in without a second factor.
        re_path(serve_pattern, wagtail_serve, name="wagtail_serve"),
    ),
]

handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler500 = errors.failed
