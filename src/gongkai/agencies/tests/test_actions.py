"""Keeping the directory: who may, what is refused, and that nothing becomes an agency by itself."""

from __future__ import annotations

from datetime import date

import pytest

from gongkai.agencies import actions
from gongkai.agencies.errors import ActionRefused, NotAllowed
from gongkai.agencies.matching import Directory
from gongkai.agencies.models import Agency, AgencyAlias, AgencySuggestion, CollectiveName, Section
from gongkai.agencies.signals import directory_changed, suggestion_decided
from gongkai.agencies.tests.test_access import EVERYBODY, OFFICE


@pytest.fixture
def suggestion(cast):
    return AgencySuggestion.objects.create(jurisdiction=cast.city, text="市就业促进中心", context="公开就业政策")


def _verbs(cast, suggestion, actor):
    return {
        "register": lambda: actions.register_agency(cast.city, "清河市审计局", "市审计局", "department", actor),
        "alias": lambda: actions.add_alias(cast.reform, "市计委", actor),
        "rename": lambda: actions.rename_agency(cast.reform, "清河市发展改革局", actor, date(2026, 3, 1)),
        "match": lambda: actions.match_suggestion(suggestion, cast.human, actor),
        "create": lambda: actions.create_from_suggestion(suggestion, actor, "清河市就业促进中心", "市就业中心", "public"),
        "collective": lambda: actions.suggestion_is_collective(suggestion, actor, "explicit", [cast.human]),
        "dismiss": lambda: actions.dismiss_suggestion(suggestion, actor),
    }


@pytest.mark.parametrize("verb", ["register", "alias", "rename", "match", "create", "collective", "dismiss"])
@pytest.mark.parametrize("who", EVERYBODY)
def test_only_the_office_of_the_place_keeps_its_directory(cast, suggestion, who, verb):
    deed = _verbs(cast, suggestion, cast.user(who))[verb]
    if who in OFFICE:
        deed()
        return
    before = (Agency.objects.count(), AgencyAlias.objects.count())
    with pytest.raises(NotAllowed):
        deed()
    suggestion.refresh_from_db()
    assert suggestion.state == "open"
    assert (Agency.objects.count(), AgencyAlias.objects.count()) == before


def test_the_operator_at_the_command_line_needs_no_membership(cast):
    assert actions.register_agency(cast.city, "清河市审计局", "市审计局", "department", None).code == "990100-006"


@pytest.mark.parametrize(
    ("name", "short", "kind", "sentence"),
    [
        ("", "", "department", "请填写机构全称"),
        ("清河市财政局", "", "department", "不用重复登记"),
        ("清河市 财政局", "", "department", "不用重复登记"),
        ("清河市审计局", "", "club", "请选择机构类别"),
    ],
)
def test_register_refuses(cast, name, short, kind, sentence):
    with pytest.raises(ActionRefused, match=sentence):
        actions.register_agency(cast.city, name, short, kind, cast.openness_officer)


def test_register_refuses_a_second_competent_department_and_a_used_code(cast):
    with pytest.raises(ActionRefused) as refusal:
        actions.register_agency(cast.city, "清河市大数据局", "", "department", cast.openness_officer, is_competent=True, code="990100-003")
    assert len(refusal.value.reasons) == 2


def test_an_alias_means_one_agency(cast):
    first = actions.add_alias(cast.reform, "市计委", cast.openness_officer)
    assert actions.add_alias(cast.reform, " 市计委 ", cast.openness_officer) == first
    with pytest.raises(ActionRefused, match="清河市发展和改革委员会"):
        actions.add_alias(cast.finance, "市计委", cast.openness_officer)
    with pytest.raises(ActionRefused, match="清河市财政局"):
        actions.add_alias(cast.reform, "清河市财政局", cast.openness_officer)


def test_an_alias_reaches_no_other_city(cast):
    with pytest.raises(ActionRefused, match="不属于本地区"):
        actions.add_alias(cast.elsewhere_office, "远山办", cast.openness_officer, jurisdiction=cast.city)


def test_after_renaming_the_old_name_still_finds_the_agency(cast):
    actions.rename_agency(cast.reform, "清河市发展改革局", cast.openness_officer, date(2026, 3, 1))
    directory = Directory(cast.city)
    assert directory.resolve("清河市发展和改革委员会").agency == cast.reform
    assert directory.resolve("清河市发展改革局").how == "name"
    alias = AgencyAlias.objects.get(agency=cast.reform)
    assert (alias.origin, alias.used_until) == ("former", date(2026, 3, 1))
    with pytest.raises(ActionRefused, match="已是"):
        actions.rename_agency(cast.reform, "清河市财政局", cast.openness_officer, date(2026, 3, 1))


