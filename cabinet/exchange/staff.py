"""Who may send to us and who hears of us, as operators decide it; a secret is shown once."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_POST
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic import CreateView
from wagtail.admin.viewsets.model import ModelViewSet, ModelViewSetGroup
from wagtail.log_actions import log

from cabinet.exchange import endpoints, keys
from cabinet.exchange.forms import EndpointForm, KeyForm
from cabinet.exchange.models import Endpoint, Key
from cabinet.exchange.traffic import FACT, delivery_viewset, received_viewset, when

WHY_PAUSED = {
    "gone": gettext_lazy("It answered that it is gone (410)."),
    "dead": gettext_lazy("It did not take an event for days, several times in a row."),
}


def listed(field: str) -> Any:
    """Return a function that tells a list of a row in one line."""

    def told(row: Any) -> str:
        return ", ".join(getattr(row, field))

    return told


class ShowSecretOnce(CreateView):
    """After something with a secret was made, the answer itself shows it: it is kept in no session on the way."""

    def form_valid(self, form: Any) -> HttpResponse:
        """Save, and show the secret instead of leading on to the list."""
        super().form_valid(form)
        return secret_page(self.request, form.secret, self.get_success_url())


def secret_page(request: HttpRequest, secret: str, back: str) -> HttpResponse:
    """Show a new secret; nobody can see it again."""
    list(messages.get_messages(request))  # what the list would say, this page says
    return render(request, "exchange/admin/secret.html", {"secret": secret, "back": back})


class RotateColumn(Column):
    """A button that makes a new secret, for those who may change the row."""

    cell_template_name = "exchange/admin/button_cell.html"

    def get_cell_context_data(self, instance: Any, parent_context: Any) -> dict[str, Any]:
        """Give the form its address and token."""
        context: dict[str, Any] = super().get_cell_context_data(instance, parent_context)
        may = parent_context["request"].user.has_perm(f"exchange.change_{instance._meta.model_name}")
        url_name = f"{instance._meta.model_name}s:rotate"
        token = get_token(parent_context["request"])
        return {
            **context,
            "row": instance,
            "may": may,
            "url_name": url_name,
            "word": _("New secret"),
            "csrf_token": token,
        }


# Keys ----------------------------------------------------------------------------------------------------------------


@require_POST
def rotate_key(request: HttpRequest, pk: int) -> HttpResponse:
    if not request.user.has_perm("exchange.change_key"):
        raise PermissionDenied
    key, secret = keys.rotate(get_object_or_404(Key.objects.live(), pk=pk))
    log(instance=key, action="exchange.secret.rotated", user=request.user)
    return secret_page(request, secret, key_viewset.menu_url)


class KeyViewSet(ModelViewSet):
    """Who may send us events."""

    model = Key
    name = "keys"
    url_prefix = "exchange/keys"
    icon = "key"
    menu_label = gettext_lazy("Keys")
    add_view_class = ShowSecretOnce
    copy_view_enabled = False
    list_display = [
        "source",
        Column(
            "scopes", label=capfirst(gettext_lazy("events it may send")), accessor=lambda key: ", ".join(key.scopes)
        ),
        when("not_after", capfirst(gettext_lazy("not after"))),
        when("last_used_at", capfirst(gettext_lazy("last used"))),
        RotateColumn("rotate", label=""),
    ]
    search_fields: list[str] = []
    ordering = ["source", "-created_at"]

    def get_form_class(self, for_update: bool = False) -> Any:
        """Return our form."""
        return KeyForm

    def get_urlpatterns(self) -> list[URLPattern]:
        """Return Wagtail's addresses, and where a new secret is made."""
        return [*super().get_urlpatterns(), path("rotate/<int:pk>/", rotate_key, name="rotate")]


# Addresses -----------------------------------------------------------------------------------------------------------


@require_POST
def rotate_endpoint(request: HttpRequest, pk: int) -> HttpResponse:
    if not request.user.has_perm("exchange.change_endpoint"):
        raise PermissionDenied
    endpoint = get_object_or_404(Endpoint, pk=pk)
    secret = endpoints.rotate(endpoint)
    log(instance=endpoint, action="exchange.secret.rotated", user=request.user)
    return secret_page(request, secret, endpoint_viewset.menu_url)


def standing(endpoint: Endpoint) -> Any:
    """Return whether something is sent to the address, and why not."""
    if endpoint.active:
        return _("Active")
    return WHY_PAUSED.get(endpoint.paused_reason, pgettext_lazy("address", "Paused by staff."))


class EndpointViewSet(ModelViewSet):
    """Who hears of what happens here."""

    model = Endpoint
    name = "endpoints"
    url_prefix = "exchange/addresses"
    icon = "globe"
    menu_label = gettext_lazy("Addresses")
    add_view_class = ShowSecretOnce
    copy_view_enabled = False
    list_display = [
        "url",
        Column("description", label=capfirst(gettext_lazy("what it is")), classname=FACT),
        Column("types", label=capfirst(gettext_lazy("events it hears")), accessor=listed("types")),
        Column("active", label=capfirst(pgettext_lazy("delivery", "state")), accessor=standing, classname=FACT),
        RotateColumn("rotate", label=""),
    ]
    search_fields: list[str] = []
    ordering = ["url"]

    def get_form_class(self, for_update: bool = False) -> Any:
        """Return our form."""
        return EndpointForm

    def get_urlpatterns(self) -> list[URLPattern]:
        """Return Wagtail's addresses, and where a new secret is made."""
        return [*super().get_urlpatterns(), path("rotate/<int:pk>/", rotate_endpoint, name="rotate")]


key_viewset, endpoint_viewset = KeyViewSet(), EndpointViewSet()


class ExchangeGroup(ModelViewSetGroup):
    """All of it under one item of the menu, for those who may see a part."""

    menu_label = gettext_lazy("Shop engine")
    menu_icon = "link"
    menu_order = 350
    items = (received_viewset, delivery_viewset, endpoint_viewset, key_viewset)
