"""Text and csv: the same characters with the values masked, in UTF-8."""

from __future__ import annotations

from gongkai.reading.files.decoding import decode
from gongkai.screening import masking
from gongkai.screening.copies.values import personal


def masked(data: bytes, name: str) -> bytes:
    text = decode(data, name)
    header = text.partition("\n")[0][:400] if name.lower().endswith(".csv") else ""
    return masking.apply(text, personal(text, header)).encode("utf-8")
