"""The customer's own pages: profile and delivery addresses."""

from __future__ import annotations

from typing import Any

from allauth.account.internal.flows.reauthentication import did_recently_reauthenticate, suspend_request
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from cabinet.customers import actions
from cabinet.customers.access import for_customers
from cabinet.customers.address_uses import where_it_stays
from cabinet.customers.forms_of_people import AddressForm, ProfileForm
from cabinet.customers.models import Address

FULL = gettext_lazy("You have as many addresses as can be kept. Remove one first; nothing you typed was saved.")


@for_customers
def profile(request: Any) -> HttpResponse:
    form = ProfileForm(request.POST or None, instance=request.customer)
    # Whoever changes the phone is called in the customer's place, so an open session alone is not enough (s12).
    changes_phone = bool(form.initial.get("phone")) and "phone" in form.changed_data
    if form.is_valid() and changes_phone and not did_recently_reauthenticate(request):
        return suspend_request(request, reverse("account_reauthenticate"))  # which goes on with what was posted
    if form.saved():
        messages.success(request, _("Your profile is saved."))
        return redirect("profile")
    return render(request, "customers/profile.html", {"form": form}, status=422 if form.errors else 200)


@for_customers
@require_safe
def addresses(request: Any) -> HttpResponse:
    found = request.customer.addresses
    return render(request, "customers/addresses.html", {"addresses": found.present(), "removed": found.undoable()})


@for_customers
def address_add(request: Any) -> HttpResponse:
    form = AddressForm(request.POST or None, instance=Address(customer=request.customer))
    if form.is_valid():
        try:
            actions.add_address(customer=request.customer, given=form.given())
        except actions.TooManyAddresses:
            form.add_error(None, FULL)
        else:
            messages.success(request, _("The address is saved."))
            return redirect("addresses")
    return _address_form(request, form)


@for_customers
def address(request: Any, public_id: str) -> HttpResponse:
    form = AddressForm(request.POST or None, instance=own_address(request, public_id))
    if form.saved():
        messages.success(request, _("The address is saved."))
        return redirect("addresses")
    return _address_form(request, form)


def _address_form(request: HttpRequest, form: AddressForm) -> HttpResponse:
    return render(request, "customers/address.html", {"form": form}, status=422 if form.errors else 200)


@require_POST
@for_customers
def address_remove(request: Any, public_id: str) -> HttpResponse:
    found = own_address(request, public_id)
    actions.remove_address(address=found)
    for sentence in where_it_stays(found):
        messages.info(request, sentence)
    return redirect("addresses")


@require_POST
@for_customers
def address_restore(request: Any, public_id: str) -> HttpResponse:
    found = get_object_or_404(request.customer.addresses.undoable(), public_id=public_id)
    try:
        actions.restore_address(address=found)
    except actions.TooManyAddresses:
        messages.error(request, FULL)
    else:
        messages.success(request, _("The address is back."))
    return redirect("addresses")


def own_address(request: Any, public_id: str) -> Address:
    """Return this customer's address; anybody else's is a 404."""
    found: Address = get_object_or_404(request.customer.addresses.present(), public_id=public_id)
    return found
