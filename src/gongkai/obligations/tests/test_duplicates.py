"""Two tasks that ask the same: offered per agency, decided once by a person, proved together, taken apart again."""

from __future__ import annotations

import uuid
from datetime import date
from time import perf_counter

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gongkai.agencies.errors import ActionRefused, NotAllowed
from gongkai.journal.models import Entry
from gongkai.obligations import duplicates
from gongkai.obligations.models import Duplicate, Obligation, Step
from gongkai.obligations.proving import hand_in, judge, withdraw

PAGE = "/work/ledger/duplicates/"
ROADS = "公开重大建设项目批准服务信息、批准结果信息、招标投标信息和征收土地信息，及时回应社会关切。"
ROADS_TOO = "依法公开重大建设项目的批准服务、批准结果、招标投标、征收土地等信息，及时回应关切。"
MONEY = "按月公开全市财政收支情况，做好预决算公开。"


def key():
    return str(uuid.uuid4())


@pytest.fixture
def two(make_obligation):
    """The same of two plans, and beside them another task, another agency's and one of the same plan."""
    first = make_obligation(title=ROADS, document_id=1, due_on=date(2026, 12, 20), basis="省要点")
    second = make_obligation(title=ROADS_TOO, document_id=2, due_on=date(2026, 11, 30), basis="市要点")
    make_obligation(title=MONEY, document_id=2)
    return first, second


def pairs():
    return [(p.first.pk, p.second.pk) for p in duplicates.pairs_of(duplicates.comparable(Obligation.objects.all()))]


def decide(pair, actor, decision="together", **more):
    return duplicates.decide(*pair, actor, key=more.pop("key", None) or key(), decision=decision, similarity=0.7, **more)


def test_the_same_of_two_documents_is_found_and_nothing_else(cast, two, make_obligation):
    make_obligation(title=ROADS, document_id=2, owner=cast.finance)  # another agency's
    assert pairs() == [(two[0].pk, two[1].pk)]


def test_two_tasks_of_one_document_are_not_one(cast, make_obligation):
    for text in (ROADS, ROADS_TOO):
        make_obligation(title=text, document_id=5)
    assert pairs() == []


def test_two_rules_of_law_ask_two_things(cast, make_obligation):
    plan = make_obligation(title=ROADS, document_id=1)
    law = [make_obligation(title=ROADS, source="statute", rule=rule, document_id=None) for rule in ("request.answer", "request.untouched")]
    assert pairs() == [(plan.pk, row.pk) for row in law], "each may be what a plan asks for, but they are never one another"


def test_what_is_done_waived_or_replaced_is_not_offered(two):
    Obligation.objects.filter(pk=two[0].pk).update(fulfilled_on=date(2026, 11, 2))
    assert pairs() == []


def test_together_the_one_due_first_takes_the_evidence_and_both_keep_their_dates(cast, two):
    row = decide(two, cast.user("openness_officer"))
    first, second = (Obligation.objects.get(pk=ob.pk) for ob in two)
    assert (first.merged_into, second.merged_into) == (second, None)
    assert (first.due_on, second.due_on) == (date(2026, 12, 20), date(2026, 11, 30))
    assert row.decision == "together" and pairs() == []
    assert Step.objects.filter(kind="merged").count() == 2
    assert Entry.objects.filter(action="duplicate.decided").count() == 1


def test_one_proof_serves_both_whenever_it_was_handed_in(cast, two):
    first, second = two
    early = hand_in(second, cast.drafter, key=key(), kind="address", url="https://example.org/1", proves="批准结果", on=date(2026, 11, 20))
    Obligation.objects.filter(pk=second.pk).update(quota_op=">=", quota_value=2)
    Obligation.objects.filter(pk=first.pk).update(quota_op=">=", quota_value=2)
    judge(early, cast.openness_officer, key(), True)
    decide(two, cast.user("openness_officer"))
    assert [row.copied_from_id for row in first.evidence.all()] == [early.pk]
    second.refresh_from_db()
    late = hand_in(second, cast.drafter, key=key(), kind="address", url="https://example.org/2", proves="批准结果", on=date(2026, 11, 21))
    judge(late, cast.openness_officer, key(), True)
    for row in two:
        row.refresh_from_db()
        assert row.fulfilled_on == date(2026, 11, 21)
    withdraw(late, cast.openness_officer, key(), "链接失效")
    for row in two:
        row.refresh_from_db()
        assert row.fulfilled_on is None


def test_not_one_thing_is_never_offered_again(cast, two):
    decide(two, cast.user("drafter"), "distinct")
    assert pairs() == []
    assert not Step.objects.filter(kind="merged").exists()


