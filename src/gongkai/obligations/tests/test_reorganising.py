"""机构改革, with the obligations it moves: nothing open is left with an agency that ended, nothing closed leaves its own."""

from __future__ import annotations

import threading
import time
import uuid
from collections import Counter
from datetime import date, timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gongkai.agencies import reorganising
from gongkai.agencies.access import scope_of
from gongkai.agencies.errors import ActionRefused, NotAllowed
from gongkai.agencies.matching import Directory
from gongkai.agencies.models import Agency, AgencyAlias, CollectiveName, Leader, Membership, Reorganisation, Section
from gongkai.agencies.queries import with_predecessors
from gongkai.agencies.reorganising import NewAgency, Order
from gongkai.agencies.tests.test_access import EVERYBODY
from gongkai.journal.models import Entry
from gongkai.obligations import heirs
from gongkai.obligations.heirs import heirs_of
from gongkai.obligations.models import Helper, Obligation, Series
from gongkai.obligations.models.obligation import OPEN
from gongkai.obligations.opening import NewObligation, open_obligations
from gongkai.obligations.periods import NewSeries, open_series

TODAY = timezone.localdate()
ON = TODAY - timedelta(2)
NEW = NewAgency("清河市文化和旅游局", "市文化和旅游局")
BASIS = "清河市机构改革方案（清委〔2026〕8号）"


@pytest.fixture
def culture(cast):
    """市旅游局 and 市文化局, each with a section, a person, a leader."""
    made = {}
    for n, name in ((21, "旅游局"), (22, "文化局")):
        agency = Agency.objects.create(
            jurisdiction=cast.city, code=f"990100-{n:03}", name=f"清河市{name}", short_name=f"市{name}", valid_from=date(2010, 1, 1)
        )
        section = Section.objects.create(agency=agency, name="办公室")
        Membership.objects.create(user=cast.nobody, agency=agency, section=section, role="drafter")
        Leader.objects.create(agency=agency, name=f"{name}长", post="局长", is_chief=True)
        made[name] = agency
    return made["旅游局"], made["文化局"]


def order(cast, who="openness_officer", **more):
    values = {"key": str(uuid.uuid4()), "on": ON, "basis": BASIS}
    return Order(cast.user(who) if who else None, **values | more)


def test_tourism_and_culture_become_one(cast, culture, make_obligation):
    tourism, arts = culture
    both = [make_obligation(owner=agency, subject_id=5) for agency in culture]
    own = make_obligation(owner=tourism, subject_id=6, section=tourism.sections.get(), person=cast.nobody, helpers=(arts,))
    done = make_obligation(owner=tourism, subject_id=7, fulfilled_on=TODAY)
    helping = make_obligation(subject_id=8, helpers=(tourism, arts))
    outcome = reorganising.merge_agencies(culture, NEW, order(cast))
    (new,) = outcome.agencies
    assert outcome.names == "清河市旅游局、清河市文化局合并为清河市文化和旅游局"
    assert outcome.sentence == "内设机构 2 个；人员任职 2 个；未完成的任务 3 项，其中 1 项与现有的合并"
    tourism.refresh_from_db()
    assert (tourism.valid_to, tourism.successor, new.valid_from) == (ON - timedelta(1), new, ON)
    own.refresh_from_db()
    assert (own.owner, own.section.agency, own.section.name, own.person) == (new, new, "办公室", cast.nobody)
    assert not own.helpers.exists(), "who helped is the owner now"
    assert "清河市旅游局移交清河市文化和旅游局" in own.steps.get().text and BASIS in own.steps.get().text
    assert Obligation.objects.filter(pk__in=[o.pk for o in both]).filter(OPEN).get().owner == new
    done.refresh_from_db()
    assert done.owner == tourism, "history stays"
    assert [h.agency for h in Helper.objects.filter(obligation=helping)] == [new]
    assert with_predecessors(new) == {new.pk, tourism.pk, arts.pk}
    assert [m.agency for m in Membership.objects.filter(user=cast.nobody)] == [new], "two posts became one"
    assert set(Leader.objects.filter(agency__in=culture).values_list("valid_to", flat=True)) == {ON - timedelta(1)}
    made = Reorganisation.objects.get()
    assert (made.kind, made.basis, made.summary) == ("merge", BASIS, outcome.sentence)


