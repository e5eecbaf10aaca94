"""The second export of a site: quick, because nothing is made twice that did not change, and never worse for being killed."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.utils import timezone

from gongkai.agencies.models import Agency
from gongkai.conftest import Cast
from gongkai.portal.export import baking as module
from gongkai.portal.export import checking, stamps
from gongkai.portal.export.baking import Baking
from gongkai.portal.export.fetching import Inside
from gongkai.portal.tests.test_export import bake, city, everything, small, text_of
from gongkai.publications.models import Document, Edition, ValidityChange
from gongkai.publications.tests.making import live

__all__ = ["city", "small"]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every address that is asked of the live site."""
    got: list[str] = []
    before = Inside.get

    def get(self: Inside, address: str, etag: str = "") -> Any:
        got.append(address)
        return before(self, address, etag)

    monkeypatch.setattr(Inside, "get", get)
    return got


def written_at(folder: Path) -> dict[str, int]:
    return {name: (folder / name).stat().st_mtime_ns for name in everything(folder)}


def test_nothing_is_written_where_nothing_changed(city: dict[str, int], tmp_path: Path, small: None, asked: list[str]) -> None:
    out = tmp_path / "out"
    first = bake(out)
    before, told = written_at(out), len(asked)
    assert sum(bool(stamps.key_of(address)) for address in asked) > 3 * len(city)
    asked.clear()
    again = bake(out)
    assert (again.written, again.removed) == (0, 0) and again.faults == []
    assert again.pages == first.pages and written_at(out) == before
    assert [address for address in asked if stamps.key_of(address)] == [], "no document is asked for, or laid out as docx and PDF"
    assert told - len(asked) > 3 * len(city)


def test_what_changed_is_written_and_what_leads_to_it(
    city: dict[str, int], cast: Cast, tmp_path: Path, small: None, asked: list[str]
) -> None:
    out = tmp_path / "out"
    bake(out)
    before = written_at(out)
    pk, other = city["供热办法"], city["供水办法"]
    live(cast.reform, cast.drafter, document=Document.objects.get(pk=pk), title="供热办法", kind="normative", body="<p>改过的正文。</p>")
    cache.clear()
    asked.clear()
    bake(out)
    after = written_at(out)
    changed = {name for name in after if after[name] != before.get(name)}
    assert f"documents/{pk}/index.html" in changed and f"documents/{pk}.json" in changed
    assert not any(name.startswith(f"documents/{other}") for name in changed)
    assert any(f"/{pk}/document.docx" in address for address in asked), "its files are laid out anew"
    assert not any(f"/{other}/document." in address for address in asked)
    assert "改过的正文" in text_of(out, f"documents/{pk}/index.html") and len(changed) < 0.3 * len(after)
    assert checking.check_folder(out).findings == []


def test_what_was_withdrawn_is_gone_with_its_files(city: dict[str, int], tmp_path: Path, small: None) -> None:
    out = tmp_path / "out"
    bake(out)
    pk = city["供热办法"]
    assert list(out.glob(f"documents/valid/{pk}/**/*.docx")) and "正文。" in text_of(out, f"documents/{pk}/index.html")
    Document.objects.filter(pk=pk).update(withdrawn_at=timezone.now(), withdrawn_reason="内容有误")
    Document.objects.get(pk=pk).editions.update(state="withdrawn")
    cache.clear()
    done = bake(out)
    assert done.removed > 0
    page = text_of(out, f"documents/{pk}/index.html")
    assert "内容有误" in page and "正文。" not in page, "its address says what became of it"
    left = [name for name, data in everything(out).items() if f"/{pk}" in name and "正文。".encode() in data]
    assert left == [] and not list(out.glob(f"documents/valid/{pk}/**/*.docx"))
    assert "供热办法" not in text_of(out, "index.html")
    assert checking.check_folder(out).findings == []


