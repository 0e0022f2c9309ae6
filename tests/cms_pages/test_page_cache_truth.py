"""Public pages from memory are true at once, whoever published and whichever worker answers."""

from __future__ import annotations

import threading
from datetime import date

import pytest
import time_machine

from cms_pages.models import PublicVersion
from tests.cms_pages.asking import Page, ask

NOON = "2096-11-23T07:00:00Z"

pytestmark = pytest.mark.usefixtures("open_connection")


def test_two_workers_show_a_publication_within_a_second(make_worker, policy, publish, clock):
    here, there = make_worker(), make_worker()
    ask(here), ask(there)
    publish(policy, clauses=[["We keep your phone."]])
    clock.now += 1.0
    for worker in (here, there):
        assert "We keep your phone." in ask(worker).body.decode()


def test_the_version_is_read_at_most_once_a_second(worker, policy, clock, django_assert_num_queries):
    ask(worker)
    with django_assert_num_queries(0):
        for _each in range(5):
            ask(worker)
    clock.now += 1.0
    with django_assert_num_queries(1):
        for _each in range(5):
            ask(worker)


def test_the_worker_that_published_shows_it_at_once(worker, policy, publish, django_capture_on_commit_callbacks):
    ask(worker)
    with django_capture_on_commit_callbacks(execute=True):
        publish(policy, clauses=[["We keep your phone."]])
    assert "We keep your phone." in ask(worker).body.decode()


def test_an_announced_edition_comes_into_force_at_its_moment(worker, policy, publish, clock):
    with time_machine.travel(NOON, tick=False) as time:
        publish(policy, clauses=[["We keep your phone."]], in_force_from=date(2096, 11, 24))
        ask(worker)
        clock.now += 1.0
        time.move_to("2096-11-23T18:59:58Z")  # midnight in Almaty is 19:00 UTC
        assert "We keep your name." in ask(worker).body.decode()
        reached = len(worker.application.requests)
        ask(worker)
        assert len(worker.application.requests) == reached
        time.move_to("2096-11-23T19:00:00Z")
        assert "We keep your phone." in ask(worker).body.decode()


def test_no_cdn_may_keep_a_page_that_is_about_to_change(make_worker, clock):
    worker = make_worker(Page(CDN_Cache_Control="public, max-age=30"))
    assert ask(worker).headers["CDN-Cache-Control"] == "public, max-age=30"
    clock.now += 3600 - 59
    assert ask(worker).headers["CDN-Cache-Control"] == "public, max-age=0"


def test_both_clocks_must_agree_that_a_page_is_true(make_worker, clock):
    page = Page(lifetime=100)
    worker = make_worker(page)
    with time_machine.travel(NOON, tick=False) as time:
        ask(worker)
        clock.now += 101
        ask(worker)
        time.shift(101)  # the machine slept: only the wall clock went on
        ask(worker)
        assert len(page.requests) == 3


def test_a_new_site_reaches_a_worker_that_remembers_the_old_one(worker, policy, clock):
    ask(worker)
    tree = PublicVersion.now()[1]
    site = policy.get_site()
    site.hostname = "localhost"
    site.save()
    assert PublicVersion.now()[1] == tree + 1


def test_readers_wait_for_one_rendering_after_a_publication(make_worker, clock):
    entered, release = threading.Event(), threading.Event()
    page = Page()

    def slow(environ, start_response):
        if entered.is_set() or not page.requests:
            return page(environ, start_response)
        entered.set()
        release.wait(5)
        return page(environ, start_response)

    worker = make_worker(slow)
    ask(worker)
    next(iter(worker.pages.values())).expires = 0
    readers = [threading.Thread(target=ask, args=(worker,)) for _each in range(4)]
    for reader in readers:
        reader.start()
    entered.wait(5)
    release.set()
    for reader in readers:
        reader.join()
    assert len(page.requests) == 2
