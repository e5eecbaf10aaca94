"""移交: one obligation or all of them change the owner; clock, evidence and steps stay; a clash ends in the existing one."""

from __future__ import annotations

import uuid
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from gongkai.agencies.errors import ActionRefused, NotAllowed
from gongkai.agencies.models import Membership, Section
from gongkai.agencies.tests.test_access import EVERYBODY
from gongkai.journal.models import Entry
from gongkai.obligations import actions
from gongkai.obligations.access import obligations_for
from gongkai.obligations.handing_over import hand_over, hand_over_all
from gongkai.obligations.models import Helper, Obligation, Series, Step

OFFICE = {"openness_officer", "openness_colleague"}
TODAY = timezone.localdate()


def give(cast, duty, to, who="openness_officer", key=None, reason="职责调整", **more):
    return hand_over(duty, to, cast.user(who), key=key or str(uuid.uuid4()), reason=reason, **more)


def make_series(cast, **fields):
    values = {
        "jurisdiction": cast.city,
        "owner": cast.reform,
        "source": "plan_task",
        "subject_id": 7,
        "title": "按季公开",
        "cadence": "quarterly",
        "due_rule": {},
        "since": date(2026, 1, 1),
        "next_on": date(2027, 1, 1),
    }
    return Series.objects.create(**values | fields)


def test_everything_stays_but_the_owner_and_what_he_arranged(cast, make_obligation):
    duty = make_obligation(helpers=(cast.human, cast.finance), section=cast.section, person=cast.drafter, inner_due_on=date(2026, 11, 20))
    actions.acknowledge(duty, cast.drafter, key="a")
    made = give(cast, duty, cast.finance, key="k")
    assert made == duty and made.owner == cast.finance
    assert (made.section, made.person, made.inner_due_on, made.due_on) == (None, None, None, date(2026, 11, 30))
    step = Step.objects.get(key="k")
    assert (step.kind, step.agency) == ("handed_over", cast.office)
    assert f"自 {TODAY} 起由清河市发展和改革委员会移交清河市财政局。理由：职责调整" in step.text
    assert [h.agency for h in made.helpers.all()] == [cast.human], "an owner does not help itself"
    assert made.steps.filter(kind="acknowledged").exists()
    assert obligations_for(cast.user("other_officer")).filter(pk=duty.pk).exists()
    assert not obligations_for(cast.user("drafter")).filter(pk=duty.pk).exists()


def test_every_hand_over_is_in_the_journal(cast, make_obligation):
    make_obligation(subject_id=5, owner=cast.finance)
    for subject in (5, 6):
        give(cast, make_obligation(subject_id=subject), cast.finance)
    assert [e.note for e in Entry.objects.filter(action="obligation.handed_over")] == ["职责调整"] * 2


def test_a_helper_goes_on_seeing_it(cast, make_obligation):
    duty = make_obligation(helpers=(cast.finance,))
    give(cast, duty, cast.human)
    assert obligations_for(cast.user("other_officer")).filter(pk=duty.pk).exists()


def test_the_same_form_is_one_hand_over(cast, make_obligation):
    duty = make_obligation()
    give(cast, duty, cast.finance, key="once")
    assert give(cast, duty, cast.finance, key="once") == duty
    assert Step.objects.filter(kind="handed_over").count() == 1
    with pytest.raises(ActionRefused, match="另一条记录"):
        give(cast, make_obligation(), cast.finance, key="once")


@pytest.mark.parametrize("who", EVERYBODY)
def test_the_office_of_the_place_hands_over(cast, make_obligation, who):
    duty, person = make_obligation(), cast.user(who)
    if who in OFFICE:
        assert give(cast, duty, cast.finance, who).owner == cast.finance
    else:
        with pytest.raises(NotAllowed):
            hand_over(duty, cast.finance, person, key="x", reason="y")


