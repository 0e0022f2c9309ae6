"""The cache in the database: JSON under hashes, kept for its term, and forgotten after it."""

from __future__ import annotations

import base64
import pickle
from datetime import timedelta
from hashlib import sha256

import pytest
import time_machine
from django.core.cache import caches
from django.test import Client
from django.utils import timezone

from cabinet.cache.backends import forget_expired
from cabinet.cache.models import Entry

pytestmark = pytest.mark.django_db
ADDRESS = "203.0.113.9"


@pytest.fixture
def cache():
    return caches["database"]


def later(**span):
    return time_machine.travel(timezone.now() + timedelta(**span))


@pytest.mark.parametrize("value", [0, 7, -3, 1.5, True, None, "Қазақша", [1.0, 2.5], {1: "ru", "a": {"b": [1]}}])
def test_s09_a_value_comes_back_as_it_was(cache, value):
    cache.set("a", value)
    assert cache.get("a", "nothing") == value


def test_s09_what_stands_there_is_never_run(cache):
    cache.set("a", [1])
    Entry.objects.update(value=base64.b64encode(pickle.dumps({"a": 1})).decode())
    with pytest.raises(ValueError):
        cache.get("a")


def test_a_key_is_read_by_nobody_and_guessed_by_nobody_without_our_secret(cache, settings):
    key = f"allauth:rl:login_failed:ip:{ADDRESS}"
    cache.set(key, [1.0])
    stands = Entry.objects.get().key
    assert ADDRESS not in stands and stands != sha256(cache.make_key(key).encode()).hexdigest()
    settings.SECRET_KEY = "another, as long as this one has to be for Django to take it"
    assert cache.get(key) is None


def test_it_lives_for_its_term_and_no_longer(cache):
    cache.set("short", 1, 60)
    cache.set("long", 2, None)
    cache.set("over", 3, 0)
    with later(seconds=61):
        assert cache.get_many(["short", "long", "over"]) == {"long": 2}
        assert not cache.touch("short") and not cache.has_key("short")


def test_a_longer_term_can_be_given(cache):
    cache.set("a", 1, 60)
    assert cache.touch("a", 600)
    with later(seconds=61):
        assert cache.get("a") == 1


def test_counting_up_leaves_the_term_as_it_is(cache):
    cache.set("n", 1, 3600)
    before = Entry.objects.get().expires_at
    assert (cache.incr("n"), cache.incr("n", 5), cache.get("n")) == (2, 7, 7)
    assert Entry.objects.get().expires_at == before
    with pytest.raises(ValueError):
        cache.incr("nothing")


def test_of_two_who_add_one_is_told_no_until_it_has_run_out(cache):
    assert cache.add("lock", True, 5)
    assert not cache.add("lock", True, 5)
    with later(seconds=6):
        assert cache.add("lock", True, 5)


def test_what_has_run_out_is_deleted_each_hour(cache):
    cache.set("a", 1, 60)
    cache.set("b", 2, None)
    with later(minutes=2):
        assert forget_expired() == 1
    assert Entry.objects.count() == 1


def test_s11_strangers_however_many_free_nobody_from_a_throttle(cache):
    cache.set("aaaa", [1.0] * 5, 900)
    for number in range(400):
        cache.add(f"stranger-{number}", [1.0], 900)
    assert cache.get("aaaa") == [1.0] * 5


def test_s11_a_throttle_counts_there(settings, dana, site_ru):
    settings.CACHES = {**settings.CACHES, "default": settings.CACHES["database"]}
    for _time in range(6):
        Client().post("/ru/accounts/login/", {"login": dana.email, "password": "a wrong one"})
    answer = Client().post("/ru/accounts/login/", {"login": dana.email, "password": "a long walk by the sea"})
    assert "_auth_user_id" not in answer.wsgi_request.session
    assert dana.email not in str(list(Entry.objects.values_list()))
