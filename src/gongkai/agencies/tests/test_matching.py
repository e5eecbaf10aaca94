"""Names of bodies: derived by rule, matched in the order of certainty, never guessed."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.agencies import names
from gongkai.agencies.matching import Directory
from gongkai.agencies.models import Agency, AgencyAlias, CollectiveName, Section


@pytest.mark.parametrize(
    ("name", "place", "expected"),
    [
        ("云岭市发展和改革委员会", "云岭市", ["市发展改革委", "市发改委", "云岭市发改委", "市发展和改革委员会"]),
        ("云岭市人力资源和社会保障局", "云岭市", ["市人社局", "市人力社保局", "市人力资源社会保障局"]),
        ("云岭市住房和城乡建设局", "云岭市", ["市住建局", "市住房城乡建设局"]),
        ("云岭市卫生健康委员会", "云岭市", ["市卫健委", "市卫生健康委"]),
        ("云岭市市场监督管理局", "云岭市", ["市市场监管局", "市市场监督管理局"]),
        ("云岭市国有资产监督管理委员会", "云岭市", ["市国资委"]),
        ("云岭市地方金融监督管理局", "云岭市", ["市地方金融监管局", "市金融监管局"]),
        ("云岭市政务服务中心", "云岭市", ["市政务服务中心"]),
        ("云岭市人民政府办公室", "云岭市", ["市政府办公室", "市政府办"]),
        ("中共云岭市委宣传部", "云岭市", ["市委宣传部"]),
        ("中共云岭市委机构编制委员会办公室", "云岭市", ["市委编办"]),
        ("中共云岭市委网络安全和信息化委员会办公室", "云岭市", ["市委网信办"]),
        ("国家税务总局云岭市税务局", "云岭市", ["市税务局", "云岭市税务局"]),
        ("南岭省发展和改革委员会", "南岭省", ["省发改委", "省发展改革委"]),
        ("北原自治区卫生健康委员会", "北原自治区", ["自治区卫健委", "区卫生健康委"]),
        ("青山苗族自治县财政局", "青山苗族自治县", ["县财政局", "自治县财政局"]),
        ("草原旗农牧和科技局", "草原旗", ["旗农牧和科技局", "旗农牧科技局"]),
        ("草原盟教育局", "草原盟", ["盟教育局"]),
        ("彩云州交通运输局", "彩云州", ["州交通运输局", "州交通局"]),
    ],
)
def test_short_names_follow_from_the_full_name_by_rule(name, place, expected):
    assert set(expected) <= names.derive(name, place).placed


def test_a_short_name_without_its_place_is_kept_apart():
    derived = names.derive("云岭市人力资源和社会保障局", "云岭市")
    assert {"人社局", "人力资源和社会保障局"} <= derived.bare
    assert not derived.bare & derived.placed


def test_single_character_shorts_do_not_spread():
    """教委 is 教育委员会, never 教局; 民委 is 民族事务委员会."""
    assert "市教委" in names.derive("云岭市教育委员会", "云岭市").placed
    assert "市教局" not in names.derive("云岭市教育局", "云岭市").placed


def _examples():
    for row in names._rules("collective_names")["pattern"]:
        for example in row["examples"]:
            yield example, row["rule"]


@pytest.mark.parametrize(("text", "rule"), list(_examples()))
def test_every_example_of_the_rules_file_holds(text, rule):
    found = names.collective_wording(text)
    assert found is not None
    assert found.rule == rule


@pytest.mark.parametrize(
    "text", ["市发改委", "清河市人民政府", "东山县", "各种渠道", "市政府办公室", "县政府", "农业农村部", "人民银行", "省直机关工委"]
)
def test_a_single_body_is_no_collective(text):
    assert names.collective_wording(text) is None


@given(st.text(max_size=80))
def test_any_wording_has_a_normal_form_that_stays(text):
    once = names.normal(text)
    assert names.normal(once) == once
    names.collective_wording(text)  # never raises, never hangs


@pytest.mark.parametrize(
    ("text", "who", "how"),
    [
        ("清河市发展和改革委员会", "reform", "name"),
        ("清河市 发展和改革委员会", "reform", "name"),
        ("市发改委", "reform", "alias"),
        ("市发展改革委", "reform", "derived"),
        ("发改委", "reform", "derived"),
        ("人社局", "human", "derived"),
        ("清河市人社局", "human", "derived"),
        ("市政府", "government", "alias"),
        ("市人民政府", "government", "derived"),
        ("市政府办", "office", "derived"),
        ("东山县人民政府", "east_government", "name"),
        ("东山县政府", "east_government", "derived"),
        ("东山县", "east_government", "derived"),
        ("东山县财政局", "east_finance", "name"),
        ("财政局", "finance", "derived"),
        ("市财政局(市国资委)", "finance", "alias"),
    ],
)
def test_resolve(cast, text, who, how):
    match = Directory(cast.city).resolve(text)
    assert match.agency == getattr(cast, who)
    assert match.how == how


def test_below_the_superior_is_named_with_its_level(cast):
    county = Directory(cast.east)
    assert county.resolve("市财政局").agency == cast.finance
    assert county.resolve("县财政局").agency == cast.east_finance
    assert county.resolve("财政局").agency == cast.east_finance
    assert county.resolve("人社局").agency is None  # the county has none; the city's is not meant without its level


def test_another_city_is_out_of_reach(cast):
    assert Directory(cast.city).resolve("远山市人民政府办公室").agency is None


@pytest.mark.parametrize("text", ["市就业促进中心", "省编办", "xyz", "", "　"])
def test_unknown_wordings_resolve_to_nothing(cast, text):
    match = Directory(cast.city).resolve(text)
    assert not match.resolved
    assert match.how == ""


def test_an_abolished_agency_is_not_matched_and_names_its_successor(cast):
    old = Agency.objects.create(
        jurisdiction=cast.city,
        code="990100-900",
        name="清河市物价局",
        valid_to=date(2019, 1, 1),
        successor=cast.reform,
    )
    match = Directory(cast.city).resolve("清河市物价局")
    assert match.agency is None
    assert match.suggestions[0].agency == cast.reform
    assert "已撤销" in match.suggestions[0].why
    assert Directory(cast.city, today=date(2018, 1, 1)).resolve("清河市物价局").agency == old


def test_conflicts_are_never_decided_silently(cast):
    Agency.objects.create(jurisdiction=cast.city, code="990100-901", name="清河市文化和旅游局")
    Agency.objects.create(jurisdiction=cast.city, code="990100-902", name="清河市文化广电和旅游局")
    match = Directory(cast.city).resolve("市文旅局")
    assert match.agency is None
    assert {s.agency.name for s in match.suggestions} == {"清河市文化和旅游局", "清河市文化广电和旅游局"}


def test_a_registered_alias_decides_the_conflict(cast):
    one = Agency.objects.create(jurisdiction=cast.city, code="990100-901", name="清河市文化和旅游局")
    Agency.objects.create(jurisdiction=cast.city, code="990100-902", name="清河市文化广电和旅游局")
    AgencyAlias.objects.create(agency=one, jurisdiction=cast.city, text="市文旅局")
    assert Directory(cast.city).resolve("市文旅局").agency == one


def test_parentheses_that_belong_to_the_name(cast):
    both = Agency.objects.create(jurisdiction=cast.city, code="990100-903", name="中共清河市委机构编制委员会办公室")
    AgencyAlias.objects.create(agency=both, jurisdiction=cast.city, text="市审改办")
    directory = Directory(cast.city)
    for text in ("市委编办（市审改办）", "市委编办(市审改办)", "市审改办", "市委编办"):
        assert directory.resolve(text).agency == both


def test_parts_that_mean_two_agencies_are_left_to_a_person(cast):
    match = Directory(cast.city).resolve("市发改委（市财政局）")
    assert match.agency is None
    assert {s.agency for s in match.suggestions} == {cast.reform, cast.finance}


def test_sections_of_the_issuer(cast):
    match = Directory(cast.city, issuer=cast.reform).resolve("政策法规科")
    assert (match.agency, match.section, match.how) == (cast.reform, cast.section, "section")
    assert not Directory(cast.city).resolve("政策法规科").resolved


def test_collective_names_by_pattern_and_their_members(cast):
    directory = Directory(cast.city)
    match = directory.resolve("各县（市、区）人民政府")
    assert match.how == "collective"
    assert match.collective.pk is None
    assert directory.members(match.collective) == [cast.west_government, cast.east_government]
    departments = directory.members(directory.resolve("市政府各部门").collective)
    assert departments == [cast.office, cast.reform, cast.finance, cast.human]
    everyone = directory.members(directory.resolve("各地区、各部门").collective)
    assert set(everyone) == {cast.west_government, cast.east_government, *departments}


def test_a_stored_collective_goes_before_the_pattern(cast):
    stored = CollectiveName.objects.create(jurisdiction=cast.city, text="相关部门", rule="explicit")
    stored.members.set([cast.human])
    directory = Directory(cast.city)
    match = directory.resolve("相关部门")
    assert match.collective == stored
    assert directory.members(match.collective) == [cast.human]


@pytest.mark.parametrize("text", ["相关部门", "各有关部门", "市政府有关部门"])
def test_vague_wordings_resolve_to_nothing_and_say_so(cast, text):
    match = Directory(cast.city).resolve(text)
    assert not match.resolved
    assert match.how == "vague"
    assert text in match.doubt
    assert not match.is_unknown


def test_suggestions_are_ranked_with_a_reason(cast):
    match = Directory(cast.city).resolve("市人力资源局")
    assert match.agency is None
    assert match.suggestions[0].agency == cast.human
    assert match.suggestions[0].why
    assert all(0 <= s.score < 100 for s in match.suggestions)
    assert [s.score for s in match.suggestions] == sorted((s.score for s in match.suggestions), reverse=True)
    assert len({s.agency.pk for s in match.suggestions}) == len(match.suggestions)


def test_shared_function_words_count(cast):
    first = Directory(cast.city).resolve("发展改革领导小组").suggestions[0]
    assert first.agency == cast.reform
    assert "发展和改革" in first.why


def test_find_in_prefers_the_longest_and_keeps_offsets(cast):
    text = "由市发改委牵头，财政局、东山县财政局和市人力资源和社会保障局配合，外县财政局不在其中。"
    found = Directory(cast.city).find_in(text)
    assert [(text[a:b], agency) for a, b, agency in found] == [
        ("市发改委", cast.reform),
        ("财政局", cast.finance),
        ("东山县财政局", cast.east_finance),
        ("市人力资源和社会保障局", cast.human),
    ]


def test_find_in_an_empty_directory(cast, django_assert_num_queries):
    from gongkai.agencies.models import Jurisdiction

    lonely = Jurisdiction.objects.create(code="990900", name="孤岛市", level="city")
    assert Directory(lonely).find_in("市发改委") == []


def test_the_directory_reads_a_constant_number_of_times(cast, django_assert_num_queries):
    with django_assert_num_queries(4):
        directory = Directory(cast.city)
        for text in ("市发改委", "各县区人民政府", "不认识的单位", "相关部门", "人社局"):
            directory.resolve(text)
        directory.members(directory.resolve("各部门").collective)
        directory.find_in("市发改委和市财政局")
    Agency.objects.bulk_create(Agency(jurisdiction=cast.city, code=f"990100-{n}", name=f"清河市第{n}办公室") for n in range(200, 260))
    Section.objects.create(agency=cast.reform, name="综合科")
    with django_assert_num_queries(4):
        Directory(cast.city).resolve("市第210办公室")
    with django_assert_num_queries(5):
        Directory(cast.city, issuer=cast.reform).resolve("综合科")
