"""Kinds of letters: each room registers its own with sample data, so that staff see what people get."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from django.conf import settings
from django.utils.translation import override

from cabinet.notices.writing import Written, one_line, plain, write

Sample = Callable[[], dict[str, Any]]

WAY_OUT = "/cabinet/subscriptions/"  # where a sample's unsubscribe link would lead


class Kind(NamedTuple):
    """A letter that can be written, the data to show it with, and whether it is marketing."""

    template: str
    sample: Sample
    is_marketing: bool = False

    def subject(self, language: str) -> str:
        """Return the subject, which also names the kind in lists."""
        with override(language):
            return one_line(plain([f"{self.template}_subject.txt"], self.sample()))

    def written(self, language: str) -> Written:
        """Return the letter with its sample data."""
        way_out = f"{settings.SITE_URL}{WAY_OUT}" if self.is_marketing else ""
        with override(language):
            return write(self.template, language, self.sample(), way_out)


kinds: dict[str, Kind] = {}


def register(templates: Iterable[str], sample: Sample, *, is_marketing: bool = False) -> None:
    """Have these letters shown to staff; `sample` returns the context they are written with."""
    for template in templates:
        kinds[template] = Kind(template, sample, is_marketing)
