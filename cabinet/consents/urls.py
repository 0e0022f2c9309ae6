"""Addresses of the cookie choice and its receipt, of consents and subscriptions."""

from __future__ import annotations

from django.urls import path, re_path

from cabinet.consents import cabinet_views, subscriptions, views
from cabinet.consents.numbers import NUMBER

choice = [path("cookies/choice/", views.choose, name="cookie_choice")]  # one address for all languages
receipts = [
    path("cookies/receipts/", views.own_receipt, name="own_receipt"),
    re_path(rf"^cookies/receipts/(?P<public_id>{NUMBER.pattern})/$", views.receipt, name="cookie_receipt"),
]
unsubscribe = [path("unsubscribe/<str:token>/", subscriptions.by_link, name="unsubscribe")]
in_cabinet = [
    path("consents/", cabinet_views.consents, name="consents"),
    path("consents/answer/", cabinet_views.answer, name="consent_answer"),
    path("consents/account/", cabinet_views.account, name="consent_account"),
    path("consents/cookies/", cabinet_views.cookies, name="consent_cookies"),
    path("consents/history/", cabinet_views.history, name="consent_history"),
    path("consents/proof/", cabinet_views.proof_of_all, name="consent_proofs"),
    path("consents/<slug:number>/", cabinet_views.receipt, name="consent"),
    path("consents/<slug:number>/proof/", cabinet_views.proof, name="consent_proof"),
    path("subscriptions/", subscriptions.subscriptions, name="subscriptions"),
    path("subscriptions/none/", subscriptions.none, name="subscriptions_none"),
]
