"""文件清理 (S0-25): the list that is published is what the pages say, decided by another person, in one transaction."""

from __future__ import annotations

import io
from datetime import date, timedelta
from typing import Any

import docx
import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from gongkai.agencies.errors import ActionRefused, NotAllowed
from gongkai.obligations.models import Obligation
from gongkai.publications.actions import cleanups as actions
from gongkai.publications.actions.cleanups import Proposal
from gongkai.publications.actions.validity import mark
from gongkai.publications.models import Cleanup, CleanupEntry, Document, ValidityChange
from gongkai.publications.tests import making
from gongkai.publications.tests.marking import in_use, key, normative
from gongkai.publications.validity import cleanups
from gongkai.publications.validity.cleanups_notice import notice_docx
from gongkai.publications.validity.state import state_of

ON = timezone.localdate


@pytest.fixture(autouse=True)
def _nothing_kept() -> None:
    """Public pages of an earlier test are not these."""
    cache.clear()


@pytest.fixture
def cleanup(cast: Any) -> Cleanup:
    """Of 市发改委, prepared by its drafter; three documents in it."""
    for n in "甲乙丙":
        normative(cast, title=f"{n}文件", doc_number=f"清发改规〔2024〕{'甲乙丙'.index(n) + 1}号")
    made = actions.start(cast.reform, cast.drafter, key=key(), title="清河市发展改革委2026年文件清理", basis="省司法厅通知", on=ON())
    return actions.take(made, cast.drafter, key=key())


def propose(cast: Any, cleanup: Cleanup, *effects: str, **more: Any) -> None:
    entries = cleanup.entries.order_by("document_id")
    given = {entry.pk: Proposal(effect, **more) for entry, effect in zip(entries, effects, strict=True)}
    actions.propose(cleanup, cast.drafter, key=key(), proposals=given)


def test_the_published_list_equals_the_marks_of_the_pages(cast: Any, cleanup: Cleanup) -> None:
    """S0-25: exactly, document by document, read from the public pages themselves."""
    propose(cast, cleanup, "continued", "repealed", "lapsed")
    actions.decide(cleanup, cast.head, key=key())
    listed = Client().get(reverse("documents:cleanup", args=[cleanup.pk])).content.decode()
    parts = {name: listed.split(f'id="{name}"')[1].split("<h2")[0] for name in ("continued", "repealed", "lapsed")}
    marks = {"continued": "有效", "repealed": "本文件废止", "lapsed": "本文件失效"}
    for document in Document.objects.filter(cleanup_entries__cleanup=cleanup):
        page = Client().get(reverse("documents:document", args=[document.pk])).content.decode()
        title = document.editions.get().revision.title
        where = [name for name, part in parts.items() if title in part]
        assert len(where) == 1 and marks[where[0]] in page, title
    cleanup.refresh_from_db()
    assert cleanups.disagreements(cleanup) == []


def test_a_page_that_says_something_else_is_named(cast: Any, cleanup: Cleanup) -> None:
    propose(cast, cleanup, "continued", "repealed", "lapsed")
    actions.decide(cleanup, cast.head, key=key())
    first = cleanup.entries.order_by("document_id").first()
    assert first is not None
    mark(first.document, cast.head, key=key(), effect="repealed", on=ON(), cause_words="后来的决定")
    cleanup.refresh_from_db()
    assert [(line.entry.pk, words) for line, words in cleanups.disagreements(cleanup)] == [(first.pk, "废止")]


def test_the_notice_prints_the_three_lists(cast: Any, cleanup: Cleanup) -> None:
    propose(cast, cleanup, "continued", "repealed", "repealed")
    text = [p.text for p in docx.Document(io.BytesIO(notice_docx(cleanup))).paragraphs]
    words = "\n".join(text)
    assert (
        "一、继续有效的文件目录（1 件）" in words and "二、废止的文件目录（2 件）" in words and "三、失效的文件目录（0 件）\n无。" in words
    )
    assert text.index("1. 《甲文件》（清发改规〔2024〕1号）") < text.index("二、废止的文件目录（2 件）")
    assert "未列入继续有效目录的文件，不得作为行政管理的依据" in words


def test_another_person_decides(cast: Any, cleanup: Cleanup) -> None:
    propose(cast, cleanup, "continued", "repealed", "lapsed")
    with pytest.raises(NotAllowed):
        actions.decide(cleanup, cast.drafter, key=key())
    own = actions.start(cast.reform, cast.head, key=key(), title="另一次", basis="通知", on=ON())
    assert actions.failure_reasons("decide", own, cast.head) == ["清理是您经办的，要由另一个人决定"]
    for who in ("other_head", "county_officer"):
        with pytest.raises(NotAllowed):
            actions.decide(cleanup, cast.user(who), key=key())
    assert not ValidityChange.objects.exists()


def test_nothing_is_decided_while_one_is_open(cast: Any, cleanup: Cleanup) -> None:
    propose(cast, cleanup, "continued", "", "lapsed")
    with pytest.raises(ActionRefused, match="还有 1 份文件没有提出处理意见"):
        actions.decide(cleanup, cast.head, key=key())
    assert not ValidityChange.objects.exists()


