"""What an agency tells of itself: who keeps it, what is refused, the guide that follows it, what lacks and what is old."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from gongkai.agencies import guides, profiles
from gongkai.agencies.actions import rename_agency
from gongkai.agencies.errors import ActionRefused, NotAllowed
from gongkai.agencies.models import Agency, AgencyProfile, GuideVersion, Section
from gongkai.clocks.limits import limit
from gongkai.journal.models import Entry

WHOLE = {
    "functions": "1. 拟订全市发展规划\n（二）管理价格\n\n",
    "address": "清河市示范路3号",
    "phone": "0000-0000003",
    "office_hours": "工作日 9:00—17:00",
    "fax": "未设传真",
    "email": "fgw@example.gov.cn",
    "postal_code": "000003",
    "intake_name": "清河市发展和改革委员会办公室",
}


def test_the_guide_names_every_field_of_article_12_and_its_mend(cast):
    """S2-12: the intake body's name, address, phone and e-mail are published, and what lacks is named."""
    labels = [field.label for field in guides.missing(cast.reform)]
    for label in ("政府信息公开工作机构的名称", "办公地址", "办公时间", "联系电话", "传真号码", "互联网联系方式", "机关职能"):
        assert label in labels
    assert all(field.mend and field.article for field in guides.rules().fields)
    profiles.save_profile(cast.reform, cast.drafter, WHOLE)
    assert guides.missing(Agency.objects.get(pk=cast.reform.pk)) == []
    organ = next(part for part in guides.latest(cast.reform).content if part["code"] == "organ")
    assert ["联系电话", "0000-0000003"] in organ["rows"] and ["互联网联系方式", "fgw@example.gov.cn"] in organ["rows"]
    assert AgencyProfile.objects.get().functions == "拟订全市发展规划\n管理价格", "the page numbers functions itself"


def test_the_limits_in_the_guide_are_those_of_the_clock(cast):
    profiles.save_profile(cast.reform, cast.drafter, WHOLE)
    steps = "".join(next(part["steps"] for part in guides.latest(cast.reform).content if part["code"] == "requests"))
    assert limit("reply", timezone.localdate()).words in steps and limit("clarify", timezone.localdate()).words in steps
    old = guides.compose(cast.reform, AgencyProfile(agency=cast.reform), {}, date(2018, 1, 1))
    assert limit("reply", date(2018, 1, 1)).words in "".join(next(part["steps"] for part in old if part["code"] == "requests"))
    for part in guides.latest(cast.reform).content:
        assert "{" not in "".join([*part["paragraphs"], *part["steps"]])


def test_every_change_gives_a_dated_version_and_earlier_ones_stay(cast):
    profiles.save_profile(cast.reform, cast.drafter, WHOLE)
    assert not profiles.save_profile(cast.reform, cast.drafter, WHOLE), "the same again is no deed"
    profiles.save_profile(cast.reform, cast.head, {"intake_phone": "0000-0000099"})
    first, second = GuideVersion.objects.order_by("number")
    assert (first.on, second.on) == (timezone.localdate(), timezone.localdate())
    assert "0000-0000099" not in str(first.content) and "0000-0000099" in str(second.content)
    assert Entry.objects.filter(action="agency.profile_changed").count() == 2
    assert Entry.objects.filter(action="guide.renewed").count() == 2
    rename_agency(cast.reform, "清河市发展改革委", cast.openness_officer, timezone.localdate())
    assert "清河市发展改革委" in str(guides.latest(cast.reform).content), "the guide follows the name"
    profiles.save_profile(cast.reform, cast.drafter, {"website": "https://example.gov.cn/"})
    assert GuideVersion.objects.count() == 3, "what the guide does not say makes no version"


