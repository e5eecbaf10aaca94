"""Zip containers (docx, ofd, zip) read in memory, counted while they unpack. Nothing is written to disk."""

from __future__ import annotations

import io
import lzma
import re
import struct
import zipfile
import zlib
from typing import IO

from gongkai.reading.errors import ReadingError
from gongkai.reading.files import limits

CHUNK = 1 << 16
BROKEN = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, struct.error, OSError, ValueError, IndexError, NotImplementedError)
BOMB_MEND = "请确认来源可靠，解压后只提交需要的文件"


class Budget:
    """Bytes one input may still unpack, shared by everything nested in it."""

    def __init__(self, total: int = limits.UNPACKED_BYTES) -> None:
        self.left = total

    def spend(self, size: int, name: str) -> None:
        self.left -= size
        if self.left < 0:
            raise ReadingError(name, f"解压后总量超过 {limits.UNPACKED_BYTES // limits.MB} MB（可能是压缩炸弹），已停止读取", BOMB_MEND)


class Package:
    """An opened zip. Raises ReadingError when it cannot be opened or lists too many entries."""

    def __init__(self, data: bytes, name: str, budget: Budget) -> None:
        self.name = name
        self._size = len(data)
        self._budget = budget
        # Counted before zipfile loads the directory, which costs half a kilobyte for each entry.
        if data.count(b"PK\x01\x02") > limits.ZIP_ENTRIES:
            raise ReadingError(name, f"压缩包内条目超过 {limits.ZIP_ENTRIES} 个", BOMB_MEND)
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except BROKEN as error:
            raise damaged(name) from error
        self._infos = {info.filename: info for info in self._zip.infolist()}
        self.names = list(self._infos)
        self._lowered = {name.replace("\\", "/").lstrip("/").lower(): name for name in reversed(self.names)}

    def infos(self) -> list[zipfile.ZipInfo]:
        return self._zip.infolist()

    def find(self, member: str) -> str | None:
        """The name as listed, ignoring a leading slash and letter case."""
        wanted = member.lstrip("/")
        return wanted if wanted in self._infos else self._lowered.get(wanted.lower())

    def open(self, member: str | zipfile.ZipInfo, limit: int, label: str | None = None) -> BoundedStream:
        """A stream that stops with a ReadingError at `limit` bytes, at the ratio limit, or when the budget is spent."""
        label = label or self.name
        info = member if isinstance(member, zipfile.ZipInfo) else self._infos[member]
        if info.flag_bits & 0x1:
            raise ReadingError(label, "压缩包内的文件已加密", "请去掉密码后重新压缩")
        # bzip2 and lzma let the file choose how much memory its decoder takes; office software writes neither.
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise ReadingError(label, "使用了不支持的压缩方法", "请用标准 zip（Deflate）方式重新压缩")
        try:
            source = self._zip.open(info)
        except (*BROKEN, RuntimeError) as error:
            raise damaged(label) from error
        packed = min(info.compress_size, self._size)
        return BoundedStream(source, label, limit, packed, self._budget)

    def read(self, member: str | zipfile.ZipInfo, limit: int | None = None, label: str | None = None) -> bytes:
        with self.open(member, limits.XML_WHOLE_BYTES if limit is None else limit, label) as stream:
            return stream.read()


class BoundedStream(io.RawIOBase):
    """A member as it unpacks. A reader that builds a tree from it calls `let_go` whenever it has freed what it built."""

    def __init__(self, source: IO[bytes], label: str, limit: int, packed: int, budget: Budget) -> None:
        super().__init__()
        self._source = source
        self._label = label
        self._limit = limit
        self._packed = max(1, packed)
        self._budget = budget
        self._total = 0
        self._let_go_at: int | None = None

    def let_go(self) -> None:
        """From now on no more than limits.XML_WHOLE_BYTES may pass between two calls: so much is held in memory at once."""
        self._let_go_at = self._total

    def readable(self) -> bool:
        return True

    def read(self, size: int | None = -1) -> bytes:
        if size is not None and size >= 0:
            return self._chunk(size)
        parts = []
        while part := self._chunk(CHUNK):
            parts.append(part)
        return b"".join(parts)

    def _chunk(self, size: int) -> bytes:
        try:
            part = self._source.read(size)
        except BROKEN as error:
            raise damaged(self._label) from error
        self._total += len(part)
        if self._total > self._limit:
            raise ReadingError(self._label, f"解压后超过 {self._limit // limits.MB} MB，已停止读取", "请把文件拆分后再试")
        if self._let_go_at is not None and self._total - self._let_go_at > limits.XML_WHOLE_BYTES:
            raise ReadingError(self._label, f"有一个段落或表格行超过 {limits.XML_WHOLE_BYTES // limits.MB} MB", "请把内容拆分后再试")
        if self._total > limits.UNPACK_RATIO_FROM and self._total > limits.UNPACK_RATIO * self._packed:
            raise ReadingError(self._label, f"压缩比超过 {limits.UNPACK_RATIO} 倍（可能是压缩炸弹），已停止读取", BOMB_MEND)
        self._budget.spend(len(part), self._label)
        return part

    def close(self) -> None:
        if not self.closed:
            self._source.close()
        super().close()


def damaged(name: str) -> ReadingError:
    return ReadingError(name, "压缩结构已损坏或不完整", "请重新下载或重新另存后再试")


def displayed(info: zipfile.ZipInfo) -> str:
    """The member's name for people. Chinese Windows writes names in GBK without saying so, which zipfile reads as cp437."""
    name = info.filename
    if not info.flag_bits & 0x800:
        try:
            raw = name.encode("cp437")
        except UnicodeEncodeError:
            raw = b""
        for encoding in ("utf-8", "gb18030"):
            try:
                name = raw.decode(encoding) or name
                break
            except UnicodeDecodeError:
                continue
    return re.sub(r"[\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069]", "", name.replace("\\", "/"))
