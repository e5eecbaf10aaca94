"""XML from strangers: no entities, no network, no document type, bounded depth."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Protocol, cast

from lxml import etree

from gongkai.reading.errors import ReadingError

Element = Any
"""An lxml element. The stubs lag behind the library, so the readers name the shape and not the class."""


class Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


DAMAGED_MEND = "请用 WPS 或 Word 打开后重新另存一份再试"


def local(element: Element) -> str:
    """The tag without its namespace: OOXML has two namespaces for the same tags (transitional and strict), OFD writers vary too."""
    tag: str = element.tag
    return tag[tag.rfind("}") + 1 :]


def attribute(element: Element, name: str) -> str | None:
    """An attribute by its local name, whatever its namespace."""
    for key, value in element.attrib.items():
        if key == name or key.endswith("}" + name):
            return str(value)
    return None


def child(element: Element | None, name: str) -> Element | None:
    """The first direct child with this local name."""
    if element is None:
        return None
    for found in element:
        if local(found) == name:
            return found
    return None


def parse(data: bytes, name: str) -> Element:
    """The root of a small part. Raises ReadingError when it is not well-formed or carries a document type."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, huge_tree=False, remove_comments=True, remove_pis=True, load_dtd=False
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise _not_well_formed(name) from error
    refuse_doctype(root, name)
    return root


def stream(source: Readable, tags: Iterable[str], name: str) -> Iterator[Element]:
    """Elements with these full tags, each when it ends, in document order. The caller clears what it has used.

    Raises ReadingError as `parse` does; whatever `source.read` raises passes through.
    """
    events = etree.iterparse(
        cast(Any, source),
        events=("end",),
        tag=list(tags),
        resolve_entities=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        load_dtd=False,
    )
    checked = False
    try:
        for _, element in events:
            if not checked:
                refuse_doctype(element, name)
                checked = True
            yield element
    except (etree.XMLSyntaxError, ValueError) as error:
        raise _not_well_formed(name) from error


def refuse_doctype(element: Element, name: str) -> None:
    # Checked before any attribute is read: reading one would expand the entities a document type defines.
    info = element.getroottree().docinfo
    if info.internalDTD is not None or info.doctype:
        raise ReadingError(name, "文件内的 XML 带有文档类型声明（可能是实体炸弹），已拒绝读取", DAMAGED_MEND)


def _not_well_formed(name: str) -> ReadingError:
    return ReadingError(name, "文件已损坏，内部 XML 无法解析", DAMAGED_MEND)
