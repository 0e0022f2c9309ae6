"""Jobs for tests."""

from __future__ import annotations

from cabinet.jobs import job

done: list[object] = []
broken: list[Exception] = []


@job
def note(pk):
    done.append(pk)


@job
def stumble(pk):
    if broken:
        raise broken[0]
    done.append(pk)
