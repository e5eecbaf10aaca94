"""Broken links, missing anchors and files, ids that stand twice, pages without a title: over a folder of files or over a site that answers.

Only the site's own addresses are judged; another's may be slow today and there tomorrow.
"""

from __future__ import annotations

import time
from collections import Counter, deque
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from posixpath import join, normpath
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import SplitResult, unquote, urljoin, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

import lxml.html
from lxml.etree import ParserError

from gongkai.portal.export import names
from gongkai.portal.export.fetching import Inside

MOST = 20_000
"""Pages of a site that are asked for at most, unless the caller wants more."""
TIMEOUT = 20
LARGEST = 20_000_000
KINDS = {
    "link": "错断链接",
    "asset": "缺少文件",
    "anchor": "缺少锚点",
    "duplicate": "编号重复",
    "title": "没有标题",
    "error": "打不开",
    "blank": "空白栏目",
    "stale": "更新不及时",
}
NEEDED = {"img": "src", "script": "src", "source": "src", "video": "src", "audio": "src", "iframe": "src"}
OTHERS = ("mailto:", "tel:", "javascript:", "data:", "blob:")


@dataclass(frozen=True, slots=True)
class Finding:
    """`page` is where it stands, `target` what it leads to."""

    kind: str
    page: str
    target: str = ""

    @property
    def words(self) -> str:
        return KINDS[self.kind]

    def as_json(self) -> dict[str, str]:
        return {**asdict(self), "words": self.words}


@dataclass(slots=True)
class Facts:
    """What a page says of itself. `links` lead on, `assets` it needs to look as it should; both as written."""

    title: str
    ids: frozenset[str]
    twice: list[str]
    links: list[str]
    assets: list[str]


@dataclass(slots=True)
class Checked:
    pages: int = 0
    findings: list[Finding] = field(default_factory=list)
    whole: bool = True
    """Whether everything that can be reached was looked at."""
    seconds: float = 0.0


def facts_of(content: bytes) -> Facts:
    """Of bytes that are not HTML at all: nothing."""
    try:
        tree: Any = lxml.html.document_fromstring(content.decode("utf-8", "replace") or " ")
    except (ParserError, ValueError):
        return Facts("", frozenset(), [], [], [])
    ids: list[str] = [str(one) for one in tree.xpath("//@id")]
    anchors = {str(one) for one in tree.xpath("//a/@name")}
    titles = tree.xpath("//head/title")
    found = Facts(
        "".join(titles[0].itertext()).strip() if titles else "",
        frozenset({*ids, *anchors}),
        [one for one, n in Counter(ids).items() if n > 1],
        [str(one) for one in tree.xpath("//a/@href | //area/@href")],
        [],
    )
    for node in tree.iter("link", *NEEDED):
        if node.tag == "link":
            rel = (node.get("rel") or "").split()
            if "stylesheet" in rel or "icon" in rel:
                found.assets.append(node.get("href") or "")
            elif "alternate" in rel:
                found.links.append(node.get("href") or "")
        elif node.get(NEEDED[node.tag]) is not None:
            found.assets.append(node.get(NEEDED[node.tag]))
    return found


# -- a folder ---------------------------------------------------------------------------------------------------------


def check_folder(folder: Path) -> Checked:
    """Every page of an export as a reader has it who opens it from a disk. Raises OSError."""
    begin, checked = time.monotonic(), Checked()
    files = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    files = [name for name in files if not name.startswith(".")]
    known = set(files)
    pages = {name: facts_of((folder / name).read_bytes()) for name in files if name.endswith(".html")}
    for name, facts in pages.items():
        checked.findings += _own_faults(name, facts)
        for kind, values in (("link", facts.links), ("asset", facts.assets)):
            for value in dict.fromkeys(values):
                checked.findings += _of_file(kind, name, value, known, pages)
    checked.pages, checked.seconds = len(pages), time.monotonic() - begin
    return checked


def _own_faults(page: str, facts: Facts) -> Iterator[Finding]:
    if not facts.title:
        yield Finding("title", page)
    for one in facts.twice:
        yield Finding("duplicate", page, f"#{one}")


def _of_file(kind: str, page: str, value: str, known: set[str], pages: dict[str, Facts]) -> Iterator[Finding]:
    parts = _parts(value)
    if parts is None:
        yield Finding(kind, page, value)
        return
    if parts.scheme or parts.netloc or value.startswith(OTHERS):
        return
    target = page
    if parts.path.startswith("/"):
        yield Finding(kind, page, value)
        return
    if parts.path:
        target = normpath(join(page.rpartition("/")[0], unquote(parts.path)))
        if parts.path.endswith("/"):
            target = f"{target}/index.html".removeprefix("./")
    if target not in known:
        yield Finding(kind, page, value)
    elif parts.fragment and target in pages and unquote(parts.fragment) not in pages[target].ids:
        yield Finding("anchor", page, value)


