"""What the shop holds of a customer, who looked at it, and what happened to it."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cabinet.audit.telling import history_of, reads_of
from cabinet.customers.access import for_customers
from cabinet.customers.marks import subjects_of
from cabinet.privacy.words import told
from cabinet.register.contents import contents

OF_A_MODEL = 10  # rows of a kind that the page shows; the copy holds all of them
LATEST = 200  # events shown; the copy holds all of them


@for_customers
@require_safe
def my_data(request: Any) -> HttpResponse:
    kept = contents(request.user, most=OF_A_MODEL)
    return render(request, "privacy/my_data.html", {"kept": kept})


@for_customers
@require_safe
def readers(request: Any) -> HttpResponse:
    return render(request, "privacy/readers.html", {"looks": reads_of(*subjects_of(request.customer), limit=LATEST)})


@for_customers
@require_safe
def history(request: Any) -> HttpResponse:
    happened = history_of(*subjects_of(request.customer), limit=LATEST)
    own = request.user.public_id
    return render(request, "privacy/history.html", {"events": [told(event, own) for event in happened]})
