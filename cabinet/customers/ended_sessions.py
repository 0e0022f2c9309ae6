"""Forgetting sessions that ended, and from where they were."""

from __future__ import annotations

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db.models import Exists, OuterRef
from django.utils import timezone

from cabinet.notices.upkeep import hourly


@hourly
def forget_ended_sessions() -> int:
    """Delete sessions whose time is over, and address and browser of every session that is no more; return how many."""
    ended, _each = Session.objects.filter(expire_date__lte=timezone.now()).delete()
    theirs = Session.objects.filter(session_key=OuterRef("session_key"))
    noted, _each = UserSession.objects.filter(~Exists(theirs)).delete()
    return int(ended + noted)