def test_what_is_decided_stays(cast: Any, cleanup: Cleanup) -> None:
    propose(cast, cleanup, "continued", "repealed", "lapsed")
    actions.decide(cleanup, cast.head, key="d1")
    actions.decide(cleanup, cast.head, key="d1")
    assert ValidityChange.objects.count() == 3, "pressing twice decides once"
    for verb in (
        lambda: actions.take(cleanup, cast.drafter, key=key()),
        lambda: propose(cast, cleanup, "repealed", "repealed", "repealed"),
    ):
        with pytest.raises(ActionRefused, match="已经作出决定"):
            verb()


def test_an_older_list_does_not_bring_back_what_was_repealed_meanwhile(cast: Any, cleanup: Cleanup) -> None:
    propose(cast, cleanup, "continued", "continued", "continued")
    first = cleanup.entries.order_by("document_id").first()
    assert first is not None
    mark(first.document, cast.head, key=key(), effect="repealed", on=ON(), cause_words="另一个决定")
    with pytest.raises(ActionRefused, match="《甲文件》已经废止"):
        actions.decide(cleanup, cast.head, key=key())
    assert ValidityChange.objects.count() == 1


def test_a_continued_document_keeps_its_end_and_an_expired_one_gets_a_new_term(cast: Any) -> None:
    today = ON()
    kept = normative(cast, title="有期限的", repealed_on=today + timedelta(200))
    over = normative(cast, title="到期的", effective_on=date(2019, 1, 1), issued_on=date(2018, 12, 1), term="plain")
    endless = normative(cast, title="没有期限的")
    named = normative(cast, title="另定期限的")
    cleanup = actions.start(cast.reform, cast.drafter, key=key(), title="清理", basis="通知", on=today)
    actions.take(cleanup, cast.drafter, key=key())
    rows = {entry.document_id: entry for entry in cleanup.entries.all()}
    proposals = {entry.pk: Proposal("continued") for entry in rows.values()}
    proposals[rows[named.pk].pk] = Proposal("continued", date(2031, 12, 31))
    actions.propose(cleanup, cast.drafter, key=key(), proposals=proposals)
    actions.decide(cleanup, cast.head, key=key())
    ends = {document.pk: state_of(document).until for document in (kept, over, endless, named)}
    assert ends[kept.pk] == today + timedelta(200)
    assert ends[over.pk] is not None and ends[over.pk].year == today.year + (5 if (today.month, today.day) != (1, 1) else 4)
    assert ends[endless.pk] is None and ends[named.pk] == date(2031, 12, 31)
    assert all(state_of(document).is_valid for document in (kept, over, endless, named))


def test_the_notice_may_come_after_and_the_pages_link_to_it(cast: Any, cleanup: Cleanup) -> None:
    propose(cast, cleanup, "repealed", "repealed", "lapsed")
    actions.decide(cleanup, cast.head, key=key())
    notice = making.live(cast.reform, cast.drafter, title="关于公布文件清理结果的公告").document
    actions.announce(cleanup, cast.drafter, key=key(), notice=notice)
    for entry in cleanup.entries.all():
        assert state_of(entry.document).cause == notice
        page = Client().get(reverse("documents:document", args=[entry.document_id])).content.decode()
        assert reverse("documents:document", args=[notice.pk]) in page


def test_every_mark_of_a_clean_up_proves_its_duty(cast: Any, cleanup: Cleanup) -> None:
    in_use(cast, "document.mark_original")
    propose(cast, cleanup, "continued", "repealed", "lapsed")
    actions.decide(cleanup, cast.head, key=key())
    duties = Obligation.objects.filter(rule="document.mark_original")
    assert duties.count() == 2 and all(duty.fulfilled_on == ON() for duty in duties)


def test_the_dates_suggest_and_a_person_goes_over_it(cast: Any) -> None:
    normative(cast, title="到期的", repealed_on=ON() - timedelta(1))
    normative(cast, title="有效的")
    cleanup = actions.start(cast.reform, cast.drafter, key=key(), title="清理", basis="通知", on=ON())
    actions.take(cleanup, cast.drafter, key=key())
    actions.accept_suggestions(cleanup, cast.drafter, key=key())
    assert sorted(cleanup.entries.values_list("effect", flat=True)) == ["continued", "lapsed"]


def test_the_stock_is_ones_own_and_the_offices_is_the_place(cast: Any) -> None:
    own = normative(cast)
    other = normative(cast, agency=cast.finance, author=cast.other_officer)
    county = normative(cast, agency=cast.east_finance, author=cast.county_drafter)
    mine = actions.start(cast.reform, cast.drafter, key=key(), title="清理", basis="通知", on=ON())
    place = actions.start(cast.office, cast.openness_officer, key=key(), title="全市清理", basis="通知", on=ON())
    assert [row.pk for row in cleanups.open_stock(mine, cast.drafter)] == [own.pk]
    assert [row.pk for row in cleanups.open_stock(place, cast.openness_officer)] == [own.pk, other.pk]
    actions.take(mine, cast.drafter, key=key(), documents=[own.pk, other.pk, county.pk])
    assert list(mine.entries.values_list("document", flat=True)) == [own.pk], "what is not offered is passed over"


