"""What the server remembers of a session goes when the session has ended."""

from __future__ import annotations

from datetime import timedelta

import time_machine
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.utils import timezone

from cabinet.privacy.retention import enforce_one
from tests.conftest import signed_in


def session_of(user):
    """Sign in, as noted by the list of sessions; its key."""
    key = signed_in(user).session.session_key
    UserSession.objects.create(user=user, session_key=key, ip="203.0.113.7", user_agent="A browser")
    return key


def test_an_open_session_stays(aigerim):
    session_of(aigerim)
    assert enforce_one("customers.sessions") == 0
    assert Session.objects.count() == UserSession.objects.count() == 1


def test_a_session_whose_time_is_over_goes_with_what_was_noted_of_it(aigerim):
    session_of(aigerim)
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        assert enforce_one("customers.sessions") == 2
    assert not Session.objects.exists()
    assert not UserSession.objects.exists()


def test_what_was_noted_of_a_session_that_was_ended_goes(aigerim, boris):
    key = session_of(aigerim)
    session_of(boris)
    Session.objects.filter(session_key=key).delete()
    assert enforce_one("customers.sessions") == 1
    assert UserSession.objects.get().user == boris
