"""Publish something everybody can see, in a process of its own, and print the moment it was committed."""

from __future__ import annotations

import sys
import time

import django


def main(phone: str) -> None:
    """Change what the footer of every page shows."""
    django.setup()
    from cms_pages.models import OperatorCard

    for card in OperatorCard.objects.all():
        card.phone = phone
        card.save()
    print(time.monotonic())


if __name__ == "__main__":
    main(sys.argv[1])
