"""The two hash functions a chain may use. Each seal names its own, so that changing the setting leaves older seals verifiable."""

from __future__ import annotations

import hashlib
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error

ALGORITHMS = ("sha256", "sm3")
"""SHA-256 (FIPS 180-4) and SM3 (GB/T 32905-2016); both give 256 bits."""
GENESIS = "0" * 64
"""What the first seal of a chain has in the place of the hash before it."""


def digest(algorithm: str, data: bytes) -> str:
    """The hash as 64 lower-case hexadecimal digits. ValueError for an algorithm that is not ours, or that this machine's OpenSSL lacks."""
    if algorithm not in ALGORITHMS:
        raise ValueError(f"no such algorithm: {algorithm}")
    return hashlib.new(algorithm, data).hexdigest()


def fault(algorithm: str) -> str:
    """Why no chain can be written with it here, with the mend; empty when it can."""
    if algorithm not in ALGORITHMS:
        return f"GONGKAI_JOURNAL_HASH={algorithm}：没有这种算法，写 {' 或 '.join(ALGORITHMS)}"
    try:
        digest(algorithm, b"")
    except ValueError:
        return f"GONGKAI_JOURNAL_HASH={algorithm}：这台机器的 OpenSSL 没有 {algorithm.upper()}，换装 1.1.1 以上的完整版本，或改用 sha256"
    return ""


def check_algorithm(**kwargs: Any) -> list[CheckMessage]:
    """Django's system check: every command refuses to start when the setting cannot be met."""
    words = fault(settings.JOURNAL_HASH)
    return [Error(words, id="journal.E001")] if words else []
