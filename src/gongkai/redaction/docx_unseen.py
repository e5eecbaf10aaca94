"""What a docx holds that its reader does not see, for whoever redacts it: all of it is gone from the copy."""

from __future__ import annotations

from dataclasses import dataclass

from gongkai.reading.files.package import Budget
from gongkai.screening.places import docx as places

KINDS = {
    "hidden.comment": "批注",
    "hidden.revision": "修订",
    "hidden.text": "隐藏文字",
    "hidden.embedded": "嵌入的文件",
    "metadata.person": "文件属性",
    "metadata.custom": "自定义属性和数据",
}
LONGEST = 300


@dataclass(frozen=True, slots=True)
class Unseen:
    """`text`: what stands there, cut at LONGEST; of a property its name and masked value."""

    kind: str
    where: str
    text: str


def unseen(data: bytes, name: str) -> list[Unseen]:
    """Comments, tracked changes, hidden text, embedded files, properties. Raises ReadingError."""
    found = []
    for passage in places.passages(data, name, Budget()):
        if passage.rule in KINDS:
            # A property is shown as screening shows it, the words of others as they stand.
            text = passage.shown if passage.rule.startswith("metadata") or not passage.text else passage.text
            found.append(Unseen(KINDS[passage.rule], passage.where, " ".join(text.split())[:LONGEST]))
    return found