def test_documents_find_who_was_meant_on_their_day(cast, culture):
    tourism, _arts = culture
    AgencyAlias.objects.create(agency=tourism, jurisdiction=cast.city, text="市旅游委")
    (new,) = reorganising.merge_agencies(culture, NEW, order(cast)).agencies
    now, then = Directory(cast.city), Directory(cast.city, today=ON - timedelta(1))
    for wording in ("清河市旅游局", "市旅游局", "市旅游委", "市文化和旅游局", "清河市文化局"):
        assert now.resolve(wording).agency == new, wording
    for wording in ("清河市旅游局", "市旅游局"):
        assert then.resolve(wording).agency == tourism, wording
    assert then.resolve("市文化和旅游局").agency is None


def test_into_one_of_them(cast, culture):
    tourism, arts = culture
    outcome = reorganising.merge_agencies([tourism], arts, order(cast))
    assert outcome.names == "清河市旅游局并入清河市文化局"
    assert Directory(cast.city).resolve("市旅游局").agency == arts
    assert Directory(cast.city, today=ON - timedelta(1)).resolve("市旅游局").agency == tourism


def test_collectives_and_dependants_go_on(cast, culture):
    tourism, _arts = culture
    named = CollectiveName.objects.create(jurisdiction=cast.city, text="文旅单位", rule="explicit")
    named.members.set(culture)
    below = Agency.objects.create(jurisdiction=cast.city, code="990100-099", name="清河市旅游监察支队", parent=tourism)
    (new,) = reorganising.merge_agencies(culture, NEW, order(cast)).agencies
    below.refresh_from_db()
    assert below.parent == new
    assert Directory(cast.city).members(named) == [new]
    assert set(Directory(cast.city, today=ON - timedelta(1)).members(named)) == set(culture)


def test_a_dry_run_says_what_will_happen_and_changes_nothing(cast, culture, make_obligation):
    make_obligation(owner=culture[0])
    before = (Agency.objects.count(), Membership.objects.count(), AgencyAlias.objects.count())
    seen = reorganising.merge_agencies(culture, NEW, order(cast, dry_run=True))
    assert "未完成的任务 1 项" in seen.sentence
    assert (Agency.objects.count(), Membership.objects.count(), AgencyAlias.objects.count()) == before
    assert Obligation.objects.get().owner == culture[0] and not Reorganisation.objects.exists()
    make_obligation(owner=culture[0])
    with pytest.raises(ActionRefused, match="预览之后"):
        reorganising.merge_agencies(culture, NEW, order(cast, expected=seen.sentence))
    assert not Reorganisation.objects.exists()


def test_the_same_form_is_one_reorganisation(cast, culture):
    first = order(cast)
    made = reorganising.merge_agencies(culture, NEW, first)
    again = reorganising.merge_agencies(culture, NEW, first)
    assert again.agencies == made.agencies and Reorganisation.objects.count() == 1
    with pytest.raises(ActionRefused, match="另一条记录"):
        reorganising.abolish_agency(cast.human, cast.finance, order(cast, key=first.key))


@pytest.mark.parametrize("who", EVERYBODY)
def test_only_the_office_of_the_place_reorganises(cast, culture, who):
    act = lambda: reorganising.merge_agencies(culture, NEW, order(cast, who))  # noqa: E731
    if who in {"openness_officer", "openness_colleague"}:
        assert act().agencies
    else:
        with pytest.raises(NotAllowed):
            act()


def test_refusals(cast, culture):
    tourism, arts = culture
    for olds, into, more, words in (
        ([], NEW, {}, "请选择"),
        (culture, NEW, {"basis": " "}, "依据"),
        (culture, NEW, {"on": TODAY + timedelta(1)}, "不能晚于今天"),
        (culture, NEW, {"on": date(2009, 1, 1)}, "设立日期"),
        (culture, arts, {}, "同一个机构"),
        (culture, NewAgency("清河市财政局"), {}, "不用重复登记"),
        (culture, NEW, {"key": ""}, "刷新"),
        ([tourism, cast.east_finance], NEW, {}, "不属于"),
    ):
        with pytest.raises(ActionRefused, match=words):
            reorganising.merge_agencies(olds, into, order(cast, **more))
    with pytest.raises(NotAllowed, match="不属于"):
        reorganising.merge_agencies([tourism], cast.east_finance, order(cast))
    reorganising.abolish_agency(tourism, arts, order(cast))
    with pytest.raises(ActionRefused, match="已于"):
        reorganising.abolish_agency(tourism, arts, order(cast))


