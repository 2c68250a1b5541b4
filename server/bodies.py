"""Bodies on the wire: what comes in is bounded before and after inflation, what goes out is gzipped where wanted."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import AsyncIterator, Mapping
from functools import partial
from typing import TypeVar

import msgspec
from anyio import to_thread
from litestar import Response

from events.envelope import malformed
from events.protocol import MAX_REQUEST_BYTES, Malformed, MediaType, TooLarge
from server.problems import SEE_SCHEMA, AnyRequest, Refused

T = TypeVar("T")

JSON = "application/json"

WORTH_GZIP_BYTES = 1024
GZIP_LEVEL = 1
"""Events are so alike that the fastest level already takes most of them away."""
LARGEST_DRAINED_BYTES = 4 * MAX_REQUEST_BYTES
"""How much of an over-long body is read to its end, so that the client hears why instead of a broken pipe."""
GZIP_HEADER_WBITS = 31


async def read_body(request: AnyRequest) -> bytes:
    """The JSON text of a request, inflated.

    Raises:
        Refused: ``media_type``, ``too_large``, or ``malformed`` where it is no gzip.
    """
    media_type, _ = request.content_type
    if media_type.lower() != JSON:
        raise Refused(
            MediaType(detail=f"The body is {media_type or 'of no stated type'}.", next_step=f"Send {JSON}.")
        )
    encoding = request.headers.get("content-encoding", "identity").strip().lower()
    if encoding not in {"identity", "gzip"}:
        raise Refused(
            MediaType(detail=f"The body is encoded as {encoding}.", next_step="Send it plain or with gzip.")
        )
    body = await _receive(request)
    return body if encoding == "identity" else await to_thread.run_sync(inflate, body)


def inflate(body: bytes) -> bytes:
    """A gzipped body, inflated as far as the limit allows and no further.

    Raises:
        Refused: ``too_large``, or ``malformed`` where it is no gzip.
    """
    stream = zlib.decompressobj(GZIP_HEADER_WBITS)
    try:
        inflated = stream.decompress(body, MAX_REQUEST_BYTES + 1)
    except zlib.error as error:
        raise Refused(_not_gzip(f"The body is not gzip: {error}.")) from error
    if len(inflated) > MAX_REQUEST_BYTES:
        raise Refused(_too_large())
    if not stream.eof or stream.unused_data:
        raise Refused(_not_gzip("The body is not one whole gzip stream."))
    return inflated


def decode(text: bytes, form: type[T]) -> T:
    """A small JSON body of the given form.

    Raises:
        Refused: ``malformed``, with the path.
    """
    try:
        return msgspec.json.decode(text, type=form)
    except msgspec.ValidationError as error:
        fault = malformed(error)
        raise Refused(Malformed(detail=fault.message, next_step=SEE_SCHEMA, path=fault.path)) from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Refused(Malformed(detail=f"The body is not JSON: {error}.", next_step=SEE_SCHEMA, path="$")) from error


async def respond(
    request: AnyRequest, body: bytes, status_code: int = 200, headers: Mapping[str, str] | None = None
) -> Response[bytes]:
    """A JSON answer, gzipped in a thread where that is wanted and worth it."""
    said = {"Vary": "Accept-Encoding", **(headers or {})}
    if len(body) >= WORTH_GZIP_BYTES and accepts_gzip(request.headers.get("accept-encoding", "")):
        body = await to_thread.run_sync(partial(gzip.compress, compresslevel=GZIP_LEVEL, mtime=0), body)
        said["Content-Encoding"] = "gzip"
    return Response(body, status_code=status_code, media_type=JSON, headers=said)


async def gzipped(chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """A stream, gzipped in a thread chunk by chunk."""
    packer = zlib.compressobj(GZIP_LEVEL, wbits=GZIP_HEADER_WBITS)
    async for chunk in chunks:
        yield await to_thread.run_sync(packer.compress, chunk)
    yield packer.flush()


def accepts_gzip(header: str) -> bool:
    """Whether an ``Accept-Encoding`` admits gzip: named or covered by ``*``, and not with a weight of 0."""
    weights = dict(_weighted(coding) for coding in header.lower().split(","))
    return weights.get("gzip", weights.get("*", 0.0)) > 0


def _weighted(coding: str) -> tuple[str, float]:
    name, _, parameter = coding.partition(";")
    try:
        weight = float(parameter.partition("q=")[2] or 1)
    except ValueError:
        weight = 0.0
    return name.strip(), weight


async def _receive(request: AnyRequest) -> bytes:
    chunks: list[bytes] = []
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size <= MAX_REQUEST_BYTES:
            chunks.append(chunk)
        elif size > LARGEST_DRAINED_BYTES:
            break
    if size > MAX_REQUEST_BYTES:
        raise Refused(_too_large())
    return b"".join(chunks)


def _not_gzip(sentence: str) -> Malformed:
    return Malformed(detail=sentence, next_step="Send it again, as one gzip stream or plain.", path="$")


def _too_large() -> TooLarge:
    return TooLarge(
        detail=f"The body is longer than {MAX_REQUEST_BYTES} bytes.", next_step="Send fewer events at a time."
    )
