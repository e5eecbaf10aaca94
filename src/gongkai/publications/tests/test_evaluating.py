"""定期评估审查 (条例第十八条, S0-26): a calendar over what is withheld, minutes for each item, and what follows."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from gongkai.agencies.errors import ActionRefused, NotAllowed
from gongkai.clocks.clock import add_months
from gongkai.obligations.models import Obligation
from gongkai.obligations.triggers import Fact, happened
from gongkai.publications.actions.evaluating import evaluate
from gongkai.publications.models import Edition, Evaluation
from gongkai.publications.tests import making
from gongkai.publications.tests.marking import in_use, key, normative, withheld
from gongkai.publications.validity.evaluations import calendar, withheld_for

TODAY = timezone.localdate
MINUTES = {"basis": "政府信息公开条例第十八条", "opinion": "情况没有变化，仍涉及商业秘密。"}


def test_every_item_has_minutes_of_its_own(cast: Any) -> None:
    document = withheld(cast)
    made = evaluate(document, cast.reviewer, key="e1", conclusion="keep", **MINUTES)
    assert evaluate(document, cast.reviewer, key="e1", conclusion="keep", **MINUTES) == made
    assert (made.subject, made.opinion, made.reviewer, made.on) == ("withheld", MINUTES["opinion"], cast.reviewer, TODAY())
    assert made.next_on == add_months(TODAY(), 12), "the next one is due in a year where nobody set a day"
    assert Evaluation.objects.count() == 1


def test_the_calendar_is_by_the_day_of_the_next_evaluation(cast: Any) -> None:
    old, fresh, later = withheld(cast, title="甲"), withheld(cast, title="乙"), withheld(cast, title="丙")
    Evaluation.objects.create(
        document=old, subject="withheld", conclusion="keep", basis="甲", reviewer=cast.head, on=date(2024, 1, 1), next_on=date(2025, 1, 1)
    )
    evaluate(later, cast.head, key=key(), conclusion="keep", next_on=TODAY() + timedelta(700), **MINUTES)
    making.live(cast.reform, cast.drafter, title="公开的")
    making.draft(cast.reform, cast.drafter, attribute="withheld", ground="third_party", title="还没有决定的")
    found = calendar(withheld_for(cast.openness_officer))
    assert [(due.document.pk, due.overdue) for due in found] == [(old.pk, True), (fresh.pk, False), (later.pk, False)]
    assert found[1].on == add_months(TODAY(), 12), "counted from the decision"


def test_the_evaluation_proves_the_duty_of_the_year(cast: Any) -> None:
    """publish.withheld_review: yearly, shown by a record openness_review."""
    in_use(cast, "publish.withheld_review")
    document = withheld(cast)
    happened(Fact("information_withheld", cast.city, cast.reform, document.pk, "某信息", TODAY()), cast.drafter)
    duty = Obligation.objects.get(rule="publish.withheld_review")
    made = evaluate(document, cast.reviewer, key=key(), conclusion="keep", **MINUTES)
    duty.refresh_from_db()
    assert duty.fulfilled_on == TODAY()
    assert (duty.evidence.get().record_kind, duty.evidence.get().record_id) == ("openness_review", made.pk)


def test_the_assessment_before_the_term_ends_proves_its_duty(cast: Any) -> None:
    in_use(cast, "document.validity")
    document = normative(cast, term="plain")
    tags = {"kind": "normative", "term": "plain"}
    happened(Fact("document_in_force", cast.city, cast.reform, document.pk, "某文件", date(2024, 1, 1), tags=tags), cast.drafter)
    duty = Obligation.objects.get(rule="document.validity")
    Obligation.objects.filter(pk=duty.pk).update(starts_on=TODAY() - timedelta(1))
    made = evaluate(document, cast.reviewer, key=key(), conclusion="keep", basis="国办发〔2018〕37号", opinion="继续有效三年。")
    duty.refresh_from_db()
    assert made.subject == "validity" and duty.fulfilled_on == TODAY()


def test_opening_what_was_withheld_begins_a_new_edition(cast: Any) -> None:
    document = withheld(cast)
    evaluate(document, cast.reviewer, key=key(), conclusion="open", basis="条例第十八条", opinion="合同已经履行完毕，可以公开。")
    fresh = document.editions.order_by("-number").first()
    assert fresh is not None and fresh.state == Edition.State.DRAFT and "转为公开" in fresh.change_note


def test_where_one_may_not_draft_the_conclusion_stands_and_others_begin(cast: Any) -> None:
    document = withheld(cast)
    evaluate(document, cast.openness_officer, key=key(), conclusion="open", basis="条例第十八条", opinion="可以公开。")
    assert document.editions.count() == 1 and document.evaluations.get().conclusion == "open"


@pytest.mark.parametrize("who", ["drafter", "secrecy_reviewer", "other_head", "county_officer"])
def test_others_do_not_evaluate(cast: Any, who: str) -> None:
    document = withheld(cast)
    with pytest.raises(NotAllowed):
        evaluate(document, cast.user(who), key=key(), conclusion="keep", **MINUTES)


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"opinion": ""}, "请写明评估意见"),
    ({"basis": " "}, "请写明依据"),
    ({"conclusion": "repeal"}, "请选择评估结论"),
    ({"on": date(2099, 1, 1)}, "不能晚于今天"),
    ({"next_on": date(2020, 1, 1)}, "要晚于这次"),
]


@pytest.mark.parametrize(("values", "sentence"), WRONG)
def test_bad_evaluations_get_a_sentence(cast: Any, values: dict[str, Any], sentence: str) -> None:
    document = withheld(cast)
    with pytest.raises(ActionRefused, match=sentence):
        evaluate(document, cast.reviewer, key=key(), **({"conclusion": "keep"} | MINUTES | values))
    assert not Evaluation.objects.exists()


def test_what_is_open_and_what_has_ended_is_not_evaluated(cast: Any) -> None:
    for document in (making.live(cast.reform, cast.drafter).document, normative(cast, repealed_on=TODAY() - timedelta(1))):
        with pytest.raises(ActionRefused, match="只评估"):
            evaluate(document, cast.reviewer, key=key(), conclusion="keep", **MINUTES)


def test_the_pages_of_evaluation(cast: Any, client: Client) -> None:
    document = withheld(cast, title="某企业技术方案")
    client.force_login(cast.reviewer)
    assert "某企业技术方案" in client.get(reverse("validity:withheld")).content.decode()
    address = reverse("validity:evaluate", args=[document.pk])
    assert client.post(address, {"key": key(), "conclusion": "keep", "basis": "第十八条"}).status_code == 422
    assert client.post(address, {"key": key(), "conclusion": "keep", **MINUTES}).status_code == 302
    assert MINUTES["opinion"] in client.get(reverse("validity:document", args=[document.pk])).content.decode()
    assert client.get(reverse("validity:withheld_export", args=["xlsx"])).content[:2] == b"PK"
