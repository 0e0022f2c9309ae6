"""Long lists of a customer's own, a page at a time, as quick at the end as at the beginning."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.shortcuts import get_object_or_404

A_PAGE = 25  # rows: two or three screens of a telephone


@dataclass(frozen=True)
class Stretch:
    """A page of a list; its links keep what else the address asks for."""

    rows: list[Any]
    earlier: str  # what follows “?” in the address of the next page; empty on the last
    latest: str | None  # the same of the first page; None on the first


def stretch(
    found: QuerySet[Any], asked: QueryDict, *, at: str, among: QuerySet[Any] | None = None, size: int = A_PAGE
) -> Stretch:
    """Return the rows of `found` that come before `?before=<public id>`, the latest first; two queries at the most.

    `at` names the moment by which they are sorted, with the key behind it (have an index for both). The row of
    `before` is looked for in `among`, the person's own rows, so that a filter does not hide it; not there: Http404.
    """
    before = asked.get("before", "")
    if before:
        found = found.filter(_earlier_than(among if among is not None else found, before, at))
    rows = list(found.order_by(f"-{at}", "-pk")[: size + 1])
    earlier = _address(asked, rows[size - 1].public_id) if len(rows) > size else ""
    return Stretch(rows[:size], earlier, _address(asked) if before else None)


def _earlier_than(own: QuerySet[Any], public_id: str, at: str) -> Q:
    anchor = get_object_or_404(own.only("pk", at), public_id=public_id[:40].replace("\0", ""))
    moment = getattr(anchor, at)
    # The first condition says nothing new, but an index can begin with it.
    return Q((f"{at}__lte", moment)) & (Q((f"{at}__lt", moment)) | Q(pk__lt=anchor.pk))


def _address(asked: QueryDict, before: str = "") -> str:
    address = asked.copy()
    address.pop("before", None)
    if before:
        address["before"] = before
    return address.urlencode()
