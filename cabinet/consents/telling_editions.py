"""Writing to customers about a material edition of the policy or the consent document: to each once."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils.translation import override

from cabinet.consents.ledger import EditionTold
from cabinet.consents.letters import NEW_EDITION, context
from cabinet.customers.models import Customer
from cabinet.notices.posting import post
from cabinet.notices.upkeep import hourly
from cms_pages.models import Edition
from cms_pages.models.document import DocumentKind
from cms_pages.standing import Standing

A_BATCH = 200  # letters in one transaction: what an interrupted run does again is less than a second's work


def editions_to_tell() -> list[Edition]:
    """Return of each document and language the newest material edition that holds, and those that are to come."""
    kinds = (DocumentKind.POLICY, DocumentKind.CONSENT)
    found = Edition.objects.filter(page__kind__in=kinds, page__live=True).without_texts()
    ordered = found.annotate(slug=F("page__slug"), document=F("page__translation_key")).order_by("page_id", "-number")
    return [
        edition for _page, editions in groupby(ordered, lambda one: one.page_id) for edition in _told_of([*editions])
    ]


def _told_of(newest_first: list[Any]) -> Iterator[Edition]:
    standing = Standing(newest_first)
    coming = {placed.edition.pk for placed in standing.placed if placed.state == "coming"}
    material = [edition for edition in newest_first if edition.material and edition.number > 1]
    reached = standing.in_force.number if standing.in_force else 0
    yield from (edition for edition in material if edition.pk in coming)
    yield from [edition for edition in material if edition.number <= reached][:1]


def untold(edition: Any) -> QuerySet[Customer]:
    """Return whom the edition concerns and who has not been written to: customers who were here before it."""
    told = EditionTold.objects.filter(customer=OuterRef("pk"), document=edition.document, level=edition.level)
    mine = Customer.objects.filter(language=edition.language, user__is_active=True)
    return mine.filter(~Exists(told), created_at__lt=edition.published_at).order_by("pk")


@hourly
def tell_of_all() -> int:
    """Write about every edition there is to tell of; return how many letters were posted."""
    return sum(sum(tell(edition)) for edition in editions_to_tell())


def tell(edition: Any) -> Iterator[int]:
    """Write to all whom it concerns, a batch in a transaction; yield how many each batch wrote to."""
    after = 0
    while batch := list(untold(edition).filter(pk__gt=after).select_related("user")[:A_BATCH]):
        yield _tell_batch(edition, batch)
        after = batch[-1].pk


@transaction.atomic
def _tell_batch(edition: Any, batch: list[Customer]) -> int:
    with override(edition.language):
        words = context(edition.title, edition.day_in_force, edition.points, _changes_path(edition))
    return sum(_tell_one(edition, customer, words) for customer in batch)


def _tell_one(edition: Any, customer: Customer, words: dict[str, Any]) -> bool:
    # The row first: of two runs at once, the one that comes second finds it and writes no second letter.
    key = {"customer": customer, "document": edition.document, "level": edition.level}
    _row, made = EditionTold.objects.get_or_create(**key)
    if made:
        post(NEW_EDITION, to=customer.user.email, language=edition.language, context=words, account=customer.user)
    return made


def _changes_path(edition: Any) -> str:
    return f"/{edition.language}/{edition.slug}/editions/{edition.number - 1}...{edition.number}/"