def test_across_places_it_is_the_office_above_both(cast, make_obligation):
    duty = make_obligation(owner=cast.east_finance)
    for who, to in (("county_officer", cast.west_office), ("county_officer", cast.finance), ("openness_officer", cast.elsewhere_office)):
        with pytest.raises(NotAllowed):
            give(cast, duty, to, who)
    with pytest.raises(NotAllowed):
        give(cast, duty, cast.east_office, "openness_officer")
    made = give(cast, duty, cast.west_office, "openness_officer")
    assert (made.owner, made.jurisdiction) == (cast.west_office, cast.west), "the new place checks it from now on"
    theirs = make_obligation(owner=cast.east_finance, jurisdiction=cast.city)
    assert give(cast, theirs, cast.west_office).jurisdiction == cast.city, "a task of the city's own plan stays the city's"


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"fulfilled_on": TODAY}, "已经办结"),
        ({"replaced_on": TODAY}, "由新方案接续"),
        ({"replaced_on": TODAY, "source": "statute"}, "法定规则不再要求"),
    ],
)
def test_what_is_closed_stays(cast, make_obligation, fields, words):
    with pytest.raises(ActionRefused, match=words):
        give(cast, make_obligation(**fields), cast.finance)


def test_refusals_say_what_to_do(cast, make_obligation):
    duty = make_obligation()
    cast.human.valid_to = TODAY - timedelta(1)
    cast.human.save()
    for to, more, words in (
        (cast.reform, {}, "已经由"),
        (cast.human, {}, "已经撤销"),
        (cast.finance, {"reason": " "}, "理由"),
        (cast.finance, {"reason": "长" * 501}, "500"),
        (cast.finance, {"on": TODAY + timedelta(1)}, "不能晚于今天"),
        (cast.finance, {"key": "k" * 101}, "刷新"),
    ):
        with pytest.raises(ActionRefused, match=words):
            give(cast, duty, to, **more)
    duty.refresh_from_db()
    assert duty.owner == cast.reform and not duty.steps.exists()


def test_the_same_duty_of_the_new_owner_takes_it_in(cast, make_obligation):
    mine = make_obligation(subject_id=5, helpers=(cast.human, cast.finance))
    theirs = make_obligation(subject_id=5, owner=cast.finance)
    together = make_obligation(merged_into=mine)
    assert give(cast, mine, cast.finance) == theirs
    mine.refresh_from_db()
    together.refresh_from_db()
    assert (mine.owner, mine.merged_into, mine.replaced_on) == (cast.reform, theirs, TODAY)
    assert together.merged_into == theirs
    assert [h.agency for h in theirs.helpers.all()] == [cast.human], "its helpers go on helping"
    assert "并入那一项" in mine.steps.get().text and "并入本项" in theirs.steps.get().text


def test_what_the_new_owner_has_done_already_does_not_swallow_what_is_open(cast, make_obligation):
    done = make_obligation(subject_id=5, owner=cast.finance, fulfilled_on=TODAY)
    made = give(cast, make_obligation(subject_id=5), cast.finance)
    assert (made.owner, made.share, made.fulfilled_on) == (cast.finance, "原市发改委", None)
    assert Obligation.objects.get(pk=done.pk).fulfilled_on == TODAY
    make_obligation(subject_id=5, owner=cast.human)
    assert give(cast, Obligation.objects.get(subject_id=5, owner=cast.human), cast.finance).share == "原市人社局"


def test_the_periods_to_come_are_the_new_owners(cast, make_obligation):
    series = make_series(cast, section=cast.section)
    series.helpers.add(cast.finance)
    give(cast, make_obligation(series=series, period="2026-Q4", subject_id=7), cast.finance)
    series.refresh_from_db()
    assert (series.owner, series.section, list(series.helpers.all())) == (cast.finance, None, [])


def test_a_series_the_new_owner_has_already_ends(cast, make_obligation):
    series, other = make_series(cast), make_series(cast, owner=cast.finance)
    give(cast, make_obligation(series=series, period="2026-Q4", subject_id=7), cast.finance)
    series.refresh_from_db()
    assert series.closed_on == TODAY and "财政局" in series.closed_reason
    assert Series.objects.get(pk=other.pk).closed_on is None


