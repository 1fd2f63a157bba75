"""A mail server and a webhook of this machine that work, fail or hang, as the test says."""

from __future__ import annotations

import json
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

WORKS, FAILS, HANGS = "works", "fails", "hangs"


class Receiver:
    """`received` is what came whole; `asked` counts the tries. `released` ends who hangs."""

    def __init__(self, mode: str) -> None:
        self.mode = mode
        self.port = 0
        self.asked = 0
        self.received: list[Any] = []
        self.released = threading.Event()

    def meet(self) -> str:
        """Count a try, and return what is to be done with it."""
        self.asked += 1
        mode = self.mode
        if mode == HANGS:
            self.released.wait(60)
        return mode


@contextmanager
def _served(server: socketserver.BaseServer, receiver: Receiver) -> Iterator[Receiver]:
    receiver.port = server.server_address[1]  # type: ignore[index]
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        receiver.released.set()
        server.shutdown()
        server.server_close()
        thread.join(5)


@contextmanager
def webhook(mode: str = WORKS) -> Iterator[Receiver]:
    receiver = Receiver(mode)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            mode = receiver.meet()
            if mode == HANGS:
                return
            if mode == WORKS:
                receiver.received.append(json.loads(body))
            self.send_response(204 if mode == WORKS else 500)
            self.end_headers()

        def log_message(self, *_args: Any) -> None:
            pass

    class Quiet(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_args: Any) -> None:
            pass

    with _served(Quiet(("127.0.0.1", 0), Handler), receiver) as served:
        yield served


@contextmanager
def mail_server(mode: str = WORKS) -> Iterator[Receiver]:
    """Speak as much of SMTP as a client needs; a mail is kept as its text."""
    receiver = Receiver(mode)

    class Handler(socketserver.StreamRequestHandler):
        def say(self, line: str) -> None:
            self.wfile.write(f"{line}\r\n".encode())

        def handle(self) -> None:
            mode = receiver.meet()
            if mode == HANGS:
                return
            self.say("220 here")
            while line := self.rfile.readline().decode().strip():
                verb = line.split()[0].upper()
                if verb == "DATA":
                    self.say("354 go on")
                    receiver.received.append(self.text())
                    self.say("250 kept")
                elif verb == "MAIL" and mode == FAILS:
                    self.say("451 later, geheim")
                elif verb == "AUTH":
                    self.say("235 welcome")
                elif verb == "EHLO":
                    self.say("250-here")
                    self.say("250 AUTH PLAIN")
                elif verb == "QUIT":
                    self.say("221 bye")
                    return
                else:
                    self.say("250 ok")

        def text(self) -> str:
            lines = []
            while (line := self.rfile.readline().decode()) not in {".\r\n", ""}:
                lines.append(line)
            return "".join(lines)

    class Quiet(socketserver.ThreadingTCPServer):
        daemon_threads = True
        allow_reuse_address = True

        def handle_error(self, *_args: Any) -> None:
            pass

    with _served(Quiet(("127.0.0.1", 0), Handler), receiver) as served:
        yield served
