"""The label printed on an issued document: alone in brackets on its line, below the date (附注, GB/T 9704-2012, 7.3.7)."""

from __future__ import annotations

import re

from gongkai.publications.labels import plain
from gongkai.reading.errors import ReadingError
from gongkai.reading.files import extract

_NOTE = re.compile(r"^[（(]([^（()）]{2,30})[）)]$")
_LABEL = re.compile(r"公开|发布")


class NotPrinted(Exception):
    """No label could be read. `str(error)` is a sentence for the screen."""


def label_in(text: str) -> str | None:
    """The last line of a text that is nothing but a label in brackets; labels quoted in a sentence are none. None where there is none."""
    found = None
    for line in text.splitlines():
        match = _NOTE.match("".join(line.split()))
        if match and match[1].startswith("此件") and _LABEL.search(match[1]):
            found = plain(match[1])
    return found


def printed_label(name: str, data: bytes) -> str:
    """The label of a docx, pdf or ofd. Raises NotPrinted where the file cannot be read or prints none."""
    try:
        text = extract(data, name).text
    except ReadingError as error:
        raise NotPrinted(f"“{name}”：{error.problem}。{error.mend}") from None
    label = label_in(text)
    if label is None:
        raise NotPrinted(f"“{name}”的附注里没有读到“（此件公开发布）”这样的标识，请核对文件，或者手工登记")
    return label