def test_all_of_a_section_or_of_an_agency(cast, make_obligation):
    officer = cast.user("openness_officer")
    for n in range(5):
        make_obligation(subject_id=n, section=cast.section if n < 2 else None)
    make_obligation(subject_id=3, owner=cast.finance)
    make_obligation(fulfilled_on=TODAY)
    make_series(cast)
    east = make_obligation(jurisdiction=cast.elsewhere, owner=cast.reform)
    seen = hand_over_all(cast.reform, cast.finance, officer, key="dry", reason="职责调整", dry_run=True)
    assert (seen.moved, seen.merged, seen.series) == (5, 1, 1)
    assert seen.sentence == "移交 5 项，其中 1 项与现有任务合并；周期任务 1 个以后各期归新单位"
    assert not Step.objects.filter(kind="handed_over").exists()
    some = hand_over_all(cast.reform, cast.human, officer, key="some", reason="科室划转", section=cast.section)
    assert (some.moved, some.merged) == (2, 0)
    rest = hand_over_all(cast.reform, cast.finance, officer, key="rest", reason="职责调整")
    assert (rest.moved, rest.merged) == (3, 1)
    assert hand_over_all(cast.reform, cast.finance, officer, key="rest", reason="职责调整").moved == 0
    east.refresh_from_db()
    assert east.owner == cast.reform, "another place's"
    assert Obligation.objects.filter(owner=cast.reform, fulfilled_on=TODAY).exists()


def test_many_cost_what_few_cost(cast, make_obligation):
    def cost(n, key):
        for _ in range(n):
            make_obligation(helpers=(cast.finance,))
        officer = cast.user("openness_officer")
        with CaptureQueriesContext(
            connection,
        ) as queries:
            hand_over_all(cast.reform, cast.finance, officer, key=key, reason="职责调整", dry_run=True)
        return len(queries)

    assert cost(2, "few") == cost(30, "many")


@pytest.mark.django_db(transaction=True)
def test_two_at_once_move_it_once(cast, make_obligation, together):
    duty = make_obligation()
    results = together(
        lambda: give(cast, duty, cast.finance, "openness_officer"), lambda: give(cast, duty, cast.human, "openness_colleague")
    )
    duty.refresh_from_db()
    moved = Step.objects.filter(kind="handed_over").count()
    assert duty.owner in (cast.finance, cast.human) and moved >= 1
    assert moved == sum(isinstance(r, Obligation) for r in results)


def test_the_page_shows_what_will_happen_and_does_it(cast, client, make_obligation):
    duty = make_obligation(subject_id=5)
    make_obligation(subject_id=5, owner=cast.finance)
    client.force_login(cast.openness_officer)
    page = client.get(reverse("obligations:detail", args=[duty.pk])).content.decode()
    address = reverse("obligations:hand_over", args=[duty.pk])
    assert address in page
    assert client.get(address).status_code == 200
    answer = client.post(address, {"key": str(uuid.uuid4()), "to": cast.finance.pk, "reason": "职责调整", "on": TODAY}, follow=True)
    assert "已并入" in answer.content.decode()
    client.force_login(cast.user("drafter"))
    assert client.get(address).status_code == 403
    client.force_login(cast.user("county_officer"))
    assert client.get(address).status_code == 404


def test_the_bulk_page_previews_then_confirms(cast, client, make_obligation):
    for n in range(3):
        make_obligation(subject_id=n)
    make_obligation(subject_id=1, owner=cast.finance)
    address = reverse("obligations:hand_over_all", args=[cast.reform.pk])
    client.force_login(cast.user("drafter"))
    assert client.get(address).status_code == 403
    client.force_login(cast.openness_officer)
    assert "批量移交" in client.get(reverse("agencies:detail", args=[cast.reform.pk])).content.decode()
    form = {"key": str(uuid.uuid4()), "to": cast.finance.pk, "reason": "职责调整", "on": TODAY}
    page = client.post(address, form).content.decode()
    assert "将移交 3 项，其中 1 项与现有任务合并" in page and Obligation.objects.filter(owner=cast.reform).count() == 3
    make_obligation(subject_id=9)
    changed = client.post(address, {**form, "confirm": "1", "expected": "移交 3 项，其中 1 项与现有任务合并"})
    assert changed.status_code == 409 and "将移交 4 项" in changed.content.decode()
    done = client.post(address, {**form, "confirm": "1", "expected": "移交 4 项，其中 1 项与现有任务合并"}, follow=True)
    assert "已移交 4 项" in done.content.decode()
    assert Helper.objects.count() == 0 and Section.objects.exists() and Membership.objects.exists()
