"""The public site as files: whole, linked among themselves, nothing that is not public, and an address never vanishes."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from gongkai.catalogue.models import Site
from gongkai.conftest import Cast
from gongkai.portal.export import checking, links, names, watching
from gongkai.portal.export.baking import Baked, Baking, is_export
from gongkai.portal.export.manifest import State
from gongkai.publications.models import Document
from gongkai.publications.tests.making import draft, live

BASE = "https://gk.qinghe.gov.cn"


@pytest.fixture
def city(cast: Cast, settings: Any) -> dict[str, int]:
    settings.ALLOWED_HOSTS = ["testserver"]
    made = {title: live(cast.reform, cast.drafter, title=title, kind="normative", theme="0201") for title in ("供热办法", "供水办法")}
    draft(cast.reform, cast.drafter, title="没有公开的草稿")
    return {title: edition.document_id for title, edition in made.items()}


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the site only home, documents and maps: enough for what happens from one run to the next."""
    served = names.is_served
    rooms = ("/platform", "/agencies", "/accountability", "/columns", "/feeds", "/catalogue", "/journal", "/plans", "/channels", "/reports")
    monkeypatch.setattr(names, "is_served", lambda address: served(address) or address.startswith(rooms))


def bake(folder: Path, **more: Any) -> Baked:
    return Baking(folder, **more).run()


def text_of(folder: Path, name: str) -> str:
    return (folder / name).read_text("utf-8")


def everything(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file() and ".gongkai" not in p.parts}


def test_the_whole_site_lies_in_files_that_lead_to_each_other(city: dict[str, int], tmp_path: Path) -> None:
    out = tmp_path / "out"
    done = bake(out, base_url=BASE)
    assert done.faults == [] and done.written > 50
    found = checking.check_folder(out)
    assert found.findings == [] and found.pages >= done.pages
    document = text_of(out, f"documents/{city['供热办法']}/index.html")
    assert "供热办法" in document and f'rel="canonical" href="{BASE}/documents/{city["供热办法"]}/"' in document
    assert 'href="/' not in document and 'src="/' not in document
    assert f'action="{BASE}/search"' in document and "csrfmiddlewaretoken" not in document and 'method="post"' not in document
    twin = json.loads(text_of(out, f"documents/{city['供热办法']}.json"))
    assert twin["title"] == "供热办法" and twin["url"].startswith(BASE)
    assert f"{BASE}/documents/" in text_of(out, "sitemap-documents-1.xml") and "testserver" not in text_of(out, "sitemap.xml")
    assert (out / "documents/feed.atom").exists() and (out / "documents/themes/02/index.html").exists()
    assert "到办理网站" in text_of(out, names.NOTICE)


def test_nothing_that_is_not_public_is_in_it(city: dict[str, int], cast: Cast, tmp_path: Path) -> None:
    bake(tmp_path / "out")
    files = everything(tmp_path / "out")
    assert not any(name.startswith("work/") for name in files)
    for name, data in files.items():
        assert "没有公开的草稿".encode() not in data and cast.drafter.username.encode() + b"</" not in data, name


def test_again_writes_only_what_changed(city: dict[str, int], cast: Cast, tmp_path: Path, small: None) -> None:
    out = tmp_path / "out"
    bake(out)
    before = {name: (out / name).stat().st_mtime_ns for name in everything(out)}
    again = bake(out)
    assert again.removed == 0 and again.unchanged > 0.9 * (again.unchanged + again.written)
    live(cast.reform, cast.drafter, title="新的办法", kind="normative")
    cache.clear()  # kept by the number of the last deed, and nothing was done here but by hand
    third = bake(out)
    assert third.written > 0 and "新的办法" in text_of(out, "index.html")
    page = f"documents/{city['供热办法']}/index.html"
    assert (out / page).stat().st_mtime_ns == before[page]
    assert checking.check_folder(out).findings == []


def test_since_a_day_asks_only_for_pages_that_changed(city: dict[str, int], tmp_path: Path, small: None) -> None:
    out = tmp_path / "out"
    bake(out)
    tomorrow = timezone.localdate() + timedelta(days=1)
    done = bake(out, since=tomorrow)
    assert done.kept >= 2 * len(city) and done.faults == []
    assert checking.check_folder(out).findings == []


