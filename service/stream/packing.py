"""Bytes of a stream, packed as they go: nothing is held back longer than a page."""

import zlib
from collections.abc import AsyncIterator
from typing import Protocol

import brotli  # type: ignore[import-untyped]
import zstandard


class Packer(Protocol):
    """Packs one stream."""

    def add(self, data: bytes) -> bytes:
        """What can be sent of it by now."""
        ...

    def end(self) -> bytes:
        """The rest."""
        ...


class _Zstd:
    def __init__(self) -> None:
        self._packer = zstandard.ZstdCompressor(level=1).compressobj()

    def add(self, data: bytes) -> bytes:
        return bytes(self._packer.compress(data))

    def end(self) -> bytes:
        return bytes(self._packer.flush())


class _Brotli:
    def __init__(self) -> None:
        self._packer = brotli.Compressor(quality=4)

    def add(self, data: bytes) -> bytes:
        return bytes(self._packer.process(data))

    def end(self) -> bytes:
        return bytes(self._packer.finish())


class _Gzip:
    def __init__(self) -> None:
        self._packer = zlib.compressobj(1, wbits=31)

    def add(self, data: bytes) -> bytes:
        return self._packer.compress(data)

    def end(self) -> bytes:
        return self._packer.flush()


PACKERS: dict[str, type[_Zstd] | type[_Brotli] | type[_Gzip]] = {
    "zstd": _Zstd,
    "br": _Brotli,
    "gzip": _Gzip,
}


async def packed(chunks: AsyncIterator[bytes], encoding: str) -> AsyncIterator[bytes]:
    """The same bytes in this encoding. Errors: those of the chunks, and then no end."""
    packer: Packer = PACKERS[encoding]()
    async for chunk in chunks:
        yield packer.add(chunk)
    yield packer.end()