def test_matching_a_suggestion_makes_an_alias_and_says_so(cast, suggestion):
    heard = []

    def hear(**kwargs):
        heard.append(kwargs)

    suggestion_decided.connect(hear)
    try:
        actions.match_suggestion(suggestion, cast.human, cast.openness_officer)
    finally:
        suggestion_decided.disconnect(hear)
    suggestion.refresh_from_db()
    assert (suggestion.state, suggestion.agency, suggestion.decided_by) == ("matched", cast.human, cast.openness_officer)
    assert suggestion.decided_at is not None
    assert Directory(cast.city).resolve("市就业促进中心").agency == cast.human
    assert heard[0]["suggestion"].agency == cast.human


def test_a_decision_is_made_once(cast, suggestion):
    actions.match_suggestion(suggestion, cast.human, cast.openness_officer)
    for deed in _verbs(cast, suggestion, cast.openness_colleague).values():
        if deed.__code__.co_names and "suggestion" in " ".join(deed.__code__.co_names):
            with pytest.raises(ActionRefused, match="已经确认过"):
                deed()


def test_as_a_section_there_is_no_alias(cast, suggestion):
    actions.match_suggestion(suggestion, cast.human, cast.openness_officer, as_section=True)
    suggestion.refresh_from_db()
    assert suggestion.state == "section"
    assert Section.objects.filter(agency=cast.human, name="市就业促进中心").exists()
    assert not AgencyAlias.objects.exists()


def test_creating_registers_the_body_and_its_wording(cast, suggestion):
    actions.create_from_suggestion(suggestion, cast.openness_officer, "清河市公共就业服务中心", "", "public")
    suggestion.refresh_from_db()
    assert suggestion.state == "created"
    assert suggestion.agency.name == "清河市公共就业服务中心"
    assert Directory(cast.city).resolve("市就业促进中心").agency == suggestion.agency


def test_creating_a_body_that_exists_is_refused_and_leaves_nothing(cast, suggestion):
    count = Agency.objects.count()
    with pytest.raises(ActionRefused):
        actions.create_from_suggestion(suggestion, cast.openness_officer, "清河市财政局", "", "public")
    suggestion.refresh_from_db()
    assert suggestion.state == "open"
    assert Agency.objects.count() == count


def test_a_collective_needs_members_or_a_rule(cast, suggestion):
    with pytest.raises(ActionRefused, match="选出"):
        actions.suggestion_is_collective(suggestion, cast.openness_officer, "explicit", [])
    with pytest.raises(ActionRefused, match="范围"):
        actions.suggestion_is_collective(suggestion, cast.openness_officer, "whoever", [])
    with pytest.raises(ActionRefused, match="不属于本地区"):
        actions.suggestion_is_collective(suggestion, cast.openness_officer, "explicit", [cast.elsewhere_office])
    actions.suggestion_is_collective(suggestion, cast.openness_officer, "explicit", [cast.human, cast.finance])
    match = Directory(cast.city).resolve("市就业促进中心")
    assert set(Directory(cast.city).members(match.collective)) == {cast.human, cast.finance}


def test_a_dismissed_wording_is_not_asked_again(cast, suggestion):
    actions.dismiss_suggestion(suggestion, cast.openness_officer)
    assert actions.suggest(cast.city, [("市就业促进中心", "再一次")]) == 0
    assert AgencySuggestion.objects.get().state == "dismissed"


def test_suggest_keeps_one_row_for_a_wording(cast):
    assert actions.suggest(cast.city, [("市 甲中心", "一"), ("市甲中心", "二"), ("市乙中心", "三"), ("", "四")]) == 2
    assert actions.suggest(cast.city, [("市甲中心", "五")]) == 0
    assert AgencySuggestion.objects.get(text="市甲中心").context == "一"
    assert Agency.objects.filter(name__contains="甲").count() == 0


def test_keeping_a_collective_twice_keeps_one(cast):
    found = Directory(cast.city).resolve("各县区人民政府").collective
    again = Directory(cast.city).resolve("各县区人民政府").collective
    assert actions.keep_collective(found) == actions.keep_collective(again)
    assert CollectiveName.objects.count() == 1


def test_a_change_of_the_directory_is_announced(cast):
    heard = []

    def hear(**kwargs):
        heard.append(kwargs["jurisdiction"])

    directory_changed.connect(hear)
    try:
        actions.add_alias(cast.reform, "市计委", cast.openness_officer)
    finally:
        directory_changed.disconnect(hear)
    assert heard == [cast.city]


@pytest.mark.django_db(transaction=True)
def test_two_people_give_one_alias_to_two_agencies_at_once(cast, together):
    results = together(
        lambda: actions.add_alias(cast.reform, "市经发局", cast.openness_officer),
        lambda: actions.add_alias(cast.finance, "市经发局", cast.openness_colleague),
    )
    assert sorted(type(r).__name__ for r in results) == ["ActionRefused", "AgencyAlias"]
    assert AgencyAlias.objects.filter(text="市经发局").count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_people_decide_one_suggestion_at_once(cast, suggestion, together):
    results = together(
        lambda: actions.match_suggestion(suggestion, cast.human, cast.openness_officer),
        lambda: actions.dismiss_suggestion(suggestion, cast.openness_colleague),
    )
    assert sorted(type(r).__name__ for r in results) == ["ActionRefused", "AgencySuggestion"]
