"""Redis holds JSON, never pickles (trust.md, s09): what Wagtail, allauth and we put there survives it."""

from __future__ import annotations

import pickle
import time

import pytest
from django.core.cache import caches
from django.core.cache.backends.redis import RedisCache
from django.test import Client
from django.utils.translation import gettext_lazy
from wagtail.coreutils import get_locales_display_names
from wagtail.models import Site

from cabinet.cache.backends import JsonSerializer
from tests.own_redis import PATIENCE, OwnRedis


@pytest.fixture(scope="module")
def redis_url(tmp_path_factory):
    """A Redis of the test's own."""
    server = OwnRedis(tmp_path_factory.mktemp("redis"))
    yield server.url
    server.end()


@pytest.fixture
def redis_cache(redis_url, settings):
    """The cache as settings make it with REDIS_URL, in place of the one of this process."""
    options = {"serializer": "cabinet.cache.backends.JsonSerializer"}
    backend = f"{RedisCache.__module__}.{RedisCache.__name__}"  # nothing steps in for it: what fails is seen to fail
    settings.CACHES = {"default": {"BACKEND": backend, "LOCATION": redis_url, "OPTIONS": options}}
    cache = caches["default"]
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        try:
            cache.clear()
            break
        except Exception:
            time.sleep(0.05)
    yield cache
    cache.clear()


@pytest.fixture
def raw(redis_url):
    """What stands in Redis, byte by byte."""
    import redis

    return redis.Redis.from_url(redis_url)


VALUES = [0, 7, -3, 1.5, True, False, None, "y", "Қазақша", [1.0, 2.5], {"a": {"b": [1]}}, {1: "ru", 2: "kk"}, {}]


@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_s09_a_value_comes_back_as_it_was(value):
    written = JsonSerializer().dumps(value)
    read = JsonSerializer().loads(str(written).encode())
    assert (read, type(read)) == (value, type(value))


def test_s09_words_to_be_translated_are_written_as_they_read_now():
    serializer = JsonSerializer()
    assert serializer.loads(serializer.dumps({1: gettext_lazy("Yes")}).encode()) == {1: str(gettext_lazy("Yes"))}


@pytest.mark.parametrize("foreign", [pickle.dumps({"a": 1}), b'{"a": 1}', b"\x80\x05}.", b"x"])
def test_s09_what_we_did_not_write_is_not_read(foreign):
    with pytest.raises(ValueError):
        JsonSerializer().loads(foreign)


def test_s09_what_json_cannot_hold_is_refused():
    with pytest.raises(TypeError):
        JsonSerializer().dumps(object())


def test_s09_with_redis_the_settings_ask_for_json(tmp_path):
    from tests.config.test_settings import started

    program = "from config.settings import CACHES; print(CACHES['default']['OPTIONS']['serializer'])"
    told = started(program, DEBUG="1", DATA_DIR=str(tmp_path), REDIS_URL="redis://127.0.0.1:6379/0")
    assert told.stdout.strip() == "cabinet.cache.backends.JsonSerializer", told.stderr


def test_s09_redis_counts_keeps_and_forgets(redis_cache):
    redis_cache.set_many({"a": 1, "b": [1, 2]})
    assert redis_cache.incr("a") == 2
    assert redis_cache.get_many(["a", "b"]) == {"a": 2, "b": [1, 2]}
    assert not redis_cache.add("a", True)


def test_s09_wagtail_finds_its_sites_and_languages_in_redis(redis_cache, site_ru, visitor):
    roots, names = Site.get_site_root_paths(), get_locales_display_names()
    assert (Site.get_site_root_paths(), get_locales_display_names()) == (roots, names)
    assert Site.get_site_root_paths()[0].root_path == roots[0].root_path
    assert visitor.get("/ru/").status_code == 200


def test_s09_throttles_count_in_redis_and_no_pickle_stands_there(redis_cache, raw, site_ru, dana):
    for _time in range(8):
        Client().post("/ru/accounts/login/", {"login": dana.email, "password": "a wrong one"})
    answer = Client().post("/ru/accounts/login/", {"login": dana.email, "password": "a long walk by the sea"})
    assert answer.status_code == 200
    found = [raw.get(key) for key in raw.scan_iter()]
    assert found
    assert [value for value in found if value.startswith(b"\x80")] == []
