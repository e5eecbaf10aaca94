"""Marks on the original page (S4-16, S0-25), and what the law makes of them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from gongkai.agencies.errors import ActionRefused, NotAllowed
from gongkai.journal.models import Entry
from gongkai.obligations.models import Obligation
from gongkai.publications.actions.validity import mark
from gongkai.publications.models import Deed, Document, ValidityChange
from gongkai.publications.tests.marking import in_use, key, normative
from gongkai.publications.validity.state import caused_by, state_of

TODAY = timezone.localdate


@pytest.fixture(autouse=True)
def _nothing_kept() -> None:
    """Public pages of an earlier test are not these."""
    cache.clear()


@pytest.fixture
def document(cast: Any) -> Document:
    return normative(cast, title="关于规范示例的通知", doc_number="清发改规〔2023〕1号")


@pytest.fixture
def repealing(cast: Any) -> Document:
    return normative(cast, title="关于废止一批文件的决定", doc_number="清发改规〔2026〕9号")


def page(pk: int) -> str:
    return Client().get(reverse("documents:document", args=[pk])).content.decode()


def test_a_repeal_marks_the_original_page_for_ever_and_links_both_ways(cast: Any, document: Document, repealing: Document) -> None:
    """S4-16: the page stays, says so, and names what decided it; that one's page names what it repealed."""
    assert "本文件废止" not in page(document.pk)
    mark(document, cast.reviewer, key=key(), effect="repealed", on=TODAY(), cause=repealing)
    shown = page(document.pk)
    assert "本文件废止" in shown and reverse("documents:document", args=[repealing.pk]) in shown
    assert "关于规范示例的通知" in shown, "the text stays"
    assert reverse("documents:document", args=[document.pk]) in page(repealing.pk)
    assert [row.document_id for row in caused_by(repealing)] == [document.pk]


@pytest.mark.parametrize(
    ("effect", "words"), [("amended", "已修改"), ("repealed", "废止"), ("lapsed", "失效"), ("suspended", "宣布停止执行")]
)
def test_every_effect_stands_on_the_page(cast: Any, document: Document, effect: str, words: str) -> None:
    mark(document, cast.head, key=key(), effect=effect, on=TODAY(), cause_words="清政发〔2026〕3号")
    shown = page(document.pk)
    assert f"本文件{words}" in shown and "清政发〔2026〕3号" in shown


def test_the_mark_proves_the_duty_to_mark(cast: Any, document: Document) -> None:
    """document.mark_original: opened by the fact, fulfilled by the record, on the same day, by the owner."""
    in_use(cast, "document.mark_original")
    made = mark(document, cast.reviewer, key=key(), effect="repealed", on=TODAY(), cause_words="清政发〔2026〕3号")
    duty = Obligation.objects.get(rule="document.mark_original")
    assert (duty.owner, duty.subject_id, duty.fulfilled_on) == (cast.reform, made.pk, TODAY())
    assert "关于规范示例的通知" in duty.title
    proof = duty.evidence.get()
    assert (proof.record_kind, proof.record_id, proof.result) == ("validity_mark", made.pk, "passed")


def test_a_continuation_is_no_change_in_the_sense_of_the_fact(cast: Any, document: Document) -> None:
    in_use(cast, "document.mark_original")
    mark(document, cast.reviewer, key=key(), effect="continued", on=TODAY(), until=TODAY() + timedelta(400), cause_words="评估")
    assert not Obligation.objects.exists()
    assert state_of(document).until == TODAY() + timedelta(400)


def test_what_is_repealed_needs_no_assessment_before_its_term_ends(cast: Any) -> None:
    from gongkai.obligations.triggers import Fact, happened

    in_use(cast, "document.validity")
    document = normative(cast, term="plain")
    happened(
        Fact(
            "document_in_force",
            cast.city,
            cast.reform,
            document.pk,
            "某文件",
            date(2024, 1, 1),
            tags={"kind": "normative", "term": "plain"},
        ),
        cast.drafter,
    )
    duty = Obligation.objects.get(rule="document.validity")
    assert duty.replaced_on is None
    mark(document, cast.reviewer, key=key(), effect="repealed", on=TODAY(), cause_words="清政发〔2026〕3号")
    duty.refresh_from_db()
    assert duty.replaced_on == TODAY() and duty.steps.filter(text__contains="不用再评估").exists()


def test_a_mark_leaves_a_deed_and_an_entry(cast: Any, document: Document) -> None:
    made = mark(document, cast.reviewer, key="k1", effect="repealed", on=TODAY(), cause_words="清政发〔2026〕3号")
    again = mark(document, cast.reviewer, key="k1", effect="repealed", on=TODAY(), cause_words="清政发〔2026〕3号")
    assert again == made and ValidityChange.objects.count() == 1
    assert Deed.objects.get(kind="marked").about_id == document.pk
    assert Entry.objects.filter(action="publications.marked", object_kind="publications.validitychange").count() == 1


