"""The one way out to the network: pinned host, rates, retries of what may be repeated, and no token in any word.

Only this module knows httpx. A request that makes something is sent once: when no readable answer comes, nobody knows
whether it was carried out (`AnswerLost`), and the caller looks before it asks again. Everything else is repeated
after a pause when the remote is busy or down.
"""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

import httpx

from tracker.domain.remote import AnswerLost, NotAllowed, RemoteError, RequestRefused, TryLater

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
"""Hosts that plain HTTP is allowed to."""
MOST_BYTES = 64 * 1024 * 1024
"""Of one answer; a page of a hundred tasks has well under one of these."""
MOST_TRIES = 5
LONGEST_WAIT = 120.0
"""Seconds that a remote may ask to wait before it is said instead of done."""
CONNECT_SECONDS, ANSWER_SECONDS = 10.0, 60.0
_BUSY, _NOT_THERE = 429, 404


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer: status, headers in small letters, and the body as JSON."""

    status: int
    headers: Mapping[str, str]
    body: Any


@dataclass(frozen=True, slots=True)
class Waiting:
    """How time passes; tests put in a clock of their own."""

    now: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep


class Http:
    """Requests to one service with one token, at most so many a minute."""

    def __init__(
        self,
        service: str,
        base_url: str,
        token: str,
        *,
        requests_per_minute: int,
        authorization: str = "Bearer {token}",
        headers: Mapping[str, str] | None = None,
        waiting: Waiting | None = None,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        """`service` is its name in messages.

        Raises:
            RequestRefused: the address is not HTTPS, nor plain HTTP on this machine; the token cannot be sent.
        """
        self.service = service
        self._base = _checked_base(service, base_url)
        if not token or not token.isascii() or not token.isprintable():
            raise RequestRefused(f"The token for {service} holds characters that no token has; set it again.")
        self._token = token
        self._waiting = waiting or Waiting()
        self._bucket = _Bucket(requests_per_minute, self._waiting)
        self._client = self._client_with(
            {
                "Authorization": authorization.format(token=token), "Accept": "application/json",
                "User-Agent": "strategy-tracker", **(headers or {}),
            },
            transport,
        )  # fmt: skip

    def _client_with(self, headers: Mapping[str, str], transport: httpx.BaseTransport | None) -> httpx.Client:
        try:
            return httpx.Client(
                headers=headers,
                timeout=httpx.Timeout(ANSWER_SECONDS, connect=CONNECT_SECONDS),
                trust_env=self._base.startswith("https:"),  # no proxy is to see what goes unlocked to this machine
                follow_redirects=False,  # credentials go to the host that was named, and to no other
                transport=transport,
            )
        except (httpx.InvalidURL, ImportError, OSError, ValueError) as error:  # what the environment names
            said = " ".join(self.redacted(str(error)).split())[:100]
            raise RequestRefused(
                f"{self.service} cannot be asked with the proxy or certificates that are set here ({said}); use an "
                "http:// proxy, and look at HTTPS_PROXY, ALL_PROXY, NO_PROXY, SSL_CERT_FILE and SSL_CERT_DIR."
            ) from None

    def __repr__(self) -> str:
        return f"Http({self.service!r}, {self._base!r})"

    def close(self) -> None:
        """Let go of the connections."""
        self._client.close()

    def get(self, path: str, *, query: Mapping[str, str] | None = None, accept: frozenset[int] = frozenset()) -> Answer:
        """Read; repeated while the remote is busy or down. `accept`: statuses of errors that are an answer here."""
        return self._repeated("GET", path, query=query, accept=accept)

    def send(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        body: object = None,
        form: Mapping[str, str] | None = None,
        repeatable: bool,
        accept: frozenset[int] = frozenset(),
    ) -> Answer:
        """Change something. `repeatable`: doing it twice is the same as once, so that it may be sent again.

        Raises:
            AnswerLost: it is not repeatable and may have been carried out.
        """
        return self._repeated(method, path, query=query, body=body, form=form, accept=accept, makes=not repeatable)

    def _repeated(self, method: str, path: str, *, accept: frozenset[int], makes: bool = False, **given: Any) -> Answer:
        # of a request that makes something, only what surely was not carried out is `TryLater`
        for tries in range(1, MOST_TRIES + 1):
            try:
                return self._once(method, path, accept=accept, makes=makes, **given)
            except TryLater as later:
                pause = later.wait_seconds if later.wait_seconds is not None else 2.0 ** (tries - 1)
                if tries == MOST_TRIES or pause > LONGEST_WAIT:
                    raise
                self._waiting.sleep(pause)
        raise AssertionError("the last try returns or raises")

    def _once(
        self, method: str, path: str, *, accept: frozenset[int], makes: bool, query: Mapping[str, str] | None = None,
        body: object = None, form: Mapping[str, str] | None = None,
    ) -> Answer:  # fmt: skip
        self._bucket.take()
        request = self._client.build_request(
            method, self._url(path), params=query, json=body, data=dict(form) if form is not None else None
        )
        try:
            answer, raw = self._exchange(request)
        except httpx.HTTPError as error:
            raise self._unanswered(error, makes=makes) from None  # the cause holds the request and its token
        return self._understood(answer, raw, accept=accept, makes=makes)

    def _exchange(self, request: httpx.Request) -> tuple[httpx.Response, bytes]:
        answer = self._client.send(request, stream=True)
        try:
            raw = bytearray()
            for chunk in answer.iter_bytes():
                raw += chunk
                if len(raw) > MOST_BYTES:
                    raise RequestRefused(
                        f"{self.service} answered with more than {MOST_BYTES >> 20} MB to one request; "
                        "nothing was taken from it."
                    )
            return answer, bytes(raw)
        finally:
            answer.close()

    def _url(self, path: str) -> str:
        """The address of a path; a whole address must lie below the base."""
        if "://" in path:
            there, here = urlsplit(path), urlsplit(self._base)
            if (there.scheme, there.netloc) != (here.scheme, here.netloc):
                raise RequestRefused(
                    f"{self.service} points to another host, {there.netloc[:100]!r}; the token was not sent there."
                )
            return path
        return f"{self._base}/{path.lstrip('/')}"

    # -- what an answer means

    def _unanswered(self, error: httpx.HTTPError, *, makes: bool) -> RemoteError:
        name = type(error).__name__
        if isinstance(error, httpx.ConnectError | httpx.ConnectTimeout | httpx.ProxyError | httpx.UnsupportedProtocol):
            reason = self.redacted(str(error)) or name
            advice = "check the network, the proxy and its certificate"
            return TryLater(f"{self.service} cannot be reached ({reason[:200]}); {advice}.")
        if makes:
            return AnswerLost(f"{self.service} did not answer ({name}); whether it was carried out is looked up.")
        return TryLater(f"{self.service} did not answer ({name}); run it again later.")

    def _understood(self, answer: httpx.Response, raw: bytes, *, accept: frozenset[int], makes: bool) -> Answer:
        headers = {name.lower(): value for name, value in answer.headers.items()}
        status = answer.status_code
        if 300 <= status < 400:
            where = self.redacted(_host_of(headers.get("location", ""))) or "somewhere else"
            raise RequestRefused(
                f"{self.service} sends requests on to {where[:100]}; the token was not sent there. "
                "Set the address of the service itself."
            )
        if status < 400 or status in accept:
            return Answer(status, headers, self._json(raw, makes=makes))
        raise self._error(status, headers, raw, makes=makes)

    def _json(self, raw: bytes, *, makes: bool) -> Any:
        try:
            return json.loads(raw)
        except (ValueError, RecursionError):
            words = f"{self.service} answered with something that is no JSON: {self._excerpt(raw)!r}"
            if makes:
                raise AnswerLost(f"{words}; whether it was carried out is looked up.") from None
            raise TryLater(f"{words}; run it again later.") from None

    def _error(self, status: int, headers: Mapping[str, str], raw: bytes, *, makes: bool) -> RemoteError:
        said = self._excerpt(raw)
        if status == _BUSY or (status == 503 and not makes):
            return TryLater(
                f"{self.service} takes no more requests for now ({status}); run it again later.",
                wait_seconds=_seconds(headers.get("retry-after")),
            )
        if status >= 500:
            words = f"{self.service} has trouble of its own ({status}): {said}"
            if makes:
                return AnswerLost(f"{words}; whether it was carried out is looked up.")
            return TryLater(f"{words}; run it again later.", wait_seconds=_seconds(headers.get("retry-after")))
        if status == 401:
            return NotAllowed(f"{self.service} does not accept the token ({said}); set a new one.")
        if status == 402:
            advice = "do without it there, or change the plan"
            return NotAllowed(f"{self.service} asks for a higher plan for this ({said}); {advice}.")
        if status == 403:
            advice = "ask there for the right"
            return NotAllowed(f"{self.service} does not allow this to the token's owner ({said}); {advice}.")
        return self._refusal(status, said)

    def _refusal(self, status: int, said: str) -> RequestRefused:
        if status == _NOT_THERE:
            advice = "look there whether it was deleted, or is no longer shared with you"
            return RequestRefused(f"{self.service} does not have it ({status}: {said}); {advice}.")
        return RequestRefused(f"{self.service} refused the request ({status}: {said}); change it here or there.")

    def redacted(self, text: str) -> str:
        """`text` without the token, as it is or as JSON may write it."""
        return text.replace(self._token, "(token)").replace(self._token.replace("/", "\\/"), "(token)")

    def _excerpt(self, raw: bytes) -> str:
        """The beginning of a body in printable words; the token goes before the cut, which would leave a piece."""
        text = self.redacted(_message(raw))
        return "".join(char if char.isprintable() else " " for char in text)[:200]


class _Bucket:
    """As many requests as the minute allows, evenly; a short burst at the start is free."""

    BURST = 5

    def __init__(self, per_minute: int, waiting: Waiting) -> None:
        self._pause = 60.0 / per_minute
        self._waiting = waiting
        self._next = waiting.now() - self.BURST * self._pause

    def take(self) -> None:
        now = self._waiting.now()
        self._next = max(self._next + self._pause, now - self.BURST * self._pause)
        if self._next > now:
            self._waiting.sleep(self._next - now)


def _checked_base(service: str, base_url: str) -> str:
    try:
        parts, _ = urlsplit(base_url), httpx.URL(base_url).raw_host.decode().encode("idna")
    except (httpx.InvalidURL, ValueError):
        shown = "".join(char if char.isprintable() else " " for char in base_url[:100])
        raise RequestRefused(f"{shown!r} is no address of {service}; it begins with https://, then a host.") from None
    plain_here = parts.scheme == "http" and parts.hostname in LOOPBACK
    if not parts.hostname or not (parts.scheme == "https" or plain_here):
        raise RequestRefused(f"The address of {service} must begin with https://, not {base_url[:100]!r}.")
    if parts.username or parts.password or parts.query or parts.fragment:
        raise RequestRefused(f"The address of {service} must name a host and a path only.")
    return base_url.rstrip("/")


def _host_of(address: str) -> str:
    try:
        return urlsplit(address).netloc.rpartition("@")[2]
    except ValueError:
        return ""


def _seconds(header: str | None) -> float | None:
    """`Retry-After`: seconds, or a moment (RFC 9110, 10.2.3), which a clock that differs makes a guess: a minute."""
    if header is None:
        return None
    try:
        seconds = float(header)
        return max(0.0, seconds) if math.isfinite(seconds) else None
    except ValueError:
        try:
            parsedate_to_datetime(header)
        except ValueError:
            return None
        return 60.0


def _message(raw: bytes) -> str:
    """The beginning of a body: the message of an error where there is one."""
    text = raw[:65_536].decode("utf-8", "replace")
    try:
        found = json.loads(raw)
    except (ValueError, RecursionError):
        found = None
    if isinstance(found, dict):
        errors = found.get("errors")
        if isinstance(errors, list) and errors and isinstance(errors[0], dict):
            text = str(errors[0].get("message") or text)
        else:
            text = str(found.get("errorDescription") or found.get("error") or text)
    return text
