"""Public pages that are kept, and their statements that are written once: right for every reader, and gone at once with what is gone."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from gongkai.catalogue.models import Column
from gongkai.conftest import Cast
from gongkai.journal.actions import seal
from gongkai.obligations import periods
from gongkai.publications.actions import drafting, publishing
from gongkai.publications.models import Deed, Edition, RevisionReference, ValidityChange
from gongkai.publications.public import cache as public_cache
from gongkai.publications.public import drawing, facets
from gongkai.publications.public.page import access_public, gather
from gongkai.publications.tests.flowing import keys
from gongkai.publications.tests.making import draft, live
from gongkai.twins.compiled import FIRST, GIVEN, MOST, Compiled


@pytest.fixture(autouse=True)
def fresh_cache() -> None:
    cache.clear()


def shown(path: str) -> str:
    return str(Client().get(path).content.decode())


def page_of(edition: Edition) -> str:
    return reverse("documents:document", args=[edition.document_id])


@pytest.mark.django_db(transaction=True)
def test_a_compiled_statement_gives_what_its_query_set_gives(cast: Cast, together: Any) -> None:
    """Whole instances with what is joined and annotated, bare values, a number given late, a part; in another thread by its connection."""
    editions = [live(cast.reform, cast.drafter, title=f"第{n}件") for n in range(5)]
    rows = Edition.objects.select_related("revision", "document__agency").order_by("-pk")
    assert [(row, row.revision.title, row.document.agency) for row in Compiled(rows)()] == [
        (row, row.revision.title, row.document.agency) for row in rows.all()
    ]
    assert Compiled(rows[FIRST : FIRST + MOST])(first=1, most=2) == [editions[3], editions[2]]
    one = Compiled(rows.filter(document=GIVEN).values_list("revision__title", "published_at"))
    assert [one(row.document_id) for row in editions] == [[(row.revision.title, row.published_at)] for row in editions if row.revision]
    assert one(0) == [] and Compiled(rows.filter(pk__in=[]))() == []
    assert [len(found) for found in together(*[lambda: one(editions[0].document_id)] * 2)] == [1, 1]


def test_what_is_done_to_a_draft_leaves_public_pages_as_they_are(cast: Cast) -> None:
    edition = live(cast.reform, cast.drafter)
    answers = [Client().get(page_of(edition)), Client().get("/documents/")]
    working = draft(cast.reform, cast.drafter, title="还在拟的")
    drafting.discard(working, cast.user("drafter"), key=keys(), reason="不需要了")
    assert Deed.objects.filter(kind="discarded").exists()
    for answer, path in zip(answers, (page_of(edition), "/documents/"), strict=True):
        assert Client().get(path, headers={"if-none-match": answer["ETag"]}).status_code == 304


def test_what_changes_a_public_page_makes_it_another_at_once(cast: Cast) -> None:
    column = Column.objects.create(jurisdiction=cast.city, agency=cast.reform, slug="notices", name="通知公告栏目")
    edition = live(cast.reform, cast.drafter, title="栏目里的文件")
    assert "通知公告栏目" not in shown(page_of(edition))
    drafting.arrange(edition.document, cast.user("drafter"), key=keys(), kind="other", column=column)
    assert "通知公告栏目" in shown(page_of(edition)) and "通知公告栏目" in shown("/documents/")
    publishing.withdraw(edition, cast.user("head"), key=keys(), reason="内容有误")
    assert "栏目里的文件" not in shown("/documents/") and "栏目里的文件" not in shown("/")
    assert Client().get(page_of(edition)).status_code == 410


def test_a_deed_that_was_committed_after_a_later_one_is_seen(cast: Cast) -> None:
    """Numbers are given before the commit: what is behind the newest may still come."""

    def deed(number: int) -> Deed:
        return Deed(pk=number, kind="published", subject="edition", subject_id=1, actor=cast.drafter, at=timezone.now(), key=keys())

    deed(9_000_002).save(force_insert=True)
    before = public_cache.last_deeds()
    deed(9_000_001).save(force_insert=True)
    assert public_cache.last_deeds() != before


def test_only_what_hangs_on_a_document_is_asked_for_and_all_of_it(cast: Cast, django_assert_num_queries: Any) -> None:
    plain = live(cast.reform, cast.drafter, kind="normative", title="什么都没有的")
    with django_assert_num_queries(2):
        document, edition = access_public(plain.document_id)
        assert edition and not gather(document, edition).inward
    other = live(cast.reform, cast.drafter, kind="normative", title="废止别人的")
    assert other.revision
    RevisionReference.objects.create(revision=other.revision, relation="cites", target=plain.document)
    RevisionReference.objects.create(revision=other.revision, relation="forwards", title="上级文件")
    ValidityChange.objects.create(
        document=plain.document, cause=other.document, effect="repealed", on="2026-01-01", cause_words="新办法", at=timezone.now()
    )
    document, edition = access_public(plain.document_id)
    assert edition is not None
    page = gather(document, edition)
    assert [link.title for link in page.inward["引用本文件"]] == ["废止别人的"] and page.force.words == "废止" and page.cause
    document, edition = access_public(other.document_id)
    assert edition is not None
    page = gather(document, edition)
    assert [link.title for link in page.outward["转发的文件"]] == ["上级文件"] and [words for words, _link in page.effects] == ["废止"]


def test_pages_without_obligations_do_not_look_for_periods(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """The home page shows them: it looks when it is made, not when it is handed out again."""
    edition = live(cast.reform, cast.drafter)
    drafting.arrange(edition.document, cast.user("drafter"), key=keys(), kind="other")
    seal()
    asked: list[int] = []
    monkeypatch.setattr(periods, "is_behind", lambda: bool(asked.append(1)))
    for path in (page_of(edition), "/documents/", "/documents/themes/02/", "/documents/feed.atom", "/documents/valid/"):
        Client().get(path)
    assert asked == []
    for path, times in (("/", 1), ("/", 1), ("/plans/", 2)):
        Client().get(path)
        assert len(asked) == times, path


def test_counts_are_exact_while_they_are_small(cast: Cast) -> None:
    for n in range(3):
        live(cast.reform, cast.drafter, theme="0201", title=f"第{n}件")
    rows = facets.listed({"theme": "0201"})
    assert rows.count(10_000) == 3 and len(rows[0:2]) == 2 and len(rows[2:4]) == 1
    live(cast.reform, cast.drafter, theme="0201", title="又一件")
    assert facets.listed({"theme": "0201"}).count(10_000) == 4, "though the figures are kept"


def test_drawn_rows_are_escaped(cast: Cast) -> None:
    live(cast.reform, cast.drafter, title="<b>加粗</b>&", doc_number="<i>1号", attribute="withheld", ground="state_secret")
    drawn = drawing.rows(facets.listed({})[0:1])
    assert "&lt;b&gt;加粗&lt;/b&gt;&amp;" in drawn and "&lt;i&gt;1号" in drawn and "不予公开" in drawn and "<b>" not in drawn
