"""What every fake remote stands on: a threaded HTTP server on this machine, with a log, a rate limit and faults.

A fake gives `handle`, which is called for one request at a time and changes its state; everything that can go wrong
between a client and a service is done here, the same way for each.
"""

from __future__ import annotations

import json
import math
import re
import socket
import threading
import time
import traceback
from collections import Counter, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qsl, unquote, urlsplit

JSON = "application/json; charset=utf-8"


@dataclass(frozen=True)
class Request:
    """One request as it came; the path is unquoted and without the base."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    """By names in small letters."""
    body: bytes

    @property
    def token(self) -> str | None:
        """What stands behind Bearer."""
        scheme, _, token = self.headers.get("authorization", "").partition(" ")
        return token if scheme.lower() == "bearer" and token else None

    def json(self) -> Any:
        """The body; raises ValueError when it is no JSON."""
        return json.loads(self.body)

    def form(self) -> dict[str, str]:
        """The body as form pairs, with the query's pairs, as services take either."""
        pairs = parse_qsl(self.body.decode(), keep_blank_values=True, strict_parsing=bool(self.body))
        return {**self.query, **dict(pairs)}


@dataclass(frozen=True)
class Reply:
    """One answer; a body that is no bytes is sent as JSON."""

    status: int = 200
    body: object = None
    headers: Mapping[str, str] = field(default_factory=dict)

    def raw(self) -> bytes:
        return self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()


class Trouble(StrEnum):
    """What can go wrong with one request."""

    DROP_BEFORE = "the connection ends, nothing was done"
    DROP_AFTER = "it was done, and the connection ends without an answer"
    STATUS_BEFORE = "an error status, nothing was done"
    STATUS_AFTER = "it was done, and an error status is answered"
    SLOW = "it was done, and the answer does not come until `release`"
    GARBAGE = "it was done, and something that is no JSON is answered"
    HALF = "it was done, and half of the answer comes"
    REPEAT = "the answer before this one of the same path comes again"
    REDIRECT = "another address is named"


_WITHOUT_EFFECT = {Trouble.DROP_BEFORE, Trouble.STATUS_BEFORE, Trouble.REPEAT, Trouble.REDIRECT}


@dataclass
class Fault:
    """A trouble for the next requests that fit."""

    kind: Trouble
    method: str | None
    path: re.Pattern[str]
    times: int
    after: int
    status: int
    headers: Mapping[str, str]

    def strikes(self, request: Request) -> bool:
        if self.times < 1 or (self.method or request.method) != request.method or not self.path.search(request.path):
            return False
        if self.after:
            self.after -= 1
            return False
        self.times -= 1
        return True


@dataclass(frozen=True)
class Logged:
    """What was asked and answered; status 0: no answer was given."""

    method: str
    path: str
    query: Mapping[str, str]
    body: bytes
    status: int
    trouble: Trouble | None = None


