"""One order as staff see it: facts for whoever may list it, the person masked, and revealed for a reason."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cabinet.orders.models import Order, Status
from cabinet.orders.money import tenge
from cabinet.orders.seeing import ASSIGN, CARRY_OUT, NotSeen, in_hand, listed_for, reveal, visible_to
from cabinet.orders.seeing_hands import assign, take_next
from cabinet.orders.seeing_masks import masked
from cabinet.orders.staff_forms import AssignForm, ReasonForm
from cabinet.orders.staff_steps import bring_forward, steps_from

UNSEEN = 503  # the read log is away: nothing is shown, and that is nobody's fault


@require_safe
def order(request: HttpRequest, public_id: str) -> HttpResponse:
    return _page(request, known_order(request, public_id))


@require_POST
def reveal_person(request: HttpRequest, public_id: str) -> HttpResponse:
    """Show the person for as long as this one answer is on the screen."""
    found = known_order(request, public_id)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _page(request, found, reason=form, status=422)
    try:
        person = reveal(user=request.user, public_id=public_id, reason=form.cleaned_data["reason"])
    except NotSeen:
        return render(request, "orders/admin/not_seen.html", status=UNSEEN)
    if person is None:
        raise PermissionDenied
    return _page(request, found, person=person)


@require_POST
@permission_required(CARRY_OUT, raise_exception=True)
def take(request: HttpRequest) -> HttpResponse:
    taken = take_next(staff=request.user)
    if taken is None:
        messages.info(request, _("No order waits: each one is in somebody’s hands."))
        return redirect("orders:index")
    messages.success(request, _("Order %(number)s is in your hands.") % {"number": taken.number})
    return redirect("orders:order", taken.public_id)


@require_POST
@permission_required(ASSIGN, raise_exception=True)
def give(request: HttpRequest, public_id: str) -> HttpResponse:
    found = known_order(request, public_id)
    form = AssignForm(request.POST)
    if not form.is_valid():
        return _page(request, found, giving=form, status=422)
    assign(order=found, staff=form.cleaned_data["staff"], by=request.user)
    messages.success(request, _("Saved: who has order %(number)s in hand.") % {"number": found.number})
    return redirect("orders:order", public_id)


@require_POST
def step(request: HttpRequest, public_id: str) -> HttpResponse:
    found = get_object_or_404(in_hand(request.user), public_id=public_id)
    if bring_forward(order=found, to=request.POST.get("to", ""), actor=request.user.public_id):  # type: ignore[union-attr]
        messages.success(request, _("The order has gone a step forward."))
    else:
        messages.error(request, _("The order is not there any more; see how far it is now."))
    still = listed_for(request.user).filter(pk=found.pk).exists()
    return redirect("orders:order", public_id) if still else redirect("orders:index")


def known_order(request: HttpRequest, public_id: str) -> Order:
    """Return an order this colleague may list; anybody else's is a 404, whether or not there is one."""
    found: Order = get_object_or_404(listed_for(request.user), public_id=public_id)
    return found


def _page(request: HttpRequest, found: Order, *, person: Any = None, status: int = 200, **forms: Any) -> HttpResponse:
    user = request.user
    is_visible = visible_to(user).filter(pk=found.pk).exists()
    standing = found.assignments.filter(until=None).select_related("staff").first()  # type: ignore[attr-defined]
    holder = standing.staff if standing else None
    may_give = user.has_perm(ASSIGN) and not found.has_ended
    is_in_hand = in_hand(user).filter(pk=found.pk).exists()
    steps = steps_from(found) if is_in_hand else []
    context = {
        "order": found,
        "total": tenge(found.total),
        "lines": [(line, tenge(line.price), tenge(line.cost)) for line in found.lines.all()],  # type: ignore[attr-defined]
        "steps": found.steps.all(),  # type: ignore[attr-defined]
        "next_steps": [(each.value, Status(each).label) for each in steps],
        "holder": holder,
        "person": person,
        "masked": masked(found.person) if is_visible and hasattr(found, "person") else None,
        "is_visible": is_visible,
        "may_renew_link": is_in_hand and hasattr(found, "by_phone"),
        "reason": forms.get("reason") or ReasonForm(),
        "giving": (forms.get("giving") or AssignForm(initial={"staff": holder})) if may_give else None,
    }
    return render(request, "orders/admin/order.html", context, status=status)
