"""Slow and half-sent heads are cut off; those who ask as they should are served meanwhile."""

import asyncio
import contextlib
import socket
import time
from collections.abc import Iterator
from threading import Thread

import pytest
import uvicorn

from api.web import patience


@pytest.fixture
def port(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    monkeypatch.setattr(patience, "HEAD_S", 0.4)
    monkeypatch.setattr(patience, "BODY_S", 0.4)
    monkeypatch.setattr(patience, "MOST_OF_AN_ADDRESS", 20)

    async def app(scope: dict, receive: object, send: object) -> None:
        if scope["type"] != "http":
            return
        body = b""
        while scope["method"] == "POST":
            message = await receive()
            body += message.get("body", b"")
            if not message.get("more_body"):
                break
        if scope["path"] == "/slow":
            await asyncio.sleep(1)
        await send({"type": "http.response.start", "status": 200,
                    "headers": [(b"content-length", str(len(body) or 2).encode())]})  # fmt: skip
        await send({"type": "http.response.body", "body": body or b"ok"})

    with socket.create_server(("127.0.0.1", 0)) as door:
        config = uvicorn.Config(
            app, http=patience.patient_protocol(frozenset()), log_level="error", lifespan="off"
        )
        server = uvicorn.Server(config)
        thread = Thread(target=server.run, kwargs={"sockets": [door]})
        thread.start()
        while not server.started:
            time.sleep(0.01)
        yield door.getsockname()[1]
        server.should_exit = True
        thread.join()


def talk(port: int, *parts: bytes, pause_s: float = 0.0) -> bytes:
    with socket.create_connection(("127.0.0.1", port), timeout=5) as line:
        found = b""
        with contextlib.suppress(ConnectionError, TimeoutError):
            for part in parts:
                line.sendall(part)
                time.sleep(pause_s)
            while piece := line.recv(65536):
                found += piece
                if found.endswith((b"ok", b"abcd")):
                    break
    return found


ASK = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"


@pytest.mark.parametrize(
    "parts", [(b"",), (b"GET / HT",), (b"GET / HTTP/1.1\r\n", *[b"X: 1\r\n"] * 8)]
)
def test_a_head_that_is_never_whole_is_cut_off(port: int, parts: tuple[bytes, ...]) -> None:
    began_s = time.monotonic()
    # One line now and then does not prolong it.
    assert talk(port, *parts, pause_s=0.15) == b""
    assert time.monotonic() - began_s < 3


def test_a_body_that_stops_is_given_up_and_a_slow_one_is_not(port: int) -> None:
    head = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\n"
    assert talk(port, head, b"ab") == b""
    assert talk(port, head, b"a", b"b", b"c", b"d", pause_s=0.2).endswith(b"abcd")


def test_an_answer_that_takes_long_is_waited_for(port: int) -> None:
    assert talk(port, ASK.replace(b"/ ", b"/slow ", 1)).endswith(b"ok")


def test_who_opens_too_many_gets_no_more_and_gets_back_in(port: int) -> None:
    lines = [socket.create_connection(("127.0.0.1", port)) for _ in range(20)]
    assert talk(port, ASK) == b""
    for line in lines:
        line.close()
    time.sleep(0.2)
    assert talk(port, ASK).endswith(b"ok")