def test_who_keeps_and_who_confirms(cast):
    for person in (cast.other_officer, cast.county_officer, cast.secrecy_reviewer):
        with pytest.raises(NotAllowed):
            profiles.save_profile(cast.reform, person, {"fax": "未设"})
    with pytest.raises(NotAllowed):
        profiles.confirm(cast.reform, cast.drafter)
    with pytest.raises(ActionRefused) as refused:
        profiles.confirm(cast.reform, cast.head)
    assert any("机关职能还没有填写：" in reason for reason in refused.value.reasons)
    profiles.save_profile(cast.reform, cast.openness_officer, WHOLE)
    assert profiles.confirm(cast.reform, cast.head) and not profiles.confirm(cast.reform, cast.head)
    assert AgencyProfile.objects.get().confirmed_on == timezone.localdate()
    assert Entry.objects.filter(action="agency.profile_confirmed").count() == 1


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"phone": "打总机"}, "带区号"),
        ({"email": "没有"}, "example.gov.cn"),
        ({"postal_code": "1234"}, "六位数字"),
        ({"intake_url": "javascript:alert(1)"}, "https://"),
        ({"fax": "x" * 50}, "不能超过 40 个字"),
        ({"office_hours": "9\x00点"}, "字符"),
        ({"functions": "\n".join(["管"] * 61)}, "最多 60 条"),
    ],
)
def test_nonsense_is_refused_at_its_field_and_nothing_typed_is_lost(client, cast, values, says):
    client.force_login(cast.drafter)
    page = client.post(reverse("agencies:profile", args=[cast.reform.pk]), WHOLE | values)
    html = page.content.decode()
    assert page.status_code == 422 and says in html
    assert "清河市发展和改革委员会办公室" in html
    assert not GuideVersion.objects.exists()
    with pytest.raises(ActionRefused):
        profiles.save_profile(cast.reform, cast.drafter, values)


def test_the_page_keeps_and_confirms(client, cast):
    client.force_login(cast.head)
    url = reverse("agencies:profile", args=[cast.reform.pk])
    assert "还缺" in client.get(url).content.decode()
    assert client.post(url, WHOLE).status_code == 302
    client.post(reverse("agencies:confirm_profile", args=[cast.reform.pk]))
    html = client.get(url).content.decode()
    assert f"{timezone.localdate():%Y-%m-%d}" in html and "齐全" in html and "第1版" in html


def test_sections_are_kept_with_what_they_do(client, cast):
    client.force_login(cast.drafter)
    url = reverse("agencies:keep_section", args=[cast.reform.pk])
    for _ in range(2):
        client.post(url, {"name": "价格科", "functions": "1、管理价格", "phone": "0000-0000033"})
    row = Section.objects.get(name="价格科")
    assert (row.functions, row.phone) == ("管理价格", "0000-0000033")
    assert Entry.objects.filter(action="section.added").count() == 1
    client.post(url, {"section": row.pk, "name": "价格和收费科", "functions": "管理价格"})
    row.refresh_from_db()
    assert row.name == "价格和收费科"
    assert "已有“" in client.post(url, {"section": row.pk, "name": cast.section.name}).content.decode()
    assert client.post(url, {"name": ""}).status_code == 422
    client.post(reverse("agencies:end_section", args=[cast.reform.pk, row.pk]), {"on": "2026-11-01"})
    row.refresh_from_db()
    assert row.valid_to == date(2026, 11, 1) and Entry.objects.filter(action="section.ended").exists()


def test_the_office_sees_what_lacks_and_what_is_old(client, cast):
    profiles.save_profile(cast.reform, cast.drafter, WHOLE)
    profiles.confirm(cast.reform, cast.head)
    client.force_login(cast.openness_officer)
    url = reverse("agencies:guide_checks")
    html = client.get(url).content.decode()
    assert "机关职能" in html and cast.finance.name in html and cast.east_finance.name not in html
    assert cast.reform.name in client.get(f"{url}?state=complete").content.decode()
    AgencyProfile.objects.update(confirmed_on=timezone.localdate() - timedelta(guides.confirm_days() + 1))
    assert cast.reform.name in client.get(f"{url}?state=stale").content.decode()
    assert cast.reform in guides.stale(timezone.localdate())


def test_the_check_asks_no_more_for_more_agencies(client, cast):
    client.force_login(cast.openness_officer)

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("agencies:guide_checks"))
        return len(queries)

    asked()
    before = asked()
    for n in range(20, 30):
        Agency.objects.create(jurisdiction=cast.city, code=f"990100-{n}", name=f"清河市第{n}局")
    assert asked() <= before


def test_a_place_says_a_part_in_its_own_words(client, cast):
    profiles.save_profile(cast.reform, cast.drafter, WHOLE)
    client.force_login(cast.openness_officer)
    url = reverse("agencies:guide_texts", args=[cast.city.pk])
    assert client.get(url).status_code == 200
    client.post(url, {"part": "fees", "text": "不收费。\n\n请放心。"})
    fees = next(part for part in guides.latest(cast.reform).content if part["code"] == "fees")
    assert fees["paragraphs"] == ["不收费。", "请放心。"]
    client.post(url, {"part": "fees", "text": ""})
    assert "不收取费用" in str(guides.latest(cast.reform).content)
    assert client.post(url, {"part": "none", "text": "x"}).status_code == 422
    assert Entry.objects.filter(action="guide.worded").count() == 2
    with pytest.raises(NotAllowed):
        profiles.set_guide_text(cast.city, cast.head, "fees", "收费")