def test_divided_things_go_where_they_were_given(cast, make_obligation):
    staff = {m.user.username: m for m in cast.reform.memberships.all()}
    one, other = make_obligation(subject_id=1), make_obligation(subject_id=2)
    series = Series.objects.create(
        jurisdiction=cast.city,
        owner=cast.reform,
        source="plan_task",
        subject_id=3,
        title="按月",
        cadence="monthly",
        since=date(2026, 1, 1),
        next_on=date(2026, 12, 1),
    )
    month = make_obligation(subject_id=3, series=series, period="2026-11", section=cast.section)
    parts = [NewAgency("清河市发展改革局", "市发展改革局"), NewAgency("清河市数据局", "市数据局")]
    chosen = {
        ("obligation", other.pk): 1,
        ("series", series.pk): 1,
        ("section", cast.section.pk): 1,
        ("membership", staff["drafter"].pk): 1,
    }
    outcome = reorganising.split_agency(cast.reform, parts, order(cast), chosen=chosen)
    reform, data = outcome.agencies
    owners = dict(Obligation.objects.values_list("pk", "owner"))
    assert owners == {one.pk: reform.pk, other.pk: data.pk, month.pk: data.pk}
    month.refresh_from_db()
    assert month.section.agency == data
    series.refresh_from_db()
    assert series.owner == data
    assert {m.agency for m in Membership.objects.filter(user=cast.drafter)} == {data}
    assert {m.agency for m in Membership.objects.filter(user=cast.head)} == {reform}
    assert Directory(cast.city).resolve("市发改委").agency == reform


def test_an_agency_may_give_up_a_part_and_go_on(cast, make_obligation):
    one, other = make_obligation(subject_id=1), make_obligation(subject_id=2)
    outcome = reorganising.split_agency(
        cast.reform, [NewAgency("清河市数据局")], order(cast), chosen={("obligation", other.pk): 0}, main=None
    )
    cast.reform.refresh_from_db()
    assert cast.reform.valid_to is None
    assert dict(Obligation.objects.values_list("pk", "owner")) == {one.pk: cast.reform.pk, other.pk: outcome.agencies[0].pk}


def test_a_section_moves_with_its_duties(cast, make_obligation):
    mine, others = make_obligation(subject_id=1, section=cast.section), make_obligation(subject_id=2)
    Membership.objects.filter(user=cast.drafter).update(section=cast.section)
    outcome = reorganising.move_section(cast.section, cast.finance, order(cast))
    mine.refresh_from_db()
    others.refresh_from_db()
    assert (mine.owner, mine.section.agency, mine.section.name) == (cast.finance, cast.finance, "政策法规科")
    assert others.owner == cast.reform and "未完成的任务 1 项" in outcome.sentence
    assert Membership.objects.get(user=cast.drafter).agency == cast.finance
    cast.section.refresh_from_db()
    assert cast.section.valid_to == ON - timedelta(1)


def test_a_renamed_agency_keeps_everything(cast, make_obligation):
    duty = make_obligation()
    outcome = reorganising.rename(cast.reform, "清河市发展改革局", "市发展改革局", order(cast))
    duty.refresh_from_db()
    cast.reform.refresh_from_db()
    assert duty.owner == cast.reform and cast.reform.short_name == "市发展改革局"
    assert outcome.names == "清河市发展和改革委员会更名为清河市发展改革局"
    for wording in ("市发改委", "清河市发展和改革委员会", "市发展改革局"):
        assert Directory(cast.city).resolve(wording).agency == cast.reform


def test_the_competent_department_hands_on_its_office(cast):
    with pytest.raises(ActionRefused, match="一并转入"):
        reorganising.merge_agencies([cast.office], NewAgency("清河市政务公开局"), order(cast), staff=False)
    (new,) = reorganising.merge_agencies([cast.office], NewAgency("清河市政务公开局"), order(cast)).agencies
    assert scope_of(cast.user("openness_officer")).is_office_of(cast.city.pk)
    assert new.is_competent and not Agency.objects.get(pk=cast.office.pk).is_competent


