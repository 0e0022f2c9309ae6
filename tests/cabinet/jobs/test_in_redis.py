"""The same jobs in a queue of Redis, by settings: asked for here, done by its own worker."""

from __future__ import annotations

import shutil
import subprocess
import sys

from tests.cabinet.cache.test_redis import redis_url  # noqa: F401 (a fixture)
from tests.databases import DEMO, ROOT, sqlite_template
from tests.running import DATABASE, PATIENCE, free_port, surroundings_of

ASKED = """
from django.core.management import call_command
from cabinet.customers.models import Customer
from cabinet.privacy.asking import ask
from cabinet.privacy.erasures import Erasure
boris = Customer.objects.get(user__email__startswith="boris@")
ask(customer=boris, at_once=True)
print("asked:", Erasure.objects.get().state)
call_command("rqworker", burst=True, job_class="django_tasks_rq.Job", verbosity=0)
print("begun:", Erasure.objects.get().begun_at is not None)
print("of that name:", Customer.objects.filter(first_name="Борис").count())
"""


AWAY = ASKED.partition("call_command(")[0]
BACK = """
from django.core.management import call_command
from cabinet.privacy import asking
from cabinet.privacy.erasures import Erasure
asking.carry_on()
call_command("rqworker", burst=True, job_class="django_tasks_rq.Job", verbosity=0)
print("begun:", Erasure.objects.get().begun_at is not None)
"""


def test_an_erasure_is_done_by_the_worker_of_redis(tmp_path, redis_url):  # noqa: F811
    shutil.copyfile(sqlite_template(DEMO), tmp_path / DATABASE)
    surroundings = surroundings_of(tmp_path, TASKS_BACKEND="django_tasks_rq.RQBackend", REDIS_URL=redis_url)
    program = [sys.executable, "manage.py", "shell", "--no-imports", "--command", ASKED]
    done = subprocess.run(program, cwd=ROOT, env=surroundings, capture_output=True, text=True, timeout=PATIENCE)
    assert done.stdout.splitlines() == ["asked: requested", "begun: True", "of that name: 0"], done.stdout + done.stderr


def test_f07_what_was_asked_for_while_redis_is_away_is_kept_and_done_later(tmp_path, redis_url):  # noqa: F811
    shutil.copyfile(sqlite_template(DEMO), tmp_path / DATABASE)
    told = []
    for address, program in ((f"redis://127.0.0.1:{free_port()}/0", AWAY), (redis_url, BACK)):
        surroundings = surroundings_of(tmp_path, TASKS_BACKEND="django_tasks_rq.RQBackend", REDIS_URL=address)
        command = [sys.executable, "manage.py", "shell", "--no-imports", "--command", program]
        done = subprocess.run(command, cwd=ROOT, env=surroundings, capture_output=True, text=True, timeout=PATIENCE)
        told += done.stdout.splitlines() or [done.stderr]
    assert told == ["asked: requested", "begun: True"]


def test_a_queue_in_redis_without_a_redis_stops_the_start(tmp_path):
    surroundings = surroundings_of(tmp_path, TASKS_BACKEND="django_tasks_rq.RQBackend", REDIS_URL="")
    program = [sys.executable, "manage.py", "check"]
    done = subprocess.run(program, cwd=ROOT, env=surroundings, capture_output=True, text=True, timeout=PATIENCE)
    assert done.returncode and "set REDIS_URL, too" in done.stderr
