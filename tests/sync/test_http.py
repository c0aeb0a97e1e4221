"""The one way to the network, tried against a real server on this machine."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import httpx
import pytest
from tests.sync.fakes.server import FakeServer, Reply, Request, Trouble

from tracker.domain.remote import AnswerLost, NotAllowed, RemoteError, RequestRefused, TryLater
from tracker_sync import http
from tracker_sync.http import Http, Waiting
from tracker_sync.paging import Page, pages

TOKEN = "tok/with-a-slash-0123456789"


class Echo(FakeServer):
    """Answers what it was asked; `reply` in place of it."""

    base = "/api"
    reply: Reply | None = None

    def handle(self, request: Request) -> Reply:
        if self.reply is not None:
            return self.reply
        return Reply(
            200, {"path": request.path, "query": dict(request.query), "auth": request.headers["authorization"]}
        )


class Clock:
    """Time that passes only by waiting."""

    def __init__(self) -> None:
        self.time = 0.0
        self.pauses: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.time += seconds
        self.pauses.append(seconds)


@pytest.fixture
def server() -> Iterator[Echo]:
    with Echo() as echo:
        yield echo


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def client(server: Echo, clock: Clock) -> Iterator[Http]:
    made = _client(server.url, clock)
    yield made
    made.close()


def _client(url: str, clock: Clock, rate: int = 6_000) -> Http:
    return Http("Echo", url, TOKEN, requests_per_minute=rate, waiting=Waiting(lambda: clock.time, clock.sleep))


def test_the_token_goes_in_the_header_and_the_query_to_the_path(client: Http) -> None:
    answer = client.get("/a/b", query={"name": "ü & x"})
    assert answer.body == {"path": "/a/b", "query": {"name": "ü & x"}, "auth": f"Bearer {TOKEN}"}


def test_json_and_form_are_sent_as_what_they_are(server: Echo, client: Http) -> None:
    client.send("POST", "j", body={"data": {"name": "ü"}}, repeatable=False)
    client.send("POST", "f", form={"title": "a & b", "dates": '{"due":"2026-12-01"}'}, repeatable=False)
    first, second = server.requests("POST")
    assert Request("POST", "", {}, {}, first.body).json() == {"data": {"name": "ü"}}
    assert Request("POST", "", {}, {}, second.body).form() == {"title": "a & b", "dates": '{"due":"2026-12-01"}'}


@pytest.mark.parametrize("address", [
    "http://app.asana.com/api", "http://127.0.0.1.evil.example/", "ftp://127.0.0.1/", "127.0.0.1:80", "",
    "https://user:pass@app.asana.com/", "https://app.asana.com/?a=1", "https://app.asana.com/#x", "https:///x",
    "file:///etc/passwd",
])  # fmt: skip
def test_an_address_without_its_lock_is_refused(address: str, clock: Clock) -> None:
    with pytest.raises(RequestRefused, match="address of Echo must"):
        _client(address, clock)


@pytest.mark.parametrize("address", ["https://app.asana.com/api/1.0", "http://localhost:8080", "http://[::1]:80/x"])
def test_https_and_this_machine_are_taken(address: str, clock: Clock) -> None:
    _client(address, clock).close()


@pytest.mark.parametrize("token", ["", "a\nb", "schlüssel", "a\x00b"])
def test_a_token_that_cannot_be_sent_is_refused_without_showing_it(token: str, server: Echo) -> None:
    with pytest.raises(RequestRefused) as caught:
        Http("Echo", server.url, token, requests_per_minute=60)
    assert not token or token not in str(caught.value)


def test_a_redirect_is_refused_and_the_other_host_is_never_asked(server: Echo, client: Http) -> None:
    with Echo() as other:
        server.fail(Trouble.REDIRECT, location=f"{other.url}/take", times=2)
        for method in ("GET", "POST"):
            with pytest.raises(RequestRefused, match="the token was not sent there"):
                client.send(method, "x", repeatable=False)
        assert other.log == []


def test_no_proxy_sees_what_goes_to_this_machine(server: Echo, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    with Echo() as proxy:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, f"http://{proxy.host}")
        for name in ("NO_PROXY", "no_proxy"):
            monkeypatch.delenv(name, raising=False)
        client = _client(server.url, clock)
        assert client.get("x").status == 200
        client.close()
        assert (proxy.log, len(server.log)) == ([], 1)


def test_a_whole_address_must_be_of_the_same_host(server: Echo, client: Http) -> None:
    assert client.get(f"{server.url}/next?offset=1").body["query"] == {"offset": "1"}
    for address in ("https://elsewhere.example/x", server.url.replace("http:", "https:"), "http://127.0.0.1:1/x"):
        with pytest.raises(RequestRefused, match="another host"):
            client.get(address)


def test_a_read_is_tried_again_while_the_remote_is_down(server: Echo, client: Http, clock: Clock) -> None:
    server.fail(Trouble.STATUS_BEFORE, status=502, times=2)
    server.fail(Trouble.DROP_BEFORE)
    server.fail(Trouble.GARBAGE)
    assert client.get("x").status == 200
    assert len(server.log) == 5
    assert clock.pauses == [1, 2, 4, 8]


def test_trying_again_ends(server: Echo, client: Http) -> None:
    server.fail(Trouble.STATUS_BEFORE, status=500, times=100)
    with pytest.raises(TryLater, match="trouble of its own"):
        client.get("x")
    assert len(server.log) == http.MOST_TRIES


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_it_waits_as_long_as_it_is_told(server: Echo, client: Http, clock: Clock, method: str) -> None:
    server.fail(Trouble.STATUS_BEFORE, status=429, retry_after="30")
    client.send(method, "x", repeatable=False)
    assert clock.pauses == [30]
    assert len(server.log) == 2


def test_a_longer_wait_is_said_instead_of_done(server: Echo, client: Http, clock: Clock) -> None:
    server.fail(Trouble.STATUS_BEFORE, status=429, retry_after="3600")
    with pytest.raises(TryLater) as caught:
        client.get("x")
    assert caught.value.wait_seconds == 3_600
    assert clock.pauses == []


@pytest.mark.parametrize(("header", "pause"), [
    ("Sun, 22 Nov 2026 05:00:00 GMT", 60), ("soon", 1), ("", 1), ("-5", 0), ("0", 0), ("nan", 1), ("inf", 1),
])  # fmt: skip
def test_a_wait_in_other_words_is_understood_or_guessed(
    server: Echo, client: Http, clock: Clock, header: str, pause: float
) -> None:
    server.fail(Trouble.STATUS_BEFORE, status=429, retry_after=header)
    client.get("x")
    assert clock.pauses == [pause]


@pytest.mark.parametrize("trouble", [
    Trouble.DROP_BEFORE, Trouble.DROP_AFTER, Trouble.STATUS_BEFORE, Trouble.STATUS_AFTER, Trouble.GARBAGE, Trouble.HALF,
])  # fmt: skip
def test_a_create_without_a_readable_answer_is_lost_and_never_sent_again(
    server: Echo, client: Http, trouble: Trouble
) -> None:
    server.fail(trouble, times=5, status=503)
    with pytest.raises(AnswerLost):
        client.send("POST", "x", body={}, repeatable=False)
    assert len(server.log) == 1


def test_a_change_that_may_be_repeated_is(server: Echo, client: Http) -> None:
    server.fail(Trouble.DROP_AFTER)
    server.fail(Trouble.STATUS_AFTER, status=504)
    assert client.send("PUT", "x", body={}, repeatable=True).status == 200
    assert len(server.log) == 3


def test_an_answer_that_does_not_come_is_given_up(server: Echo, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "ANSWER_SECONDS", 0.1)
    client = _client(server.url, clock)
    server.fail(Trouble.SLOW, times=1)
    with pytest.raises(AnswerLost, match="ReadTimeout"):
        client.send("POST", "x", repeatable=False)
    client.close()


def test_nobody_there_is_surely_not_carried_out(clock: Clock) -> None:
    with Echo() as gone:
        address = gone.url
    client = _client(address, clock)
    with pytest.raises(TryLater, match="cannot be reached"):
        client.send("POST", "x", repeatable=False)
    client.close()


@pytest.mark.parametrize(("status", "error", "words"), [
    (400, RequestRefused, "refused the request"), (404, RequestRefused, "404"), (401, NotAllowed, "set a new one"),
    (402, NotAllowed, "higher plan"), (403, NotAllowed, "does not allow"), (451, RequestRefused, "451"),
])  # fmt: skip
def test_refusals_say_why_in_one_line(
    server: Echo, client: Http, status: int, error: type[RemoteError], words: str
) -> None:
    server.reply = Reply(status, {"errors": [{"message": "the\r\n\x1b[31mreason"}]})
    with pytest.raises(error, match=words) as caught:
        client.get("x")
    assert "reason" in str(caught.value)
    assert str(caught.value).isprintable()
    assert len(server.log) == 1


def test_a_status_can_be_an_answer(server: Echo, client: Http) -> None:
    server.reply = Reply(412, {"sync": "tok"})
    assert client.get("events", accept=frozenset({412})).body == {"sync": "tok"}


def test_a_huge_answer_is_cut_off(server: Echo, client: Http, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "MOST_BYTES", 1 << 20)
    server.reply = Reply(200, b"[" + b"1," * (1 << 20) + b"1]")
    with pytest.raises(RequestRefused, match="more than 1 MB"):
        client.get("x")


@pytest.mark.parametrize("raw", [b"", b"\xff\xfe", b"[" * 100_000, b'{"data":', b"<html>"])
def test_what_is_no_json_is_said(server: Echo, client: Http, raw: bytes) -> None:
    server.reply = Reply(200, raw)
    with pytest.raises(TryLater, match="no JSON"):
        client.get("x")


@pytest.mark.parametrize("before", range(0, 210, 7))
def test_a_token_in_the_answer_is_not_shown_nor_any_piece_of_it(server: Echo, client: Http, before: int) -> None:
    server.reply = Reply(403, {"errors": [{"message": "x" * before + TOKEN}]})
    with pytest.raises(NotAllowed) as caught:
        client.get("x")
    assert TOKEN[:6] not in str(caught.value)


def test_a_token_escaped_in_a_page_is_not_shown(server: Echo, client: Http) -> None:
    server.reply = Reply(400, b'["' + TOKEN.replace("/", r"\/").encode() + b'"]')
    with pytest.raises(RequestRefused) as caught:
        client.get("x")
    assert TOKEN[-8:] not in str(caught.value)


def test_nothing_of_an_error_holds_the_token(server: Echo, client: Http) -> None:
    server.fail(Trouble.DROP_BEFORE, times=50)
    with pytest.raises(TryLater) as caught:
        client.get("x")
    assert caught.value.__cause__ is None
    assert TOKEN not in repr(client) + repr(caught.value)


def test_the_pace_keeps_to_the_rate_of_a_minute(server: Echo, clock: Clock) -> None:
    server.limit(150, lambda: clock.time)
    client = _client(server.url, clock, rate=145)
    for _ in range(400):
        client.get("x")
    assert {each.status for each in server.log} == {200}
    assert clock.time == pytest.approx(60 * (400 - 6) / 145, rel=0.02)
    client.close()


def test_above_the_rate_the_server_says_how_long_to_wait(server: Echo, client: Http, clock: Clock) -> None:
    server.limit(10, lambda: clock.time)
    for _ in range(25):
        client.get("x")
    assert 429 in {each.status for each in server.log}
    assert clock.time >= 60


def test_failed_certificates_are_said_in_one_line(clock: Clock) -> None:
    def refuses(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("[SSL: CERTIFICATE_VERIFY_FAILED] self-signed certificate", request=request)

    client = Http("Echo", "https://echo.example", TOKEN, requests_per_minute=60, transport=httpx.MockTransport(refuses),
                  waiting=Waiting(lambda: clock.time, clock.sleep))  # fmt: skip
    with pytest.raises(TryLater, match=r"CERTIFICATE_VERIFY_FAILED.*check the network"):
        client.get("x")
    client.close()


# -- pages


def test_pages_are_read_one_after_the_other_and_end() -> None:
    book: dict[str | None, Page[int]] = {None: Page([1, 2], "a"), "a": Page([3], "b"), "b": Page([], None)}
    assert list(pages(book.__getitem__, "Echo")) == [1, 2, 3]


def test_a_repeated_page_token_is_said_after_what_was_read() -> None:
    found = pages(lambda token: Page([1], "same"), "Echo")
    assert list(itertools.islice(found, 2)) == [1, 1]
    with pytest.raises(RequestRefused, match="same page twice"):
        next(found)


def test_pages_without_end_are_said() -> None:
    count = itertools.count()
    with pytest.raises(RequestRefused, match="more than 50 pages"):
        list(pages(lambda token: Page([1], str(next(count))), "Echo", most=50))


@pytest.mark.parametrize(("name", "value"), [
    ("HTTPS_PROXY", "socks5://127.0.0.1:9"),
    ("HTTPS_PROXY", "ftp://127.0.0.1"),
    ("HTTPS_PROXY", "http://[::1"),
    ("NO_PROXY", "[::1"),
    ("SSL_CERT_FILE", "/nowhere/at-all.pem"),
    ("SSL_CERT_FILE", __file__),
])  # fmt: skip
def test_a_proxy_or_certificate_of_the_environment_that_is_of_no_use_is_said_in_one_line(
    name: str, value: str, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(RemoteError, match=r"HTTPS_PROXY.*SSL_CERT_FILE") as caught:
        Http("Echo", "https://echo.example", TOKEN, requests_per_minute=60, waiting=Waiting(lambda: 0, clock.sleep))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("address", ["https://[::1", "https://xn--☃.example", "https://a\x00b.example",
                                     f"https://{'a' * 300}.example"])  # fmt: skip
def test_an_address_that_is_none_is_said_in_one_line(address: str, clock: Clock) -> None:
    with pytest.raises(RemoteError, match="address") as caught:
        Http("Echo", address, TOKEN, requests_per_minute=60, waiting=Waiting(lambda: 0, clock.sleep))
    assert str(caught.value).isprintable()


def test_a_redirect_that_repeats_the_token_does_not_show_it(server: Echo, clock: Clock) -> None:
    token = "token-0123456789"
    client = Http("Echo", server.url, token, requests_per_minute=60, waiting=Waiting(lambda: 0, clock.sleep))
    server.reply = Reply(302, b"", {"location": f"https://{token}@other.example/"})
    with pytest.raises(RequestRefused, match=r"other\.example") as caught:
        client.get("/tasks")
    assert token not in str(caught.value)
    client.close()
