"""The postman: a thread beside the requests of a server process, which delivers what was posted."""

from __future__ import annotations

from django.conf import settings

from cabinet.beside import LOOK_EVERY as LOOK_EVERY
from cabinet.beside import Beside


class Postman(Beside):
    """Delivers when poked, and looks by itself every half a minute."""

    name = "postman"

    def look(self) -> None:
        """Deliver what is due."""
        from cabinet.notices.delivery import deliver_due  # only now: its models exist once Django has loaded its apps

        deliver_due()

    def upkeep(self) -> None:
        """Do what every room has registered to be done each hour."""
        from cabinet.notices import upkeep

        upkeep.upkeep()

    def patience(self) -> float:
        """Return how long a mail server may take for an answer: one that hangs is not waited for any longer."""
        return float(settings.EMAIL_TIMEOUT)


postman = Postman()


def poke() -> None:
    """Have this process's postman look now."""
    postman.poke()
