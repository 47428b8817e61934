"""A real mail server on this machine, which does to each address what a test tells it to."""

from __future__ import annotations

import contextlib
import socket
import socketserver
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any


@dataclass
class MailServer:
    """What came in, by address, and what it does with an address: refuse it, put it off, read the letter and refuse it
    then, or say nothing any more.
    """

    port: int = 0
    refused: set[str] = field(default_factory=set)
    put_off: set[str] = field(default_factory=set)
    unwanted: dict[str, str] = field(default_factory=dict)  # what it says after the letter to an address
    silent_at: set[str] = field(default_factory=set)  # takes the letter, and answers to it only when told to
    letters: list[tuple[str, EmailMessage]] = field(default_factory=list)
    taking: threading.Event = field(default_factory=threading.Event)  # somebody waits for the answer to their letter
    answers: threading.Event = field(default_factory=threading.Event)

    @property
    def environment(self) -> dict[str, str]:
        """Of a process that sends its letters here."""
        return {
            "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "EMAIL_HOST": "127.0.0.1",
            "EMAIL_PORT": str(self.port),
        }

    def reached(self) -> list[str]:
        """The address of each letter, in order of the alphabet."""
        return sorted(address for address, _ in self.letters)

    def body_to(self, address: str) -> str:
        [body] = [letter.get_content() for to, letter in self.letters if to == address]
        return str(body)


class _Conversation(socketserver.StreamRequestHandler):
    """As much of RFC 5321 as a client needs that sends one letter after another."""

    server: Any

    def handle(self) -> None:
        with contextlib.suppress(OSError):
            self._say("220 ready")
            self.address = ""
            while line := self.rfile.readline():
                if not self._answer(line.decode().strip()):
                    return

    def _answer(self, line: str) -> bool:
        server: MailServer = self.server.mail
        verb = line.upper()
        if verb.startswith("RCPT TO"):
            self.address = line[line.index("<") + 1 : line.index(">")]
            if self.address in server.refused:
                self._say("550 5.1.1 nobody of that name")
            elif self.address in server.put_off:
                self._say("450 4.2.0 try again later")
            else:
                self._say("250 ok")
        elif verb == "DATA":
            self._say("354 go on")
            self._take(server)
        elif verb == "QUIT":
            self._say("221 bye")
            return False
        else:
            self._say("250 ok")
        return True

    def _take(self, server: MailServer) -> None:
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        if answer := server.unwanted.get(self.address):
            self._say(answer)
            return
        server.letters.append((self.address, message_from_bytes(b"".join(lines), policy=policy.default)))
        if self.address in server.silent_at:
            server.taking.set()
            server.answers.wait(60)
        self._say("250 taken")

    def _say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    mail: MailServer


@contextlib.contextmanager
def mail_server(port: int = 0) -> Iterator[MailServer]:
    """One that listens until the block ends, at a port of its own unless told which."""
    with _Server(("127.0.0.1", port), _Conversation) as server:
        server.mail = MailServer(server.server_address[1])
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield server.mail
        finally:
            server.mail.answers.set()
            server.shutdown()
            thread.join()


def port_where_nobody_listens() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
