"""Both forms of a list: valid, the same bytes for the same state, short, and never broken by what an address says."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.http import Http404, HttpRequest
from django.test import RequestFactory

from gongkai.twins import BEGAN, LAST_PAGE, MOST, Entry, Twin, as_json, atom, links, of_rows, page_number, respond
from gongkai.twins.tests.rules import ATOM, check_atom, check_json

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def asked(path: str = "/list/feed.atom") -> HttpRequest:
    return RequestFactory().get(path)


def entries(n: int) -> list[Entry]:
    return [Entry(f"/documents/{k}/", f"第{k}件 <&>", AT + timedelta(minutes=k), author="市财政局", tags=["税务"]) for k in range(1, n + 1)]


def test_a_feed_is_valid_whatever_its_titles_hold() -> None:
    rows = [*entries(2), Entry("/documents/9/", '坏字符\x0b\ud800和 <b>标签</b> & 引号"', AT, "摘要\x00")]
    found = check_atom(atom(asked(), Twin("清单", "/list/", rows)), "http://testserver/list/feed.atom")
    assert [one.find(f"{ATOM}title").text for one in found][2] == '坏字符和 <b>标签</b> & 引号"'
    told = check_json(as_json(asked("/list/feed.json"), Twin("清单", "/list/", rows)))
    assert told["items"][0]["authors"] == [{"name": "市财政局"}]


def test_an_empty_list_is_a_valid_feed_and_the_same_every_time() -> None:
    twin = Twin("清单", "/list/", [])
    first = atom(asked(), twin)
    assert check_atom(first) == [] and first == atom(asked(), twin)
    assert twin.updated == BEGAN
    assert check_json(as_json(asked(), twin))["items"] == []


def test_what_was_left_out_is_said() -> None:
    twin = Twin("清单", "/list/", entries(1), ignored=["没有“abc”这样的年份，这一项没有用来筛选"])
    assert "没有“abc”这样的年份" in atom(asked(), twin).decode()
    assert check_json(as_json(asked(), twin))["_gongkai"]["ignored"] == list(twin.ignored)


def test_a_long_list_comes_in_pages() -> None:
    rows = entries(2 * MOST + 1)
    first = of_rows(asked("/list/feed.json?year=2026"), "清单", "/list/", rows, lambda row: row)
    told = check_json(as_json(asked("/list/feed.json?year=2026"), first))
    assert len(told["items"]) == MOST and told["next_url"] == "http://testserver/list/feed.json?year=2026&page=2"
    last = of_rows(asked("/list/feed.json?page=3"), "清单", "/list/", rows, lambda row: row)
    assert "next_url" not in check_json(as_json(asked("/list/feed.json?page=3"), last)) and len(last.entries) == 1


@pytest.mark.parametrize(
    ("given", "page"), [("", 1), ("0", 1), ("-1", 1), ("x", 1), ("²", 1), ("2", 2), ("1000000000", LAST_PAGE), ("9" * 5000, LAST_PAGE)]
)
def test_a_page_number_is_a_number_between_bounds(given: str, page: int) -> None:
    assert page_number(RequestFactory().get("/list/", {"page": given})) == page


def test_who_has_it_gets_nothing_and_nothing_is_made() -> None:
    made = []

    def make() -> Twin:
        made.append(1)
        return Twin("清单", "/list/", entries(1))

    first = respond(asked(), "atom", [AT], make)
    again = RequestFactory().get("/list/feed.atom", headers={"if-none-match": first["ETag"]})
    for _n in range(100):
        assert respond(again, "atom", [AT], make).status_code == 304
    assert made == [1]
    assert respond(again, "atom", [AT + timedelta(1)], make).status_code == 200


def test_there_are_two_formats() -> None:
    with pytest.raises(Http404):
        respond(asked(), "exe", [], lambda: Twin("", "/", []))


def test_links_keep_the_conditions_of_the_page() -> None:
    found = links(lambda fmt: f"/list/feed.{fmt}", "清单", {"theme": "02", "year": "2026"}, "/follow/")
    assert found["atom"] == "/list/feed.atom?theme=02&year=2026" and found["mail"] == "/follow/?theme=02&year=2026"