def test_a_thousand_documents_cost_no_more_statements_each(cast: Any) -> None:
    """The statements of a decision do not grow with the documents (no duty to mark is in use here)."""

    def statements(n: int) -> int:
        for _n in range(n):
            normative(cast)
        cleanup = actions.start(cast.reform, cast.drafter, key=key(), title="清理", basis="通知", on=ON())
        actions.take(cleanup, cast.drafter, key=key())
        actions.accept_suggestions(cleanup, cast.drafter, key=key())
        cleanup.entries.update(effect="repealed")
        with CaptureQueriesContext(connection) as caught:
            actions.decide(cleanup, cast.user("head"), key=key())
        assert not CleanupEntry.objects.filter(cleanup=cleanup).exclude(document__validity_changes__effect="repealed").exists()
        return len(caught)

    statements(1)
    assert statements(2) == statements(20)


def test_a_clean_up_walked_through_its_pages(cast: Any, client: Client) -> None:
    for n in range(2):
        normative(cast, title=f"样例文件{n}")
    client.force_login(cast.drafter)
    form = {"key": key(), "agency": cast.reform.pk, "title": "年度清理", "basis": "省通知", "on": f"{ON():%Y-%m-%d}"}
    assert client.post(reverse("validity:cleanup_start"), form | {"title": ""}).status_code == 422
    assert client.post(reverse("validity:cleanup_start"), form).status_code == 302
    cleanup = Cleanup.objects.get()
    take = reverse("validity:cleanup_take", args=[cleanup.pk])
    assert "样例文件0" in client.get(take).content.decode()
    client.post(take, {"key": key(), "all": "1"})
    entries = list(cleanup.entries.all())
    page = reverse("validity:cleanup", args=[cleanup.pk])
    assert "还有 2 / 2 件待定" in client.get(page).content.decode()
    sent = {f"entry-{entry.pk}": "repealed" for entry in entries} | {f"until-{entries[0].pk}": "胡说"}
    client.post(reverse("validity:cleanup_propose", args=[cleanup.pk]), {"key": key()} | sent)
    client.post(reverse("validity:cleanup_remove", args=[cleanup.pk, entries[1].pk]), {"key": key()})
    assert list(cleanup.entries.values_list("effect", flat=True)) == ["repealed"]
    client.force_login(cast.head)
    decide = reverse("validity:cleanup_decide", args=[cleanup.pk])
    assert client.post(decide, {"key": key()}).status_code == 422, "the tick that one has read the list"
    assert client.post(decide, {"key": key(), "sure": "on"}).status_code == 302
    assert "一致" in client.get(page).content.decode()
    response = client.get(reverse("validity:cleanup_notice", args=[cleanup.pk]))
    assert response.content[:2] == b"PK"
    assert "年度清理" in client.get(reverse("validity:cleanups")).content.decode()
    assert Client().get(reverse("documents:cleanup", args=[cleanup.pk])).status_code == 200


def test_the_notice_becomes_a_draft_with_its_lists_and_links(cast: Any, cleanup: Cleanup) -> None:
    """One button; a second press makes no second draft, a draft that was given up may be made again."""
    propose(cast, cleanup, "continued", "repealed", "lapsed")
    client = Client()
    client.force_login(cast.drafter, backend="django.contrib.auth.backends.ModelBackend")
    page = reverse("validity:cleanup", args=[cleanup.pk])
    assert "公告转为拟稿" in client.get(page).content.decode()
    same = key()
    for _ in range(2):
        answer = client.post(reverse("validity:cleanup_draft", args=[cleanup.pk]), {"key": same})
        assert answer.status_code == 302
    made = actions.drafted(cleanup)
    assert made is not None and answer["Location"] == reverse("drafting:document", args=[made.pk])
    revision = made.editions.get().revision
    assert revision.title == "清河市发展和改革委员会关于公布清河市发展改革委2026年文件清理结果的公告"
    assert revision.genre == "announcement" and made.agency == cast.reform
    for entry, name in zip(cleanup.entries.order_by("document_id"), "甲乙丙", strict=True):
        assert f'<a href="/documents/{entry.document_id}/"' in revision.body and f"《{name}文件》" in revision.body
    assert "废止的文件目录（1 件）" in revision.body and "清发改规〔2024〕2号" in revision.body
    assert "公告拟稿" in client.get(page).content.decode() and "公告转为拟稿" not in client.get(page).content.decode()
    with pytest.raises(ActionRefused, match="已经转为拟稿"):
        actions.draft_notice(cleanup, cast.drafter, key=key())
    made.editions.update(state="discarded")
    assert actions.draft_notice(cleanup, cast.drafter, key=key()).pk != made.pk
    with pytest.raises(NotAllowed):
        actions.draft_notice(cleanup, cast.other_officer, key=key())
