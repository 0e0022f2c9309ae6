"""Questions that are worded once: each is asked with the moment and the account of today."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from cabinet.customers.models import Address, User
from cabinet.register.owning import of_account
from cabinet.register.wording import AT, SOMEBODY, Asked, worded


def test_a_question_is_worded_once_and_asked_at_each_moment(aigerim):
    first, again = (worded("new", lambda: User.objects.filter(date_joined__lte=AT - timedelta(days=1))) for _n in "12")
    assert first is again
    now = timezone.now()
    assert [Asked(first, at).keys() for at in (now, now + timedelta(days=2))] == [[], [aigerim.pk]]


def test_a_question_is_asked_of_each_account(aigerim, boris):
    Address.objects.create(customer=boris.customer, city="Алматы", street="Abay 1")
    question = worded("theirs", lambda: Address.objects.filter(of_account(Address, "customer__user", SOMEBODY)))
    now = timezone.now()
    assert [Asked(question, now, who).count() for who in (aigerim, boris)] == [0, 1]
    assert [Asked(question, now, who).is_any() for who in (aigerim, boris)] == [False, True]


def test_where_there_can_be_no_row_nothing_is_asked(aigerim, django_assert_num_queries):
    with django_assert_num_queries(0):
        nobody = Asked(worded("nobody", User.objects.none), timezone.now())
        assert (nobody.keys(), nobody.count(), nobody.is_any()) == ([], 0, False)


def test_other_settings_have_it_worded_anew(aigerim, settings):
    before = worded("users", User.objects.all)
    settings.IDLE_ACCOUNT_DAYS = 0
    assert worded("users", User.objects.all) is not before