def test_the_same_decision_twice_is_one(cast, two):
    actor = cast.user("drafter")
    assert decide(two, actor).pk == decide(two, actor).pk
    with pytest.raises(ActionRefused, match="已经确认过"):
        decide(two, actor, "distinct")
    assert Duplicate.objects.count() == 1 and Step.objects.filter(kind="merged").count() == 2


@pytest.mark.parametrize("who", ["other_officer", "county_officer", "secrecy_reviewer", "stranger"])
def test_others_do_not_decide(cast, two, who):
    with pytest.raises(NotAllowed):
        decide(two, cast.user(who))
    assert not Duplicate.objects.exists()


def test_refused_in_sentences(cast, two, make_obligation):
    actor = cast.user("openness_officer")
    with pytest.raises(ActionRefused, match="同一个单位"):
        decide((two[0], make_obligation(owner=cast.finance)), actor)
    with pytest.raises(ActionRefused, match="请选择"):
        decide(two, actor, "maybe")
    decide(two, actor)
    third = make_obligation(title=ROADS, document_id=3)
    with pytest.raises(ActionRefused, match="已经与别的任务"):
        decide((two[0], third), actor)


def test_a_third_joins_the_whole(cast, two, make_obligation):
    actor = cast.user("openness_officer")
    decide(two, actor)
    earlier = make_obligation(title=ROADS, document_id=3, due_on=date(2026, 11, 25))
    decide((two[1], earlier), actor)
    assert set(Obligation.objects.filter(merged_into=earlier).values_list("pk", flat=True)) == {two[0].pk, two[1].pk}


def test_separated_each_stands_for_itself_and_is_not_offered_again(cast, two):
    actor, pressed = cast.user("drafter"), key()
    decide(two, actor)
    for _ in range(2):
        duplicates.separate(Obligation.objects.get(pk=two[0].pk), actor, key=pressed)
    assert not Obligation.objects.filter(merged_into__isnull=False).exists() and pairs() == []
    assert Step.objects.filter(kind="separated").count() == 2
    with pytest.raises(ActionRefused, match="没有与别的任务"):
        duplicates.separate(two[0], actor, key=key())
    with pytest.raises(NotAllowed):
        duplicates.separate(two[0], cast.user("other_officer"), key=key())


def test_the_page_shows_both_texts_dates_and_differences_and_decides(client, cast, two):
    client.force_login(cast.user("drafter"))
    page = client.get(PAGE).content.decode()
    for words in (ROADS, ROADS_TOO, "2026-12-20", "2026-11-30", "省要点", "不同的地方"):
        assert words in page
    form = {"key": key(), "first": two[0].pk, "second": two[1].pk, "similarity": "0.7", "decision": "together"}
    assert "已并案办理" in client.post(PAGE + "decide/", form, follow=True).content.decode()
    detail = client.get(f"/work/ledger/{two[0].pk}/").content.decode()
    assert "并案办理。</b>佐证在那一项提交" in detail
    assert "佐证在本项提交，同时证明那一项" in client.get(f"/work/ledger/{two[1].pk}/").content.decode()
    assert "已取消并案" in client.post(f"/work/ledger/{two[0].pk}/separate/", {"key": key()}, follow=True).content.decode()


@pytest.mark.parametrize(
    ("who", "seen"), [("drafter", True), ("openness_officer", True), ("other_officer", False), ("county_officer", False)]
)
def test_whose_pairs_one_sees(client, cast, two, who, seen):
    client.force_login(cast.user(who))
    assert (ROADS_TOO in client.get(PAGE).content.decode()) is seen
    form = {"key": key(), "first": two[0].pk, "second": two[1].pk, "similarity": "0.7", "decision": "distinct"}
    assert client.post(PAGE + "decide/", form).status_code == (302 if seen else 404)
    assert Duplicate.objects.exists() is seen


def test_the_cost_grows_with_the_tasks_and_not_with_their_square(cast, make_obligation, client):
    pool = "预算决算土地住房教育卫生食品药品环境安全就业养老交通水利农业林业气象统计审计市场"
    words = [pool[n : n + 2] for n in range(0, len(pool), 2)]

    def fill(number, start):
        for n in range(start, start + number):
            a, b, c = words[n % 20], words[n // 20 % 20], words[(n * 7 + n // 20) % 20]
            make_obligation(title=f"公开{a}领域{b}事项清单和{c}监管结果第{n}批", document_id=n % 7)

    fill(40, 0)
    client.force_login(cast.user("drafter"))
    with CaptureQueriesContext(connection) as few:
        begun = perf_counter()
        client.get(PAGE)
        small = perf_counter() - begun
    fill(120, 40)
    with CaptureQueriesContext(connection) as many:
        begun = perf_counter()
        client.get(PAGE)
        large = perf_counter() - begun
    assert len(many) == len(few)
    assert large < 10 * small  # four times the tasks; their pairs are sixteen times
