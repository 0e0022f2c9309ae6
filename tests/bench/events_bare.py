"""The anchor of p6: django-ninja alone, one insert in one transaction."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import django
from django.conf import settings

from config import settings as ours

settings.configure(
    DATABASES=ours.DATABASES,
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    USE_TZ=True,
    MIDDLEWARE=[f"{__name__}.with_length"],
)
django.setup()

from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.db import transaction  # noqa: E402
from django.http import HttpRequest, HttpResponse  # noqa: E402
from django.urls import path  # noqa: E402
from ninja import NinjaAPI, Schema  # noqa: E402

from tests.bench.events_table import insert, make_table  # noqa: E402

api = NinjaAPI(docs_url=None, openapi_url=None)


def with_length(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Say how long the answer is, as the client of the measurement needs it, and nothing else."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers["Content-Length"] = str(len(response.content))
        return response

    return middleware


class Row(Schema):
    """What is inserted."""

    number: str
    amount: str
    currency: str
    placed_at: datetime


@api.post("/insert")
def insert_row(request: HttpRequest, row: Row) -> dict[str, str]:
    """Insert a row."""
    with transaction.atomic():
        insert(row.number, row.amount, row.currency, row.placed_at)
    return {"outcome": "applied"}


urlpatterns = [path("", api.urls)]
application = get_wsgi_application()
make_table()
