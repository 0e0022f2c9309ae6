"""Mail servers on this machine, of every temper, for letters that are really sent."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import Message
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message as MessageHandler

from tests.running import free_port

SMTP = "django.core.mail.backends.smtp.EmailBackend"


class Mailbox(MessageHandler):
    """Takes every letter, unless it was told what to answer; `answers` are given one after the other."""

    def __init__(self, rcpt: list[str] | None = None, data: list[str] | None = None) -> None:
        super().__init__(message_class=Message)
        self.rcpt, self.data = rcpt or [], data or []
        self.seen: list[Message] = []  # what arrived, refused or not
        self.letters: list[Message] = []  # what was taken

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        if self.rcpt:
            return self.rcpt.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        message = self.prepare_message(session, envelope)
        self.seen.append(message)
        if self.data:
            return self.data.pop(0)
        self.letters.append(message)
        return "250 OK"

    def handle_message(self, message: Message) -> None:
        raise NotImplementedError


@contextmanager
def mail_server(mailbox: Mailbox, port: int = 0) -> Iterator[int]:
    """Run a mail server with this mailbox and yield its port."""
    controller = Controller(mailbox, hostname="127.0.0.1", port=port or free_port())
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()


@contextmanager
def silent_server() -> Iterator[int]:
    """Run a server that takes the connection and never says a word."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(50)
        yield int(listener.getsockname()[1])
