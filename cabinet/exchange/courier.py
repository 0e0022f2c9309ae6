"""The courier: a thread of its own beside the postman's, so that a shop engine that hangs keeps no letter waiting."""

from __future__ import annotations

from cabinet.beside import LOOK_EVERY as LOOK_EVERY
from cabinet.beside import Beside

PATIENCE = 10.0  # seconds that an answer may take, all of it


class Courier(Beside):
    """Delivers events when poked, and looks by itself every half a minute."""

    name = "courier"

    def look(self) -> None:
        """Deliver the events that are due."""
        from cabinet.exchange.delivery import deliver_due  # only now: its models exist once Django has loaded its apps

        deliver_due()

    def upkeep(self) -> None:
        """Forget what has stood long enough."""
        from cabinet.exchange.forgetting import forget_old

        forget_old()

    def patience(self) -> float:
        """Return how long another side may take for an answer: one that hangs is not waited for any longer."""
        return PATIENCE


courier = Courier()


def poke() -> None:
    """Have this process's courier look now."""
    courier.poke()