@pytest.mark.parametrize("who", ["drafter", "secrecy_reviewer", "other_officer", "county_officer"])
def test_others_do_not_mark(cast: Any, document: Document, who: str) -> None:
    with pytest.raises(NotAllowed):
        mark(document, cast.user(who), key=key(), effect="repealed", on=TODAY(), cause_words="清政发〔2026〕3号")
    assert not ValidityChange.objects.exists()


def test_the_openness_office_of_the_place_marks_too(cast: Any, document: Document) -> None:
    mark(document, cast.openness_officer, key=key(), effect="repealed", on=TODAY(), cause_words="清政发〔2026〕3号")
    assert state_of(document).code == "repealed"


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"effect": "vanished"}, "请选择效力"),
    ({"on": None}, "从哪一天起"),
    ({"cause_words": " "}, "请写明依据"),
    ({"until": date(2030, 1, 1)}, "只有继续有效的"),
    ({"on": date(2020, 1, 1)}, "早于文件的成文日期"),
    ({"on": date(2099, 1, 1)}, "日期请核对"),
    ({"cause_words": "依" * 301}, "不能超过 300 个字"),
]


@pytest.mark.parametrize(("values", "sentence"), WRONG)
def test_bad_marks_get_a_sentence(cast: Any, document: Document, values: dict[str, Any], sentence: str) -> None:
    given = {"effect": "repealed", "on": TODAY(), "cause_words": "清政发〔2026〕3号"} | values
    with pytest.raises(ActionRefused, match=sentence):
        mark(document, cast.reviewer, key=key(), **given)
    assert not ValidityChange.objects.exists()


def test_a_document_is_not_its_own_cause_and_not_repealed_twice(cast: Any, document: Document) -> None:
    with pytest.raises(ActionRefused, match="不能是它自己"):
        mark(document, cast.reviewer, key=key(), effect="repealed", on=TODAY(), cause=document)
    mark(document, cast.reviewer, key=key(), effect="repealed", on=TODAY(), cause_words="甲")
    for effect, words in (("repealed", "已经标注为废止"), ("amended", "不能再修改"), ("suspended", "不用再停止执行")):
        with pytest.raises(ActionRefused, match=words):
            mark(document, cast.reviewer, key=key(), effect=effect, on=TODAY(), cause_words="乙")


def test_a_mistake_is_corrected_by_a_further_record(cast: Any, document: Document) -> None:
    mark(document, cast.reviewer, key=key(), effect="repealed", on=TODAY(), cause_words="错登")
    mark(document, cast.head, key=key(), effect="continued", on=TODAY(), cause_words="更正：此前误登")
    assert state_of(document).code == "in_force"
    assert ValidityChange.objects.count() == 2


def test_what_was_never_opened_or_has_no_force_is_not_marked(cast: Any) -> None:
    from gongkai.publications.tests import making

    draft = making.draft(cast.reform, cast.drafter, kind="normative").document
    plain = making.live(cast.reform, cast.drafter, kind="names").document
    for record, words in ((draft, "还没有公开过"), (plain, "没有效力状态")):
        with pytest.raises(ActionRefused, match=words):
            mark(record, cast.reviewer, key=key(), effect="repealed", on=TODAY(), cause_words="甲")


def test_the_page_marks_by_form_and_finds_the_cause_by_its_number(
    cast: Any, document: Document, repealing: Document, client: Client
) -> None:
    client.force_login(cast.reviewer)
    address = reverse("validity:mark", args=[document.pk])
    form = {"key": "00000000-0000-4000-8000-000000000001", "effect": "repealed", "on": f"{TODAY():%Y-%m-%d}"}
    response = client.post(address, form | {"cause": "清发改规【2026】9号"})
    assert response.status_code == 302, response.content.decode()
    change = ValidityChange.objects.get()
    assert change.cause == repealing and change.cause_words == "《关于废止一批文件的决定》（清发改规〔2026〕9号）"
    shown = client.get(reverse("validity:document", args=[document.pk])).content.decode()
    assert "废止" in shown and "清发改规〔2026〕9号" in shown


def test_what_is_typed_wrong_comes_back(cast: Any, document: Document, client: Client) -> None:
    client.force_login(cast.reviewer)
    form = {
        "key": "00000000-0000-4000-8000-000000000001",
        "effect": "repealed",
        "on": "昨天",
        "cause": "没有的文号",
        "cause_words": "甲文件",
    }
    response = client.post(reverse("validity:mark", args=[document.pk]), form)
    shown = response.content.decode()
    assert response.status_code == 422 and "没有找到" in shown and "甲文件" in shown
    assert not ValidityChange.objects.exists()