def test_an_address_never_vanishes(city: dict[str, int], tmp_path: Path, small: None) -> None:
    out = tmp_path / "out"
    bake(out)
    pk, other = city["供热办法"], city["供水办法"]
    Document.objects.filter(pk=pk).update(withdrawn_at=timezone.now(), withdrawn_reason="主动撤下")
    Document.objects.get(pk=pk).editions.update(state="withdrawn")
    Document.objects.filter(pk=other).update(first_published_at=None)
    Document.objects.get(pk=other).editions.update(state="withdrawn")
    cache.clear()
    done = bake(out)
    assert done.removed >= 2
    assert "主动撤下" in text_of(out, f"documents/{pk}/index.html")
    assert "已经不在" in text_of(out, f"documents/{other}/index.html")
    assert not (out / f"documents/{other}.json").exists()
    assert checking.check_folder(out).findings == []
    assert bake(out).removed == 0, "a page that says so is not made anew each time"


def test_a_run_that_was_killed_is_taken_up(city: dict[str, int], tmp_path: Path, small: None) -> None:
    whole, out = tmp_path / "whole", tmp_path / "out"
    bake(whole)

    def stop(done: int, waiting: int) -> None:
        raise KeyboardInterrupt

    baking = Baking(out, told=stop)
    import gongkai.portal.export.baking as module

    every, module.EVERY = module.EVERY, 20
    try:
        with pytest.raises(KeyboardInterrupt):
            baking.run()
    finally:
        module.EVERY = every
    notes = out / ".gongkai" / "run.jsonl"
    with notes.open("a") as file:
        file.write('{"address": "/half')  # the machine stopped in the middle of a line
    done = bake(out)
    assert done.taken_up >= 19 and done.faults == []
    assert set(everything(out)) == set(everything(whole))
    assert not notes.exists() and not list(out.rglob("*.part"))


def test_notes_of_another_kind_of_run_are_not_taken_up(tmp_path: Path) -> None:
    state = State(tmp_path, {"host": "a"})
    state.begin()
    state.leave()
    assert State(tmp_path, {"host": "b"}).begin() == {}


def test_a_site_of_its_own_is_exported_alone(city: dict[str, int], cast: Cast, tmp_path: Path) -> None:
    Site.objects.create(
        agency=cast.finance, host="czj.qinghe.gov.cn", name="市财政局网站", kind="department", opened_on="2026-01-01", colour="blue"
    )
    live(cast.finance, cast.other_officer, title="财政局的办法", kind="normative")
    out = tmp_path / "out"
    done = bake(out, host="czj.qinghe.gov.cn")
    assert done.faults == []
    home = text_of(out, "index.html")
    assert "市财政局网站" in home and "财政局的办法" in home and "供热办法" not in home and "site~v-blue.css" in home
    assert checking.check_folder(out).findings == []


def test_a_folder_of_somebody_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("甲")
    assert not is_export(tmp_path) and is_export(tmp_path / "new")


# -- names and links --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "content_type", "name", "file"),
    [
        ("/", "text/html; charset=utf-8", "", "index.html"),
        ("/documents/5/", "text/html", "", "documents/5/index.html"),
        ("/documents/?page=2&theme=04", "text/html", "", "documents/index~page-2~theme-04.html"),
        ("/sitemap", "text/html", "", "sitemap.html"),
        ("/documents/feed.json?theme=04", "application/json", "", "documents/feed~theme-04.json"),
        ("/documents/5/files/3/", "application/pdf", "附件 1.pdf", "documents/5/files/3/附件 1.pdf"),
        ("/plans/5/file", "application/octet-stream", "../../etc/passwd", "plans/5/file/_.._etc_passwd"),
        ("/a/../../b", "text/html", "", "a/_/_/b.html"),
    ],
)
def test_what_an_address_is_called(address: str, content_type: str, name: str, file: str) -> None:
    assert names.file_of(address, content_type, name) == file


@given(st.dictionaries(st.sampled_from(["page", "theme", "year"]), st.text(max_size=40), max_size=2))
def test_two_addresses_never_share_a_file(query: dict[str, str]) -> None:
    from urllib.parse import urlencode

    own = names.normal(f"/documents/?{urlencode(query)}")
    assert names.normal(own) == own
    file = names.file_of(own)
    assert file.startswith("documents/") and "/" not in file.removeprefix("documents/") and ".." not in file
    if own != "/documents/":
        assert file != names.file_of("/documents/")