class FakeServer:
    """A remote on 127.0.0.1. Give a subclass `handle`; use it as a context, or `start` and `stop`."""

    base = ""
    """The path that every request of the service begins with."""

    def __init__(self) -> None:
        self.state = threading.RLock()
        """Held during `handle`; hold it while a test looks at the state from its own thread."""
        self.log: list[Logged] = []
        self.broken: list[str] = []
        """Tracebacks of the fake's own mistakes; `stop` raises them."""
        self.delay = 0.0
        """Seconds of each answer, as a network has."""
        self.late_reads = 0
        """How many lists do not show a new thing yet."""
        self._unseen: Counter[str] = Counter()
        self._faults: list[Fault] = []
        self._per_minute: int | None = None
        self._clock: Callable[[], float] = time.monotonic
        self._taken: dict[str | None, deque[float]] = {}
        self._answers: dict[str, Reply] = {}
        self._released = threading.Event()
        self._open: set[socket.socket] = set()
        self._server: _Server | None = None

    # -- for tests

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        self._server = _Server(self)
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    def stop(self) -> None:
        assert self._server is not None
        self._released.set()
        self._server.shutdown()
        self._server.server_close()
        with self.state:
            for connection in self._open:
                _end(connection)
        assert not self.broken, self.broken[0]

    @property
    def host(self) -> str:
        assert self._server is not None
        return f"127.0.0.1:{self._server.server_address[1]}"

    @property
    def url(self) -> str:
        """The base address to give to an adapter."""
        return f"http://{self.host}{self.base}"

    def fail(
        self,
        kind: Trouble,
        *,
        method: str | None = None,
        path: str = "",
        times: int = 1,
        after: int = 0,
        status: int = 500,
        retry_after: str | None = None,
        location: str = "https://elsewhere.example/",
    ) -> None:
        """Let the next `times` requests of `method` whose path fits the expression `path` go wrong, after so many."""
        headers = {"Location": location} if kind is Trouble.REDIRECT else {}
        if retry_after is not None:
            headers["Retry-After"] = retry_after
        with self.state:
            self._faults.append(Fault(kind, method, re.compile(path), times, after, status, headers))

    def heal(self) -> None:
        """No more faults."""
        with self.state:
            self._faults.clear()

    def release(self) -> None:
        """Let slow answers go."""
        self._released.set()

    def limit(self, per_minute: int | None, clock: Callable[[], float] = time.monotonic) -> None:
        """Take so many requests of one token in any sixty seconds of `clock`; what is rejected counts too."""
        self._per_minute, self._clock = per_minute, clock
        self._taken.clear()

    def requests(self, method: str | None = None, path: str = "") -> list[Logged]:
        """What was asked so far, by method and expression of the path."""
        with self.state:
            return [one for one in self.log if (method or one.method) == one.method and re.search(path, one.path)]

    # -- for fakes

    def handle(self, request: Request) -> Reply:
        """Carry out one request and say what is answered."""
        raise NotImplementedError

    def limited(self, wait_seconds: int) -> Reply:
        """What is answered above the rate."""
        return Reply(429, {"error": "too many requests"}, {"Retry-After": str(wait_seconds)})

    def born(self, id: str) -> None:
        """A thing was made; lists show it `late_reads` reads later."""
        if self.late_reads:
            self._unseen[id] = self.late_reads

    def listed(self) -> frozenset[str]:
        """Ids that a list being read now does not show yet; call it once for each list that is read from its start."""
        hidden = frozenset(self._unseen)
        for id in hidden:
            self._unseen[id] -= 1
            if not self._unseen[id]:
                del self._unseen[id]
        return hidden

    # -- one request

    def answer(self, request: Request) -> tuple[Reply | None, Trouble | None]:
        """What is sent, None for nothing, and the trouble it goes with."""
        with self.state:
            fault = next((fault for fault in self._faults if fault.strikes(request)), None)
            reply = self._over_rate(request) or self._carried_out(request, fault)
            kind = fault.kind if fault else None
            dropped = kind in (Trouble.DROP_BEFORE, Trouble.DROP_AFTER)
            self.log.append(
                Logged(request.method, request.path, request.query, request.body, 0 if dropped else reply.status, kind)
            )
        return None if dropped else reply, kind

    def _carried_out(self, request: Request, fault: Fault | None) -> Reply:
        before = self._answers.get(request.path)
        if fault is None or fault.kind not in _WITHOUT_EFFECT:
            try:
                reply = self.handle(request)
            except Exception:
                self.broken.append(traceback.format_exc())
                reply = Reply(500, {"error": "the fake itself broke"})
            self._answers[request.path] = reply
        if fault is None or fault.kind in (Trouble.SLOW, Trouble.HALF, Trouble.DROP_AFTER):
            return reply
        if fault.kind is Trouble.GARBAGE:
            page = f"<html>502 Bad Gateway for {request.token}</html>"  # as a proxy in between may say
            return Reply(200, page.encode(), {"Content-Type": "text/html"})
        if fault.kind is Trouble.REPEAT:
            return before or self.handle(request)
        if fault.kind is Trouble.REDIRECT:
            return Reply(302, {}, fault.headers)
        words = f"trouble on demand for {request.token}"  # a service that repeats the token is no excuse to show it
        return Reply(fault.status, {"errors": [{"message": words}]}, fault.headers)

    def _over_rate(self, request: Request) -> Reply | None:
        if self._per_minute is None:
            return None
        now = self._clock()
        taken = self._taken.setdefault(request.token, deque())
        while taken and taken[0] <= now - 60:
            taken.popleft()
        taken.append(now)
        if len(taken) <= self._per_minute:
            return None
        return self.limited(max(1, math.ceil(taken[-self._per_minute] + 60 - now)))

    def parted(self, connection: socket.socket, *, opened: bool) -> None:
        """A connection was opened or ended."""
        with self.state:
            (self._open.add if opened else self._open.discard)(connection)

    def hold(self) -> None:
        """Keep an answer back; a minute is more than any test waits."""
        self._released.wait(60)


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, fake: FakeServer) -> None:
        self.fake = fake
        super().__init__(("127.0.0.1", 0), _Handler)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is no news."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server

    def setup(self) -> None:
        super().setup()
        self.server.fake.parted(self.connection, opened=True)

    def finish(self) -> None:
        self.server.fake.parted(self.connection, opened=False)
        super().finish()

    def log_message(self, format: str, *args: object) -> None:
        """Silent: the log is `FakeServer.log`."""

    def _serve(self) -> None:
        fake = self.server.fake
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        parts = urlsplit(self.path)
        if fake.delay:
            time.sleep(fake.delay)
        request = Request(
            self.command, unquote(parts.path.removeprefix(fake.base)),
            dict(parse_qsl(parts.query, keep_blank_values=True)),
            {name.lower(): value for name, value in self.headers.items()}, body,
        )  # fmt: skip
        reply, trouble = fake.answer(request)
        if trouble is Trouble.SLOW:
            fake.hold()
        if reply is None:
            self.close_connection = True
            _end(self.connection)
            return
        self._write(reply, half=trouble is Trouble.HALF)

    def _write(self, reply: Reply, *, half: bool) -> None:
        raw = reply.raw()
        head = {"Content-Type": JSON, **reply.headers, "Content-Length": str(len(raw))}
        lines = [f"HTTP/1.1 {reply.status} {self.responses.get(reply.status, ('Unknown', ''))[0]}"]
        lines += [f"{name}: {value}" for name, value in head.items()]
        sent = raw[: len(raw) // 2] if half else raw
        self.wfile.write("\r\n".join([*lines, "", ""]).encode("latin-1") + sent)
        if half:
            self.close_connection = True
            _end(self.connection)

    do_GET = do_POST = do_PUT = do_DELETE = _serve  # noqa: N815  the names that http.server looks for


def _end(connection: socket.socket) -> None:
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        return