@pytest.mark.parametrize("when", ["getting", "writing"])
def test_a_killed_run_leaves_the_site_of_before_usable(
    city: dict[str, int], cast: Cast, tmp_path: Path, small: None, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    out = tmp_path / "out"
    bake(out)
    live(cast.reform, cast.drafter, title="新的办法", kind="normative", theme="0201")
    cache.clear()
    n = 0

    def stop(*args: Any) -> None:
        nonlocal n
        n += 1
        if n == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        if when == "getting":
            monkeypatch.setattr(module, "EVERY", 1)
            Baking(out, told=stop).run()
        else:
            write = Baking._written
            monkeypatch.setattr(Baking, "_written", lambda self, entry, text: (stop(), write(self, entry, text))[1])
            Baking(out).run()
    monkeypatch.undo()
    assert checking.check_folder(out).findings == [], "no page leads to what is not there yet"
    assert "供热办法" in text_of(out, "index.html") and not list(out.rglob("*.part"))


def test_a_document_nobody_touched_is_asked_for_when_what_it_refers_to_changes(city: dict[str, int], cast: Cast) -> None:
    pk, other = city["供热办法"], city["供水办法"]
    before = stamps.stamps()
    assert before == stamps.stamps()
    ValidityChange.objects.create(
        document_id=pk,
        effect="repealed",
        on=timezone.localdate(),
        cause_id=other,
        cause_words="由新办法代替",
        actor=cast.head,
        at=timezone.now(),
    )
    after = stamps.stamps()
    assert before[str(pk)] != after[str(pk)] and before[str(other)] != after[str(other)], "the one says so of the other"
    Edition.objects.filter(document=other).update(expires_on=timezone.localdate() - timedelta(1))
    assert stamps.stamps()[str(other)] != after[str(other)], "its last day passed"
    frame = stamps.frame()
    Agency.objects.filter(pk=cast.reform.pk).update(name="清河市发展改革局")
    assert stamps.frame() != frame


def test_any_deed_may_change_the_state_of_a_task(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def after(newest: int | None) -> str | None:
        monkeypatch.setattr(stamps, "newest_change", lambda: newest)
        return stamps.stamps().get(stamps.PLANS)

    assert after(7) == after(7) != after(8)
    assert after(None) is None, "while a deed waits for its seal nobody can say"


@pytest.mark.parametrize(
    ("address", "document"),
    [
        ("/documents/5/", "5"),
        ("/documents/5.json", "5"),
        ("/documents/5/editions/1/", "5"),
        ("/documents/5/compare/1/2/", "5"),
        ("/documents/valid/5/document.pdf", "5"),
        ("/documents/5/files/3/", ""),
        ("/documents/5/editions/1/files/3/", ""),
        ("/documents/", ""),
        ("/documents/?page=5", ""),
        ("/documents/lists/5/", ""),
        ("/documents/topics/5/", ""),
        ("/plans/5/?state=overdue", "plans"),
        ("/accountability/plans/5/", ""),
    ],
)
def test_which_addresses_a_stamp_answers_for(address: str, document: str) -> None:
    assert stamps.key_of(address) == document


def test_after_a_killed_run_what_it_had_written_is_looked_at(city: dict[str, int], tmp_path: Path, small: None) -> None:
    """It wrote a page that the manifest does not know, and then the site went back to what it was."""
    out = tmp_path / "out"
    bake(out)
    page = out / f"documents/{city['供热办法']}/index.html"
    right = page.read_text("utf-8")
    page.write_text(right.replace("供热办法", "供暖办法"), "utf-8")
    (out / ".gongkai" / "run.jsonl").write_text("{}\n")
    bake(out)
    assert page.read_text("utf-8") == right


def test_another_kind_of_run_writes_its_own_links(city: dict[str, int], tmp_path: Path, small: None) -> None:
    out = tmp_path / "out"
    bake(out)
    done = bake(out, base_url="https://gk.qinghe.gov.cn")
    assert done.written > 0.5 * done.pages
    assert 'action="https://gk.qinghe.gov.cn/search"' in text_of(out, f"documents/{city['供热办法']}/index.html")
    assert bake(out, base_url="https://gk.qinghe.gov.cn").written == 0