def test_only_what_stands_in_a_tag_is_turned() -> None:
    page = '<p>写作 href="/a/" 的样子 &lt;a href="/b/"></p><a class=x href="/c/?q=1&amp;p=2#t">c</a><a href="mailto:a@b">m</a>'
    turned = links.turned(page, "/d/", [], lambda address, fragment: f"FILE[{address}#{fragment}]", "live")
    assert turned == page.replace('"/c/?q=1&amp;p=2#t"', '"FILE[/c/?q=1&amp;p=2#t]"')
    assert list(links.found_in(page, "/d/", [])) == ["/c/?q=1&p=2"]
    absolute = '<a href="http://testserver/x/">x</a><a href="http://other/x/">y</a><a href="?page=2">z</a>'
    assert list(links.found_in(absolute, "/d/", ["http://testserver"])) == ["/x/", "/d/?page=2"]


# -- the checker ------------------------------------------------------------------------------------------------------


def test_everything_that_is_broken_is_found(tmp_path: Path) -> None:
    head = "<!doctype html><html><head><title>{}</title></head><body>{}</body></html>"
    (tmp_path / "sub").mkdir()
    (tmp_path / "index.html").write_text(
        head.format(
            "甲", '<a href="sub/">a</a><a href="sub/no.html">b</a><a href="sub/index.html#no">c</a><img src="no.png"><p id="x"><p id="x">'
        )
        + '<a href="/absolute">d</a><a href="https://other.example/">e</a><a href="#x">f</a><a href="http://[bad">g</a>'
    )
    (tmp_path / "sub" / "index.html").write_text(head.format("", '<a href="../index.html#x">up</a>'))
    found = {(one.kind, one.page, one.target) for one in checking.check_folder(tmp_path).findings}
    assert found == {
        ("link", "index.html", "sub/no.html"),
        ("anchor", "index.html", "sub/index.html#no"),
        ("asset", "index.html", "no.png"),
        ("duplicate", "index.html", "#x"),
        ("link", "index.html", "/absolute"),
        ("link", "index.html", "http://[bad"),
        ("title", "sub/index.html", ""),
    }


def test_a_site_is_walked_and_what_fails_is_told() -> None:
    pages = {
        "/": '<title>甲</title><a href="/a/">a</a><a href="/gone/">g</a><a href="/moved/#here">m</a><a href="/search?q=1">s</a>',
        "/a/": '<title>乙</title><a href="/">up</a><a href="/missing/">x</a><a href="/down/">y</a>',
        "/b/": '<title>丙</title><p id="there">',
    }

    def fetch(address: str) -> checking.Got:
        if address == "/moved/":
            return checking.Got(301, False, location="/b/")
        if address == "/down/":
            return checking.Got(503, True)
        if address == "/gone/":
            return checking.Got(410, True, "<title>已撤下</title>".encode())
        return checking.Got(200, True, pages[address].encode()) if address in pages else checking.Got(404, True)

    checked = checking.check_site(fetch)
    assert {(one.kind, one.page, one.target) for one in checked.findings} == {
        ("link", "/a/", "/missing/（404）"),
        ("error", "/a/", "/down/（503）"),
        ("anchor", "/", "/moved/#here"),
    }
    assert checked.whole and not checking.check_site(fetch, most=2).whole


# -- the daily look ---------------------------------------------------------------------------------------------------


def test_the_daily_look_is_kept_shown_and_published(city: dict[str, int], cast: Cast, client: Any) -> None:
    from gongkai.catalogue.models import SiteCheck

    watching.look()
    again = watching.look(most=30)
    row = SiteCheck.objects.get()
    assert (row.on, row.pages, row.whole) == (timezone.localdate(), again.pages, False)
    SiteCheck.objects.filter(pk=row.pk).update(findings=[checking.Finding("link", "/a/", "/b/（404）").as_json()])
    page = client.get("/site-checks/").content.decode()
    assert "季度" in page and "错断链接" in page
    told = client.get("/site-checks/data.json").json()["quarters"][0]
    assert told["days"] == 1 and told["findings"]["link"] == {"last": 1, "most": 1}
    client.force_login(cast.user("openness_officer"))
    shown = client.get("/work/catalogue/keeping/sites/checks/").content.decode()
    assert "/b/（404）" in shown and "错断链接" in shown


def test_the_worker_looks_once_a_day_and_not_as_it_begins(city: dict[str, int], monkeypatch: pytest.MonkeyPatch) -> None:
    looks: list[int] = []
    monkeypatch.setattr(watching, "_begun", [])
    monkeypatch.setattr(watching, "look", lambda **kwargs: looks.append(1))
    watching.tick()
    assert looks == []
    watching.tick()
    assert looks == [1]
