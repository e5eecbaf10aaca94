"""What RFC 4287 and JSON Feed 1.1 ask of a feed, as assertions that the tests of every list share."""

from __future__ import annotations

import json
import re
from datetime import datetime
from typing import Any

from lxml import etree

ATOM = "{http://www.w3.org/2005/Atom}"
_DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
_IRI = re.compile(r"https?://[^\s<>]+")


def _one(parent: Any, name: str) -> Any:
    found = parent.findall(ATOM + name)
    assert len(found) == 1, (name, len(found))
    return found[0]


def _dated(text: str) -> datetime:
    assert _DATE.fullmatch(text), text
    return datetime.fromisoformat(text)


def check_atom(content: bytes, address: str | None = None) -> list[Any]:
    """The entries of a valid feed. `address`: the feed was asked at this one, which its self link must be."""
    feed = etree.fromstring(content)
    assert feed.tag == f"{ATOM}feed" and feed.get("{http://www.w3.org/XML/1998/namespace}lang") == "zh-CN"
    assert _IRI.fullmatch(_one(feed, "id").text)  # 4.1.1
    assert _one(feed, "title").text.strip()
    updated = _dated(_one(feed, "updated").text)
    links = {(link.get("rel") or "alternate"): link.get("href") for link in feed.findall(f"{ATOM}link")}
    assert len(links) == len(feed.findall(f"{ATOM}link")), "no two of one relation"
    assert all(_IRI.fullmatch(href) for href in links.values()) and {"self", "alternate"} <= set(links)
    assert address is None or links["self"] == address
    assert feed.findall(f"{ATOM}author/{ATOM}name"), "the feed has an author, so that every entry has one (4.1.1)"
    entries = feed.findall(f"{ATOM}entry")
    ids = [_one(entry, "id").text for entry in entries]
    assert len(set(ids)) == len(ids) and all(_IRI.fullmatch(one) for one in ids)
    for entry in entries:
        assert _one(entry, "title").text.strip()
        assert _dated(_one(entry, "updated").text) <= updated
        assert [link for link in entry.findall(f"{ATOM}link") if (link.get("rel") or "alternate") == "alternate"]
        assert len(entry.findall(f"{ATOM}published")) <= 1 and len(entry.findall(f"{ATOM}summary")) == 1
        assert all(name.text for name in entry.findall(f"{ATOM}author/{ATOM}name"))
        assert all(one.get("term") for one in entry.findall(f"{ATOM}category"))
    return list(entries)


def check_json(content: bytes) -> dict[str, Any]:
    """A valid JSON Feed."""
    told: dict[str, Any] = json.loads(content)
    assert told["version"] == "https://jsonfeed.org/version/1.1" and told["title"]
    assert _IRI.fullmatch(told["home_page_url"]) and _IRI.fullmatch(told["feed_url"])
    ids = [item["id"] for item in told["items"]]
    assert len(set(ids)) == len(ids)
    for item in told["items"]:
        assert item["content_text"] and _IRI.fullmatch(item["url"]) and item["title"]
        _dated(item["date_published"]), _dated(item["date_modified"])
        assert all(author["name"] for author in item.get("authors", ()))
    own = told["_gongkai"]
    assert own["page"] <= own["pages"] and ("next_url" in told) == (own["page"] < own["pages"])
    return told


def check_twins(client: Any, page: str) -> None:
    """The page names both twins in its head, and both are what they must be, there and with a 304 for who has them."""
    html = client.get(page).content.decode()
    for kind, check in (("application/atom+xml", check_atom), ("application/json", check_json)):
        match = re.search(rf'<link rel="alternate" type="{re.escape(kind)}" title="[^"]+" href="([^"]+)"', html)
        assert match, (page, kind)
        address = match[1].replace("&amp;", "&")
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert answer["Content-Type"].startswith(kind)
        check(answer.content)
        again = client.get(address, headers={"if-none-match": answer["ETag"]})
        assert again.status_code == 304 and not again.content, address
