"""The html of an old page: decoded, its article found, its links to files beside it turned to where those files are now."""

from __future__ import annotations

import re

from lxml import html as parsed

from gongkai.publications.legacy.manifest import local_name

_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([A-Za-z0-9_-]{2,20})", re.I)
_LINK = re.compile(r"""(?:href|src)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>"']+))""", re.I)


def decoded(data: bytes) -> str:
    """UTF-8, what the page says of itself, or GB 18030, in this order; what none can read is replaced."""
    said = _CHARSET.search(data[:4096])
    names = ["utf-8-sig", *([said.group(1).decode("ascii")] if said else []), "gb18030"]
    for name in names:
        try:
            return data.decode(name)
        except (UnicodeDecodeError, LookupError):
            continue
    return data.decode("utf-8", "replace")


def local_files(html: str, name: str) -> list[str]:
    """Files beside the page that its links and pictures lead to, in order, each once."""
    found = (local_name(next(g for g in match.groups() if g is not None), name) for match in _LINK.finditer(html))
    return list(dict.fromkeys(path for path in found if path))


def rewritten(html: str, name: str, addresses: dict[str, str]) -> str:
    """The same with every link to one of `addresses` (file → where it stands now) led there. A whole page gives its body alone."""
    if not html.strip():
        return ""
    try:
        root = parsed.fragment_fromstring(html.replace("\x00", ""), create_parent="div")
    except (ValueError, parsed.etree.ParserError):
        return html
    if addresses:
        for element, attribute, link, _at in root.iterlinks():
            if attribute in ("href", "src") and (target := addresses.get(local_name(link, name))):
                element.set(attribute, target)
    return str(parsed.tostring(root, encoding="unicode"))
