"""A body over the limit is refused in words, and no more of it is taken in than allowed."""

import asyncio
import json
from typing import Any

from starlette.testclient import TestClient

from api.web.body_limit import BodyLimit

MIB = 2**20


async def post(app: Any, chunks: int, headers: list[tuple[bytes, bytes]]) -> tuple[int, dict, int]:
    """Return the status, the answer and how many chunks of 1 MiB the app took."""
    taken, sent = 0, []

    async def receive() -> dict:
        nonlocal taken
        taken += 1
        return {"type": "http.request", "body": b" " * MIB, "more_body": taken < chunks}

    async def send(message: dict) -> None:
        sent.append(message)

    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "POST",
        "scheme": "http", "path": "/api/v1/checks", "raw_path": b"/api/v1/checks", "root_path": "",
        "query_string": b"", "server": ("testserver", 80), "client": ("testclient", 1),
        "headers": [(b"host", b"testserver"), (b"content-type", b"application/json"), *headers],
    }  # fmt: skip
    await app(scope, receive, send)
    body = b"".join(message.get("body", b"") for message in sent)
    return sent[0]["status"], json.loads(body), taken


def test_a_body_that_hides_its_length_is_cut_off_at_the_limit(shared_client: TestClient) -> None:
    # By hand: the limit is 50 MiB and 64 KiB. What comes above it is let run past, so that a
    # proxy hears the answer: 60 chunks to their end, of 1000 four limits and no more.
    for chunks, expected in ((60, 60), (1000, 201)):
        status, answer, taken = asyncio.run(post(shared_client.app, chunks, []))
        assert (status, answer["code"], taken) == (413, "layers.read.too_large", expected)


def test_a_stated_length_over_the_limit_is_refused_before_the_first_byte(
    shared_client: TestClient,
) -> None:
    headers = [(b"content-length", str(1000 * MIB).encode()), (b"accept-language", b"en")]
    status, answer, taken = asyncio.run(post(shared_client.app, 1000, headers))
    assert (status, taken) == (413, 0)
    near = [(b"content-length", str(60 * MIB).encode())]
    status, _, taken = asyncio.run(post(shared_client.app, 60, near))
    assert (status, taken) == (413, 60)
    assert answer["detail"].isascii()


def test_a_body_below_the_limit_is_read_whole(shared_client: TestClient) -> None:
    # Blanks are no GeoJSON: the reader says so, not the limit.
    status, answer, taken = asyncio.run(post(shared_client.app, 3, []))
    assert (status, taken) == (422, 3)
    assert answer["code"].startswith("layers.read.")


def test_uploads_beyond_the_room_are_told_to_wait_and_come_in_later() -> None:
    """By hand: room for 4 MiB, two uploads of 3; the second waits until the first is answered."""
    answered, reached = asyncio.Event(), []

    async def app(scope: dict, receive: Any, send: Any) -> None:
        await receive()
        reached.append(scope["n"])
        await answered.wait()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"{}"})

    limited = BodyLimit(app, most_bytes=4 * MIB, room_bytes=4 * MIB)

    async def upload(n: int) -> list[dict]:
        sent: list[dict] = []

        async def receive() -> dict:
            return {"type": "http.request", "body": b" " * 3 * MIB, "more_body": False}

        async def send(message: dict) -> None:
            sent.append(message)

        headers = [(b"content-length", str(3 * MIB).encode())]
        scope = {"type": "http", "method": "POST", "path": "/", "query_string": b"", "n": n,
                 "headers": headers}  # fmt: skip
        await limited(scope, receive, send)
        return sent

    async def run() -> None:
        first = asyncio.create_task(upload(1))
        await asyncio.sleep(0)
        second = await upload(2)
        assert second[0]["status"] == 503
        assert dict(second[0]["headers"])[b"retry-after"] == b"10"
        answered.set()
        assert (await first)[0]["status"] == 200
        assert (await upload(3))[0]["status"] == 200
        assert reached == [1, 3]

    asyncio.run(run())