@given(data=st.data())
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_merger_loses_anything(cast, make_obligation, data):
    """Counts before = counts after + merged; no open obligation, series or helper is left with an agency that ended."""
    with transaction.atomic():
        agencies = [cast.reform, cast.finance, cast.human]
        draw = st.lists(st.tuples(st.sampled_from(agencies), st.integers(1, 4), st.sampled_from(["open", "done", "waived"])), max_size=12)
        seen = set()
        for owner, subject, state in data.draw(draw):
            if (owner.pk, subject) in seen:
                continue
            seen.add((owner.pk, subject))
            fields = {"fulfilled_on": TODAY} if state == "done" else {}
            if state == "waived":
                fields = {"waived_at": timezone.now(), "waived_by": cast.office_head, "waiver_reason": "免"}
            helpers = data.draw(st.sets(st.sampled_from([a for a in agencies if a != owner])))
            make_obligation(owner=owner, subject_id=subject, helpers=tuple(helpers), **fields)
        count = data.draw(st.integers(1, 3))
        olds = agencies[:count]
        into = data.draw(st.sampled_from([NEW, *agencies[count:]]))
        before, closed = Obligation.objects.filter(OPEN).count(), Counter(Obligation.objects.exclude(OPEN).values_list("pk", "owner"))
        outcome = reorganising.merge_agencies(olds, into, order(cast))
        moved = next(f for f in outcome.followed if f.title == "未完成的任务")
        still = Obligation.objects.filter(OPEN)
        assert before == still.count() + moved.merged
        assert not still.filter(owner__valid_to__isnull=False).exists()
        assert not Helper.objects.filter(obligation__in=still, agency__valid_to__isnull=False).exists()
        assert Counter(Obligation.objects.filter(pk__in=[pk for pk, _o in closed]).values_list("pk", "owner")) == closed
        ended = Obligation.objects.filter(merged_into__isnull=False, replaced_on__isnull=False)
        assert ended.count() == moved.merged and not ended.exclude(merged_into__in=still).exists()
        transaction.set_rollback(True)


def test_a_large_agency_costs_what_a_small_one_costs(cast, culture, make_obligation):
    def cost(n):
        for _ in range(n):
            make_obligation(owner=culture[0])
        with CaptureQueriesContext(connection) as queries:
            reorganising.merge_agencies(culture, NEW, order(cast, dry_run=True))
        return len(queries)

    assert cost(2) == cost(40)


@pytest.mark.django_db(transaction=True)
def test_two_offices_at_once(cast, culture, make_obligation, together):
    make_obligation(owner=culture[0])
    results = together(
        lambda: reorganising.abolish_agency(culture[0], culture[1], order(cast, "openness_officer")),
        lambda: reorganising.abolish_agency(culture[0], cast.finance, order(cast, "openness_colleague")),
    )
    assert sum(isinstance(r, reorganising.Outcome) for r in results) == 1, results
    assert Obligation.objects.get().owner == Agency.objects.get(pk=culture[0].pk).successor


def test_the_page_previews_then_confirms(cast, culture, client, make_obligation):
    tourism, arts = culture
    make_obligation(owner=tourism)
    address = reverse("agencies:reorganise", args=[tourism.pk])
    client.force_login(cast.user("drafter"))
    assert client.get(address).status_code == 403
    client.force_login(cast.openness_officer)
    assert address in client.get(reverse("agencies:detail", args=[tourism.pk])).content.decode()
    for kind in ("merge", "abolish", "split", "section", "rename"):
        assert client.get(address, {"kind": kind}).status_code == 200, kind
    form = {
        "kind": "merge",
        "key": str(uuid.uuid4()),
        "on": ON,
        "basis": BASIS,
        "others": [arts.pk],
        "name": NEW.name,
        "short_name": NEW.short_name,
        "staff": "on",
    }
    preview = client.post(address, form).content.decode()
    assert "未完成的任务 1 项" in preview and not Reorganisation.objects.exists()
    expected = "内设机构 2 个；人员任职 2 个；未完成的任务 1 项"
    unsure = client.post(address, {**form, "confirm": "1", "expected": expected})
    assert unsure.status_code == 422 and not Reorganisation.objects.exists(), "without the tick nothing happens"
    done = client.post(address, {**form, "confirm": "1", "sure": "on", "expected": expected}, follow=True)
    assert "清河市文化和旅游局" in done.content.decode() and Reorganisation.objects.count() == 1
    old = client.get(reverse("agencies:detail", args=[tourism.pk])).content.decode()
    assert BASIS in old and "职责承接" in old and address not in old


