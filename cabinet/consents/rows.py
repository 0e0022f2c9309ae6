"""What the pages of consents and subscriptions show: each consent with its words, its state and what one can do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import get_language

from cabinet.consents.composing import Composed, Composer, NotReady
from cabinet.consents.ledger import ConsentReceipt, Medium
from cabinet.consents.purposes import ASKED, NEWS, Asked, cells, title_of
from cabinet.consents.standing import Question, answers
from cabinet.customers.models import Customer


@dataclass(frozen=True)
class Row:
    """One consent of a customer."""

    asked: Asked
    medium: str
    receipt: ConsentReceipt | None  # the latest answer
    composed: Composed | None  # the words it would be given to now; None where it is not asked for

    @property
    def key(self) -> str:
        """Return purpose and medium in one word, for forms."""
        return f"{self.asked.purpose}:{self.medium}"

    @property
    def title(self) -> str:
        """Return what people call it."""
        return title_of(self.asked.purpose, self.medium)

    @property
    def given(self) -> bool:
        """Say whether the consent holds."""
        return bool(self.receipt and self.receipt.given)

    @property
    def waits(self) -> bool:
        """Say whether its withdrawal waits for an obligation to end."""
        return bool(getattr(self.receipt, "waits", False))

    @property
    def question(self) -> Question | None:
        """Return why it is asked for again; None where it is not, or cannot be."""
        newer = getattr(self.receipt, "newer", None)
        return Question(self.receipt, newer) if self.receipt and newer and self.composed else None


def rows_of(customer: Customer) -> list[Row]:
    """Return every consent that is asked for or was ever answered, in four queries."""
    said = {(each.purpose, each.medium): each for each in answers(customer.subject)}
    offered = {(each.asked.purpose, each.medium): each for each in _offered()}
    rows = [Row(asked, by, said.get((asked.purpose, by)), offered.get((asked.purpose, by))) for asked, by in cells()]
    return [row for row in rows if row.receipt or row.composed]


def _offered() -> list[Composed]:
    try:
        return Composer(get_language() or "").all()
    except NotReady:
        return []


@dataclass(frozen=True)
class Topic:
    """A topic of news with its row for each medium."""

    title: str
    cells: list[Row]


def topics(rows: list[Row]) -> list[Topic]:
    """Return the news among the rows, topic by topic."""
    news = [(ASKED[topic], [row for row in rows if row.asked.purpose == topic]) for topic in NEWS]
    return [Topic(str(asked.title), cells) for asked, cells in news if cells]


def last_changed(rows: list[Row]) -> datetime | None:
    """Return when an answer was last given."""
    return max((row.receipt.at for row in rows if row.receipt), default=None)


def needs_phone(row: Row, customer: Customer) -> bool:
    """Say whether a message could not arrive, because no number is known."""
    return row.medium == Medium.SMS and not customer.phone and not row.given
