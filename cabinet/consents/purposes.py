"""What people are asked to agree to: each purpose apart, none ticked beforehand (policy 2.2; 94-V, art. 8)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cabinet.consents.ledger import Medium
from cabinet.register.categories import Basis, Category, Purpose, Text, register

NEWS = (Purpose.NEWS_ASSORTMENT, Purpose.NEWS_PRICES)
NO_MEDIUM = ("",)
# The full name itself stands elsewhere, so that the proof can outlive it without a name.
IN_THE_ACCOUNT = _(
    "The person named in the account in which this consent is given. The receipt holds a hash made of that name."
)

# Without these no news can arrive; each by the key of its category in the register.
NEEDED_FOR_MEDIUM = {Medium.EMAIL: ("customers.account",), Medium.SMS: ("customers.phone",)}


@dataclass(frozen=True)
class Asked:
    """One consent as people are asked for it."""

    purpose: Purpose
    title: Text
    sentences: Mapping[str, Text]  # by medium: what one agrees to, whole
    ending: Text  # what follows from withdrawing
    covers: tuple[Purpose, ...]  # purposes of the register whose categories belong to it
    uses: tuple[str, ...] = ()  # categories kept for another purpose that are needed for this one, too
    at_sign_up: tuple[str, ...] = ()  # media offered when an account is opened
    is_of_account: bool = False  # without it there is no account
    who: Text = IN_THE_ACCOUNT

    @property
    def media(self) -> tuple[str, ...]:
        """Return by which media it is asked for, each a consent of its own."""
        return tuple(self.sentences)

    def categories(self, medium: str) -> list[Category]:
        """Return what the register keeps for it; what the law itself demands needs no consent."""
        wanted = {*self.uses, *NEEDED_FOR_MEDIUM.get(medium, ())}  # type: ignore[call-overload]
        return [
            category
            for category in register
            if category.basis != Basis.LAW and (category.key in wanted or set(self.covers) & set(category.purposes))
        ]


def _news(purpose: Purpose, title: Text, by_email: Text, by_sms: Text) -> Asked:
    return Asked(
        purpose=purpose,
        title=title,
        sentences={Medium.EMAIL: by_email, Medium.SMS: by_sms},
        ending=_("No such letters or messages come any more. Those about your orders still do."),
        covers=(purpose,),
        uses=("customers.name",),
        at_sign_up=(Medium.EMAIL,),
    )


ASKED = {
    each.purpose: each
    for each in (
        Asked(
            purpose=Purpose.ORDER,
            title=pgettext_lazy("consent", "Account and orders"),
            sentences={
                "": _(
                    "I agree that the shop keeps my data to know me in my account, to carry out my orders "
                    "and to write to me about them."
                )
            },
            ending=_("Without this consent there can be no account: withdrawing it means closing the account."),
            covers=(Purpose.IDENTIFY, Purpose.ORDER, Purpose.SECURITY),
            at_sign_up=NO_MEDIUM,
            is_of_account=True,
        ),
        Asked(
            purpose=Purpose.BONUSES,
            title=pgettext_lazy("consent", "Bonuses"),
            sentences={"": _("I agree that the shop uses my data to keep a bonus account for me.")},
            ending=_("No new bonuses are credited. What happens to those you have, the bonus rules say."),
            covers=(Purpose.BONUSES,),
            uses=("customers.account",),
            at_sign_up=NO_MEDIUM,
        ),
        _news(
            Purpose.NEWS_ASSORTMENT,
            pgettext_lazy("consent", "News of the assortment"),
            _("I agree that the shop uses my data to send me news of its assortment by e-mail."),
            _("I agree that the shop uses my data to send me news of its assortment by SMS."),
        ),
        _news(
            Purpose.NEWS_PRICES,
            pgettext_lazy("consent", "News of prices and offers"),
            _("I agree that the shop uses my data to send me news of prices and offers by e-mail."),
            _("I agree that the shop uses my data to send me news of prices and offers by SMS."),
        ),
        Asked(
            purpose=Purpose.TRANSFER,
            title=pgettext_lazy("consent", "Handing data to named recipients"),
            sentences={
                "": _("I agree that the shop hands my data to the recipients named below, for what is said there.")
            },
            ending=_("Nothing more is handed to them, except where the law demands it."),
            covers=(Purpose.TRANSFER,),
            uses=("customers.name", "customers.phone", "customers.addresses"),
            at_sign_up=NO_MEDIUM,
        ),
        Asked(
            purpose=Purpose.ANALYTICS,
            title=pgettext_lazy("consent", "Counting visits"),
            sentences={"": _("I agree that the shop notes which of its pages I see and for how long.")},
            ending=_("Nothing more is noted. What was noted so far you can delete among your data."),
            covers=(Purpose.ANALYTICS,),
        ),
    )
}


def cells() -> Iterator[tuple[Asked, str]]:
    """Return every purpose with each of its media."""
    for asked in ASKED.values():
        for medium in asked.media:
            yield asked, medium


def title_of(purpose: str, medium: str = "") -> str:
    """Return what people call a consent, in the active language."""
    title = str(ASKED[Purpose(purpose)].title)
    return f"{title}, {Medium(medium).label}" if medium else title
