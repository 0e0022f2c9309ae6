"""Jobs: what a page asks for and does not wait for. `@job` a function of ids, `its_name.later(pk)` has it done."""

from __future__ import annotations

from cabinet.jobs.job import Job, job

__all__ = ["Job", "job"]
