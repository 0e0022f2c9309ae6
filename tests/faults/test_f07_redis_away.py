"""Redis is away, slow, or flushed: the site works, and throttles go on counting, in the database (trust.md, f07)."""

from __future__ import annotations

import time
from contextlib import suppress

import pytest
from django.core.cache import caches
from django.core.cache.backends.redis import RedisCache
from django.test import Client
from redis.exceptions import ResponseError

from cabinet.cache import backends as ours
from cabinet.cache.backends import RedisOrDatabase
from cabinet.cache.models import Entry
from tests.own_redis import PATIENCE, OwnRedis

SLOW = 0.2  # seconds after which Redis counts as away here
PASSWORD, WRONG = "a long walk by the sea", "a wrong one"


@pytest.fixture
def redis(tmp_path):
    server = OwnRedis(tmp_path)
    yield server
    server.end()


@pytest.fixture
def cache(redis, settings, monkeypatch):
    """The cache as settings make it, its Redis answering."""
    options = {
        "serializer": "cabinet.cache.backends.JsonSerializer",
        "socket_timeout": SLOW,
        "socket_connect_timeout": SLOW,
    }
    monkeypatch.setattr(RedisOrDatabase, "away_until", {})
    one = {
        "BACKEND": "cabinet.cache.backends.RedisOrDatabase",
        "LOCATION": redis.url,
        "OPTIONS": options,
    }
    settings.CACHES = {**settings.CACHES, "default": one}
    until_it_answers(caches["default"])
    return caches["default"]


@pytest.fixture
def policy(make_document, publish):
    return publish(make_document())


def until_it_answers(cache):
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        with suppress(Exception):
            return cache._cache.get_client(write=True).flushdb()
        time.sleep(0.02)
    pytest.fail("Redis does not answer.")


def in_the_database():
    return Entry.objects.count()


def go_away(redis):
    redis.end()


def be_slow(redis):
    redis.halt()


def refuse_writes(redis):
    """As a Redis does whose disk or memory is full, or whose replicas are gone: it still answers who reads."""
    caches["default"]._cache.get_client(write=True).config_set("min-replicas-to-write", 1)


@pytest.mark.parametrize("fault", [go_away, be_slow, refuse_writes])
def test_f07_the_site_answers_and_a_throttle_holds_in_the_database(
    fault, redis, cache, policy, visitor, dana, monkeypatch, caplog
):
    monkeypatch.setattr(ours, "LOOKED_FOR_AGAIN", PATIENCE)
    fault(redis)
    assert visitor.get("/ru/privacy/").status_code == 200
    for _time in range(8):
        answer = Client().post("/ru/accounts/login/", {"login": dana.email, "password": WRONG})
        assert answer.status_code < 500
    answer = Client().post("/ru/accounts/login/", {"login": dana.email, "password": PASSWORD})
    assert answer.status_code == 200 and "_auth_user_id" not in answer.wsgi_request.session  # throttled: not let in
    assert in_the_database()
    assert [record.message for record in caplog.records].count("cache.away") == 1  # asked once: nobody else has waited


def test_f07_who_asks_for_a_new_password_too_often_is_told_so_without_redis(redis, cache, dana, mailoutbox):
    redis.end()
    answers = [Client().post("/ru/accounts/password/reset/", {"email": dana.email}) for _time in range(6)]
    assert {answer.status_code for answer in answers} <= {200, 302, 429}
    assert answers[-1].status_code == 429


def test_f07_it_is_asked_again_after_a_while_and_not_before(redis, cache, monkeypatch, db):
    now = [1000.0]
    monkeypatch.setattr(ours, "monotonic", lambda: now[0])
    redis.end()
    cache.set("a", 1)
    assert cache.get("a") == 1
    assert in_the_database() == 1
    redis.start()
    until_it_answers(cache)
    assert cache.get("a") == 1  # still the database's
    now[0] += ours.LOOKED_FOR_AGAIN
    assert cache.get("a") is None  # Redis was told nothing
    cache.set("a", 2)
    assert (cache.get("a"), caches["database"].get("a")) == (2, 1)


def test_f07_a_flushed_redis_only_forgets(cache, policy, visitor):
    assert visitor.get("/ru/privacy/").status_code == 200
    cache.clear()
    assert visitor.get("/ru/privacy/").status_code == 200
    assert cache.get("a", "nothing") == "nothing"


def test_f07_every_deed_has_somebody_to_do_it(redis, cache, db):
    redis.end()
    assert cache.add("a", 1) and not cache.add("a", 2)
    assert cache.incr("a") == 2
    cache.set_many({"b": [1], "c": {"d": 1}})
    assert cache.get_many(["a", "b", "c", "d"]) == {"a": 2, "b": [1], "c": {"d": 1}}
    assert cache.touch("b", 100) and cache.has_key("b") and "b" in cache
    assert cache.delete("a")
    cache.delete_many(["b"])
    assert cache.get_or_set("e", 5) == 5
    cache.clear()
    assert in_the_database() == 0


@pytest.mark.parametrize("is_away", [False, True])
def test_f07_what_is_wrong_with_a_value_is_told_not_hidden(redis, cache, db, is_away):
    if is_away:
        redis.end()
        cache.get("a")
    with pytest.raises(TypeError):
        cache.set("a", object())
    with pytest.raises(ValueError):
        cache.incr("nothing")


def test_f07_an_answer_that_tells_of_a_fault_of_ours_is_not_taken_for_absence(redis, cache, db):
    cache._cache.get_client(write=True).rpush(cache.make_key("a"), "x")
    with pytest.raises(ResponseError):
        cache.incr("a")
    assert not cache.away_until


def test_f07_when_the_time_has_come_one_looks_for_it_and_the_others_go_on(redis, cache, monkeypatch, db):
    now = [1000.0]
    monkeypatch.setattr(ours, "monotonic", lambda: now[0])
    redis.end()
    cache.get("a")
    assert not cache._may_ask()
    now[0] += ours.LOOKED_FOR_AGAIN
    assert [cache._may_ask() for _thread in range(3)] == [True, False, False]


def test_f07_every_deed_of_djangos_cache_in_redis_is_one_of_ours():
    own = {name for name, made in vars(RedisCache).items() if not name.startswith("_") and callable(made)}
    assert own - {"get_backend_timeout"} == set(ours.DEEDS)
