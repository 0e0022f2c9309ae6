"""Publish something everybody can see, in a process of its own, and print the moment it was committed."""

from __future__ import annotations

import sys
import time

import django

django.setup()

from cms_pages.models import OperatorCard

for card in OperatorCard.objects.all():
    card.phone = sys.argv[1]
    card.save()
print(time.monotonic())