def asked_of(cast, owner, **more):
    values = {
        "jurisdiction": cast.city,
        "owner": owner,
        "source": "statute",
        "rule": "试验规则",
        "subject_id": 3,
        "title": "公开旅游投诉处理情况",
        "basis": "条例第一条",
    }
    return values | more


def test_what_is_opened_for_a_merged_agency_is_the_successors(cast, culture):
    """Whoever opens has read the directory before the merger."""
    tourism, arts = culture
    (heir,) = reorganising.merge_agencies(culture, NEW, order(cast)).agencies
    section = tourism.sections.get(name="办公室")
    wanted = [
        NewObligation(**asked_of(cast, tourism, starts_on=TODAY, due_on=TODAY, section=section, helpers=(arts, cast.reform))),
        NewObligation(**asked_of(cast, cast.finance, starts_on=TODAY, due_on=TODAY, helpers=(arts,))),
    ]
    mine, other = open_obligations(wanted, None)
    assert (mine.owner, mine.section.agency, mine.share) == (heir, heir, "办公室")
    assert [helper.agency for helper in mine.helpers.all()] == [cast.reform], "the owner is nobody's helper"
    assert [helper.agency for helper in other.helpers.all()] == [heir]
    opened = Entry.objects.filter(action="obligation.opened")
    assert sorted(opened.values_list("object_id", flat=True)) == sorted(str(row.pk) for row in (mine, other))
    assert open_obligations(wanted, None) == [mine, other]
    (series,) = open_series([NewSeries(**asked_of(cast, tourism, cadence="monthly", since=TODAY, helpers=(cast.finance,)))], None)
    assert (series.owner, list(series.helpers.all())) == (heir, [cast.finance])
    assert Obligation.objects.get(series=series).owner == heir
    assert not Obligation.objects.filter(owner__in=culture).exists()
    assert Entry.objects.filter(action="series.opened").count() == 1


def test_a_chain_of_mergers_ends_with_who_is_there(cast, culture):
    tourism, arts = culture
    for old, new in ((tourism, arts), (arts, cast.finance)):
        Agency.objects.filter(pk=old.pk).update(valid_to=TODAY - timedelta(1), successor=new)
    assert heirs_of([tourism.pk, arts.pk, cast.human.pk]) == {tourism.pk: cast.finance, arts.pk: cast.finance}


def test_what_the_merged_agency_had_done_is_not_asked_again(cast, culture):
    tourism, _arts = culture
    wanted = NewObligation(**asked_of(cast, tourism, starts_on=TODAY, due_on=TODAY))
    (done,) = open_obligations([wanted], None)
    Obligation.objects.filter(pk=done.pk).update(fulfilled_on=TODAY)
    reorganising.merge_agencies(culture, NEW, order(cast))
    assert open_obligations([wanted], None) == [done]


@pytest.mark.django_db(transaction=True)
def test_opened_while_the_merger_is_under_way(cast, culture, together):
    """The merger has begun and nobody sees it yet: what is opened for the old agency is the new one's once both are committed."""
    tourism, _arts = culture
    begun, asked = threading.Event(), order(cast)

    def merge():
        with transaction.atomic():
            reorganising.merge_agencies(culture, NEW, asked)
            begun.set()
            time.sleep(0.3)

    def opening():
        begun.wait(10)
        with transaction.atomic():
            open_obligations([NewObligation(**asked_of(cast, tourism, starts_on=TODAY, due_on=TODAY))], None)
            open_series([NewSeries(**asked_of(cast, tourism, cadence="monthly", since=TODAY))], None)

    assert together(merge, opening) == [None, None]
    heir = Agency.objects.get(name=NEW.name)
    assert set(Obligation.objects.values_list("owner", flat=True)) == {heir.pk}
    assert set(Series.objects.values_list("owner", flat=True)) == {heir.pk}


def test_what_a_killed_process_left_with_an_ended_agency_is_found(cast, culture, make_obligation):
    tourism, arts = culture
    Agency.objects.filter(pk=tourism.pk).update(valid_to=TODAY - timedelta(1), successor=cast.finance)
    left, done = make_obligation(owner=tourism), make_obligation(owner=tourism, fulfilled_on=TODAY)
    other = make_obligation(owner=arts)
    for _ in range(2):
        heirs.tick()
    owners = dict(Obligation.objects.values_list("pk", "owner"))
    assert owners == {left.pk: cast.finance.pk, done.pk: tourism.pk, other.pk: arts.pk}
    assert "机构改革时正在下达" in left.steps.get(kind="handed_over").text