def _parts(value: str) -> SplitResult | None:
    try:
        return urlsplit(value)
    except ValueError:
        return None


# -- a site -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Got:
    """`location`: where it leads, as an address of the site; empty elsewhere."""

    status: int
    is_html: bool
    content: bytes = b""
    location: str = ""


Fetch = Callable[[str], Got]


def inside(host: str = "") -> Fetch:
    """This installation, asked in this process as a stranger."""
    asked = Inside(host)

    def fetch(address: str) -> Got:
        answer = asked.get(address)
        content = answer.read()
        return Got(answer.status, answer.is_html, content if answer.is_html else b"", answer.location)

    return fetch


class _Stay(HTTPRedirectHandler):
    """A redirect is an answer too."""

    def redirect_request(self, *args: object, **kwargs: object) -> None:
        return None


def outside(url: str) -> Fetch:
    """A site by its address, over the network."""
    opener, base = build_opener(_Stay), urlsplit(url)

    def fetch(address: str) -> Got:
        request = Request(f"{base.scheme}://{base.netloc}{address}", headers={"User-Agent": "gongkai-site-check"})  # noqa: S310
        try:
            with opener.open(request, timeout=TIMEOUT) as answer:
                kind = answer.headers.get_content_type()
                return Got(answer.status, kind == names.HTML, answer.read(LARGEST) if kind == names.HTML else b"")
        except HTTPError as error:
            kind = error.headers.get_content_type()
            return Got(error.code, kind == names.HTML, error.read(LARGEST), error.headers.get("Location", ""))
        except (URLError, OSError, ValueError):
            return Got(599, False)

    return fetch


def check_site(fetch: Fetch, start: str = "/", *, most: int = MOST, within: float = 0, origin: str = "") -> Checked:
    """Walks from `start` over what it leads to, `most` pages and `within` seconds at most (0: as long as it takes)."""
    begin, checked = time.monotonic(), Checked()
    ids: dict[str, frozenset[str]] = {}
    wanted: list[tuple[str, str, str]] = []  # (page, address, fragment)
    status: dict[str, int] = {}
    leads: dict[str, str] = {}
    asked: dict[str, tuple[str, str]] = {}  # address → (kind, page) that asked first
    queue: deque[str] = deque([start])
    asked[start] = ("error", start)
    while queue:
        if len(status) >= most or (within and time.monotonic() - begin > within):
            checked.whole = False
            break
        address = queue.popleft()
        got = fetch(address)
        status[address] = got.status
        if got.status in (301, 302, 303, 307, 308):
            to = _address(got.location, address, origin)
            if to is not None:
                leads[address] = to[0]
                _queue(queue, asked, to[0], "link", address)
            continue
        if not got.is_html or got.status not in (200, 410):
            continue
        checked.pages += 1
        facts = facts_of(got.content)
        ids[address] = facts.ids
        checked.findings += _own_faults(address, facts)
        for kind, values in (("link", facts.links), ("asset", facts.assets)):
            for value in dict.fromkeys(values):
                to = _address(value, address, origin)
                if to is None or names.is_served(to[0]):
                    continue
                _queue(queue, asked, to[0], kind, address)
                if to[1]:
                    wanted.append((address, to[0], to[1]))
    for address, code in status.items():
        if code >= 500:
            checked.findings.append(Finding("error", asked[address][1], f"{address}（{code}）"))
        elif code >= 400 and code != 410:
            kind, page = asked[address]
            checked.findings.append(Finding(kind, page, f"{address}（{code}）"))
    for page, address, fragment in wanted:
        found = ids.get(leads.get(address, address))
        if found is not None and fragment not in found:
            checked.findings.append(Finding("anchor", page, f"{address}#{fragment}"))
    checked.seconds = time.monotonic() - begin
    return checked


def _queue(queue: deque[str], asked: dict[str, tuple[str, str]], address: str, kind: str, page: str) -> None:
    if address not in asked:
        asked[address] = (kind, page)
        queue.append(address)


def _address(value: str, page: str, origin: str) -> tuple[str, str] | None:
    """(address, fragment) of an own link in its normal form; None for others."""
    if value.startswith(OTHERS):
        return None
    if origin and value.startswith(origin):
        value = value[len(origin) :] or "/"
    try:
        parts = urlsplit(urljoin(page, value))
    except ValueError:
        return None
    if parts.scheme or parts.netloc:
        return None
    return names.normal(f"{parts.path}?{parts.query}" if parts.query else parts.path), unquote(parts.fragment)
