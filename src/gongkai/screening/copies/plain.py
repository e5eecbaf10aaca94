"""Text and csv: the same characters with the values masked, in UTF-8."""

from __future__ import annotations

from gongkai.reading.files.decoding import decode
from gongkai.reading.files.package import Budget
from gongkai.screening import masking
from gongkai.screening.copies.values import Chooser


def copy(data: bytes, name: str, budget: Budget, choose: Chooser | None) -> bytes:
    if choose is None:
        return data
    text = decode(data, name)
    header = text.partition("\n")[0][:400] if name.lower().endswith(".csv") else ""
    return masking.apply(text, choose(text, header)).encode("utf-8")
