"""负面清单: proposed by who makes, approved by another, reviewed on the place's cycle, taken off; what is outside is open in principle."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, transaction

from gongkai.agencies.errors import ActionRefused, NotAllowed
from gongkai.catalogue import keeping, negative, negative_reviews
from gongkai.catalogue.models import Deed, NegativeClass
from gongkai.catalogue.tests.keeping_making import key
from gongkai.journal.models import Entry
from gongkai.obligations.models import Obligation, Series
from gongkai.obligations.periods import catch_up

TODAY = date(2026, 11, 22)


@pytest.fixture(autouse=True)
def _today() -> Any:
    with time_machine.travel("2026-11-22 02:00:00+00:00"):
        yield


@pytest.fixture
def proposed(cast: Any) -> Any:
    def make(**fields: Any) -> NegativeClass:
        values: dict[str, Any] = {
            "name": "规划过程稿",
            "description": "尚未审定的规划各阶段文稿，审定公布后不再适用",
            "clause": "16.draft",
            "words": ["过程稿", "送审稿"],
            "section": cast.section,
        }
        return negative.propose(cast.reform, cast.user("drafter"), key=key(), **(values | fields))

    return make


@pytest.fixture
def in_force(cast: Any, proposed: Any) -> Any:
    return lambda **fields: negative.approve(proposed(**fields), cast.user("openness_officer"), key=key())


def owed(row: NegativeClass) -> list[Obligation]:
    return list(negative_reviews.duties([row.pk]).filter(replaced_on__isnull=True).order_by("pk"))


def test_a_class_is_in_force_once_another_person_approved_it(cast: Any, proposed: Any) -> None:
    row = proposed()
    assert not negative.listed(TODAY).exists() and negative.state_of(row, TODAY)[0] == "待批准"
    row = negative.approve(row, cast.user("openness_officer"), key=key())
    assert list(negative.listed(TODAY)) == [row] and row.approved_by != row.proposed_by
    assert [d.kind for d in Deed.objects.order_by("pk")] == ["proposed", "listed"]
    (duty,) = owed(row)
    assert (duty.owner, duty.period, duty.due_on, duty.basis) == (cast.reform, "2026", date(2026, 12, 31), negative_reviews.BASIS)


@pytest.mark.parametrize("person", ["other_officer", "secrecy_reviewer", "openness_officer", "county_drafter", "nobody"])
def test_only_who_makes_the_information_proposes(cast: Any, person: str) -> None:
    with pytest.raises(NotAllowed, match="制作单位"):
        negative.propose(cast.reform, cast.user(person), key=key(), name="甲", description="乙", clause="16.draft")
    assert not NegativeClass.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"clause": "99.made_up"}, "没有法律依据"),
        ({"name": " "}, "类别名称和说明"),
        ({"description": ""}, "类别名称和说明"),
        ({"words": ["长" * 21]}, "特征词"),
        ({"name": "甲\x00"}, "不能保存的字符"),
    ],
)
def test_a_class_without_law_or_words_is_refused_in_a_sentence(proposed: Any, wrong: dict[str, Any], said: str) -> None:
    with pytest.raises(ActionRefused, match=said):
        proposed(**wrong)


def test_the_proposer_does_not_approve_even_as_office(cast: Any) -> None:
    row = negative.propose(cast.office, cast.user("openness_officer"), key=key(), name="甲类", description="乙", clause="16.letter")
    with pytest.raises(NotAllowed, match="请由其他人批准"):
        negative.approve(row, cast.user("openness_officer"), key=key())
    assert negative.approve(row, cast.user("openness_colleague"), key=key()).effective_on == TODAY
    with pytest.raises(IntegrityError), transaction.atomic():  # the database holds it too
        NegativeClass.objects.filter(pk=row.pk).update(approved_by=row.proposed_by_id)


@pytest.mark.parametrize("person", ["head", "office_head", "county_officer", "stranger"])
def test_approving_is_the_office_of_the_place(cast: Any, proposed: Any, person: str) -> None:
    with pytest.raises(NotAllowed):
        negative.approve(proposed(), cast.user(person), key=key())


def test_refused_proposals_may_be_proposed_again_and_listed_ones_not_twice(cast: Any, proposed: Any) -> None:
    row = negative.refuse(proposed(), cast.user("openness_officer"), key=key(), reason="说明太宽")
    assert negative.state_of(row, TODAY)[0] == "不同意列入"
    with pytest.raises(ActionRefused, match="请重新提出"):
        negative.approve(row, cast.user("openness_officer"), key=key())
    proposed()
    with pytest.raises(ActionRefused, match="已经有“规划过程稿”"):
        proposed()


def test_the_same_form_twice_makes_one_class(cast: Any) -> None:
    values: dict[str, Any] = {"key": key(), "name": "甲类", "description": "乙", "clause": "16.letter"}
    one, two = (negative.propose(cast.reform, cast.user("drafter"), **values) for _ in range(2))
    assert one.pk == two.pk and NegativeClass.objects.count() == 1


def test_a_review_proves_the_period_and_leaves_the_class_in_force(cast: Any, in_force: Any) -> None:
    row = in_force()
    made = negative.review(row, cast.user("head"), key=key(), conclusion="keep", reason="规划仍在编制")
    (duty,) = owed(row)
    assert duty.fulfilled_on == TODAY and made.agency == cast.reform and list(negative.listed(TODAY)) == [row]
    catch_up(date(2027, 1, 2))
    assert [d.period for d in owed(row)] == ["2026", "2027"]
    (one,) = negative.shown([row], TODAY)
    assert (one.reviewed_on, one.next_on) == (TODAY, date(2027, 12, 31))


def test_a_review_may_narrow_with_words_or_open(cast: Any, in_force: Any) -> None:
    row = in_force()
    with pytest.raises(ActionRefused, match="新的说明"):
        negative.review(row, cast.user("reviewer"), key=key(), conclusion="narrow", reason="部分已公布")
    negative.review(row, cast.user("reviewer"), key=key(), conclusion="narrow", reason="部分已公布", description="只含专项规划")
    row.refresh_from_db()
    assert row.description == "只含专项规划"
    negative.review(row, cast.user("head"), key=key(), conclusion="open", reason="规划已经公布")
    row.refresh_from_db()
    assert not negative.listed(TODAY).exists() and row.ended_reason == "规划已经公布"
    assert Series.objects.get().closed_reason == "“规划过程稿”移出负面清单"
    with pytest.raises(ActionRefused, match="移出"):
        negative.review(row, cast.user("head"), key=key(), conclusion="keep", reason="再看")


@pytest.mark.parametrize("person", ["drafter", "other_head", "openness_officer", "nobody"])
def test_reviewing_is_the_makers_head_or_reviewer(cast: Any, in_force: Any, person: str) -> None:
    with pytest.raises(NotAllowed):
        negative.review(in_force(), cast.user(person), key=key(), conclusion="keep", reason="理由")


def test_the_office_may_take_a_class_off_and_nothing_is_owed_then(cast: Any, in_force: Any) -> None:
    row = in_force()
    with pytest.raises(NotAllowed):
        negative.remove(row, cast.user("drafter"), key=key(), reason="不再需要")
    with pytest.raises(ActionRefused, match="请写明移出的理由"):
        negative.remove(row, cast.user("openness_officer"), key=key(), reason=" ")
    negative.remove(row, cast.user("openness_officer"), key=key(), reason="没有依据")
    assert owed(row) == [] and not negative.listed(TODAY).exists()


def test_the_place_sets_the_cycle_and_reviews_follow(cast: Any, in_force: Any) -> None:
    row = in_force()
    with pytest.raises(NotAllowed):
        keeping.set_limits(cast.city, cast.user("head"), key=key(), suggestion_days=None, expansion_days=None, review_cadence="quarterly")
    keeping.set_limits(
        cast.city, cast.user("openness_officer"), key=key(), suggestion_days=None, expansion_days=None, review_cadence="quarterly"
    )
    assert [(d.period, d.due_on) for d in owed(row)] == [("2026-Q4", date(2026, 12, 31))]
    assert Series.objects.filter(closed_on__isnull=True).get().cadence == "quarterly"
    keeping.set_limits(cast.city, cast.user("openness_officer"), key=key(), suggestion_days=5, expansion_days=None, review_cadence="")
    assert keeping.limits_in(cast.city.pk) == keeping.Keeping(5, 20, "yearly")
    assert [(d.period, d.due_on) for d in owed(row)] == [("2026", date(2026, 12, 31))]
    assert Entry.objects.filter(action="catalogue.limits_set").exists()
    with pytest.raises(ActionRefused, match="1 到 60"):
        keeping.set_limits(cast.city, cast.user("openness_officer"), key=key(), suggestion_days=61, expansion_days=None, review_cadence="")


def test_texts_are_matched_as_a_hint_and_never_decided(cast: Any, in_force: Any) -> None:
    row = in_force()
    other = in_force(name="内部通知", clause="16.workflow", words=[])
    (found,) = negative.matches("城市更新专项规划（送审稿）过程稿", cast.city.pk)
    assert found.negative_class == row and found.words == ("过程稿", "送审稿")
    assert [m.negative_class for m in negative.matches("关于公文运转的说明", cast.city.pk)] == [other], "without own words the clause's"
    assert negative.matches("义务教育招生政策", cast.city.pk) == [] and negative.matches("过程稿", cast.east.pk) == []
    assert NegativeClass.objects.filter(ended_on__isnull=True).count() == 2


def test_the_list_costs_the_same_however_long(cast: Any, in_force: Any, django_assert_max_num_queries: Any) -> None:
    for n in range(6):
        in_force(name=f"类别{n}")
    rows = negative.classes_for(cast.user("openness_officer"))
    with django_assert_max_num_queries(5):
        assert len(negative.shown(rows, TODAY)) == 6


def test_others_do_not_see_proposals(cast: Any, proposed: Any) -> None:
    row = proposed()
    seen = {
        person
        for person in ("drafter", "head", "openness_officer", "office_drafter", "other_officer", "county_officer", "stranger", "nobody")
        if negative.classes_for(cast.user(person)).filter(pk=row.pk).exists()
    }
    assert seen == {"drafter", "head", "openness_officer"}
