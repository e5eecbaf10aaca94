"""Web pages: the document's own text and tables, without the site around it."""

from __future__ import annotations

import re

import lxml.html
from lxml import etree

from gongkai.reading.errors import ReadingError
from gongkai.reading.extracted import Extracted
from gongkai.reading.files import limits
from gongkai.reading.files.blocks import Block, assemble
from gongkai.reading.files.decoding import decode, is_binary
from gongkai.reading.files.html_blocks import Flow
from gongkai.reading.files.html_page import main_part

_CHARSET = re.compile(rb"""<meta[^>]{0,300}?charset\s*=\s*["']?\s*([A-Za-z0-9_\-]+)""", re.IGNORECASE)
_XML_ENCODING = re.compile(rb"""\A\s*<\?xml[^>]{0,100}?encoding\s*=\s*["']([A-Za-z0-9_\-]+)""")
_XML_DECLARATION = re.compile(r"\A\s*<\?xml[^>]*\?>")
_UNWANTED = re.compile("[\x00-\x08\x0b\x0e-\x1f]")
SAVE_MEND = "请在浏览器中另存为文本，或提交 docx、pdf 原件"


def read(data: bytes, name: str) -> Extracted:
    """The page's main text and grids. Raises ReadingError when too large, undecodable, nested beyond reason or without text."""
    if len(data) > limits.HTML_BYTES:
        raise ReadingError(name, f"网页超过 {limits.HTML_BYTES // limits.MB} MB", "请只保存正文部分，或拆成几份再试")
    if data.count(b"<") > limits.HTML_TAGS:
        raise ReadingError(name, f"网页标签超过 {limits.HTML_TAGS // 10_000} 万个", SAVE_MEND)
    text = decode(data, name, _declared(data))
    if is_binary(text):
        raise ReadingError(name, "内容是二进制数据，不是网页", "请确认选对了文件")
    root = _parse(_UNWANTED.sub("", _XML_DECLARATION.sub("", text)), name)
    main, title = main_part(root)
    flow = Flow().read(main)
    blocks: list[Block] = [title] if title else []
    return assemble(name, "html", blocks + flow.blocks, flow.notes)


def _declared(data: bytes) -> str | None:
    found = _XML_ENCODING.search(data[:200]) or _CHARSET.search(data[:8192])
    # A page that can be read byte by byte to find its meta tag is not in UTF-16, whatever the tag says.
    declared = found[1].decode("ascii").lower() if found else None
    return None if declared is None or declared.startswith("utf-16") else declared


def _parse(text: str, name: str) -> etree._Element:
    # Handed over as UTF-8 whatever it was, so that the parser does not listen to the page's own meta tag.
    parser = lxml.html.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False, remove_comments=True, remove_pis=True)
    try:
        root = lxml.html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.LxmlError, ValueError, AssertionError) as error:
        raise ReadingError(name, "网页里没有可读的内容", SAVE_MEND) from error
    # At its limits libxml2 stops and keeps what it has; half a document must not pass for a whole one.
    if any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in parser.error_log):
        raise ReadingError(name, "网页标签嵌套超过 256 层或单段过长", SAVE_MEND)
    return root
