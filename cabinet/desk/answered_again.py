"""What was answered since a backup is answered after its restore, too, though the words of the answer are lost."""

from __future__ import annotations

from cabinet.desk.models import Request
from cabinet.privacy.tombstone_file import Mark
from cabinet.privacy.tombstones import replays, replays_for_nobody


@replays_for_nobody("answer")
def answer_again(mark: Mark) -> None:
    """Close the request as of the day on which it was answered: open, it would hold what was free."""
    facts = {"answered_at": mark.at, "outcome": mark.what["outcome"]}
    Request.objects.open().filter(public_id=mark.what["request"]).update(**facts)


@replays("answer")
def answer_known_person_again(mark: Mark, subject: str) -> None:
    """Do the same: whose request it was makes no difference."""
    answer_again(mark)
