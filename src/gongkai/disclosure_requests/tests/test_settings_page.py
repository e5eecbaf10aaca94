"""依申请公开设置 of a place: what the law leaves to it is data, set by its office, seen in the journal, used from then on."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from gongkai.agencies.models import AgencyProfile
from gongkai.conftest import Cast
from gongkai.disclosure_requests.actions import archiving, correcting, mail
from gongkai.disclosure_requests.models import Applicant, ContactTest, Correction, PlaceSettings
from gongkai.disclosure_requests.tests.cases import accepted
from gongkai.journal.models import Entry
from gongkai.reminders.models import Message


def at(cast: Cast, who: str) -> Client:
    client = Client()
    client.force_login(cast.user(who))
    return client


def form(**changes: Any) -> dict[str, Any]:
    row = PlaceSettings()
    names = ("clarify_days", "frequent_items", "retention_years", "plain_an_hour", "contact_test_days", "number_pattern", "reply_pattern")
    values = {name: getattr(row, name) for name in names} | {"charges": "on", "without_script": "on", "sends_receipt": "on"}
    return {"key": str(uuid.uuid4()), **values, **changes}


def address(cast: Cast) -> str:
    return reverse("request_cases:settings", args=[cast.city.pk])


def test_the_office_sets_and_everything_uses_it(cast: Cast) -> None:
    office = at(cast, "openness_officer")
    assert address(cast) in office.get(reverse("request_cases:alarms")).content.decode()
    page = office.get(address(cast)).content.decode()
    assert "个人信息保存年限" in page and "不运行脚本的提交" in page and "保存设置" in page
    told = form(plain_an_hour=2, retention_years=3, number_pattern="清{code}-{year}-{n:03d}", court="清河区人民法院")
    assert office.post(address(cast), told).status_code == 302
    row = PlaceSettings.objects.get(jurisdiction=cast.city)
    assert (row.plain_an_hour, row.retention_years, row.court) == (2, 3, "清河区人民法院")
    assert accepted(cast).number.startswith("清990100-")
    assert office.post(address(cast), form(plain_an_hour=9, retention_years=3)).status_code == 302
    entry = Entry.objects.filter(object_kind="disclosure_requests.placesettings").latest("pk")
    assert '"plain_an_hour": 2' in entry.old.replace('":2', '": 2') and '"plain_an_hour": 9' in entry.new.replace('":9', '": 9')


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"retention_years": "0"}, "写 1 到 100 之间"),
        ({"plain_an_hour": "0"}, "写 1 到 1000 之间"),
        ({"contact_test_days": "9999"}, "写 0 到 365 之间"),
        ({"number_pattern": "{year}-{n}"}, "缺少 {code}"),
        ({"number_pattern": "{code}-{year}-{n"}, "花括号要成对"),
        ({"number_pattern": "{code}{year}{n:zz}"}, "花括号要成对"),
        ({"number_pattern": "{code.__class__}{year}{n}"}, "只能用"),
        ({"reply_pattern": "{agency}〔{year}〕号"}, "缺少 {n}"),
    ],
)
def test_what_cannot_be_set_is_said_and_nothing_is_kept(cast: Cast, changes: dict[str, str], words: str) -> None:
    answer = at(cast, "openness_officer").post(address(cast), form(**changes))
    assert (answer.status_code, words in answer.content.decode()) == (409, True)
    assert not PlaceSettings.objects.exists()


def test_nobody_else_sets(cast: Cast) -> None:
    for person in ("drafter", "head", "other_officer", "county_officer", "stranger"):
        client = at(cast, person)
        assert (client.get(address(cast)).status_code, client.post(address(cast), form()).status_code) == (404, 404), person
    head = at(cast, "office_head")
    assert "保存设置" not in head.get(address(cast)).content.decode()
    assert head.post(address(cast), form(plain_an_hour=1)).status_code == 403
    assert not PlaceSettings.objects.exists()


def correction(cast: Cast, key: str, **more: Any) -> Correction:
    today = timezone.localdate()
    told = {"applicant": "孙三 13800138000", "record": "2024年批复的地址", "claim": "门牌号错了", "received_on": today}
    return correcting.register(cast.reform, cast.drafter, key=key, **{**told, **more})


def answered(cast: Cast, row: Correction) -> Correction:
    today = timezone.localdate()
    return correcting.answer(row, cast.drafter, key=f"a{row.pk}", result="corrected", words="孙三的地址已改为12号", answered_on=today)


def test_a_correction_without_a_request_is_emptied_after_the_term_of_the_place(cast: Cast, on: Any) -> None:
    PlaceSettings.objects.create(jurisdiction=cast.city, retention_years=2)
    on("2026-03-02")
    row = answered(cast, correction(cast, "c"))
    assert row.retention_until == date(2028, 3, 2)
    waiting = correction(cast, "w")
    home = reverse("request_cases:privacy")
    on("2028-03-02")
    assert archiving.tick() == 0, "on its last day it is still kept"
    on("2028-03-03")
    counted = {one["label"]: one["n"] for one in at(cast, "drafter").get(home).context["counts"]}
    assert counted["更正申请已到期，等候清除"] == 1
    assert {one["label"]: one["n"] for one in at(cast, "other_officer").get(home).context["counts"]}["更正申请已到期，等候清除"] == 0
    assert (archiving.tick(), archiving.tick()) == (1, 0)
    row = Correction.objects.get(pk=row.pk)
    assert (row.applicant, row.claim, row.words, row.record) == ("", "", "", archiving.ANONYMOUS)
    assert (row.result, row.number != "", row.anonymised_at is not None) == ("corrected", True, True)
    assert Correction.objects.get(pk=waiting.pk).applicant, "what was never answered still waits for its answer"
    where = reverse("request_cases:correction", args=[row.pk])
    assert "孙三" not in at(cast, "drafter").get(f"{where}?show=1").content.decode()
    assert at(cast, "other_officer").get(where).status_code == 404
    assert "13800138000" not in " ".join(Entry.objects.values_list("old", flat=True))


@pytest.mark.parametrize("result", Correction.Result.values)
def test_who_asked_for_a_correction_is_told_in_a_letter(cast: Cast, result: str) -> None:
    """条例第四十一条: corrected and told; passed on or sent on; refused with reasons and the two roads."""
    from gongkai.disclosure_requests.tests.test_letters import words_of

    row = correction(cast, "c")
    told = {"result": result, "words": "门牌号的情况", "to": "清河市自然资源局", "answered_on": timezone.localdate()}
    where = reverse("request_cases:correction_letter", args=[row.pk, "docx"])
    assert at(cast, "drafter").get(where).status_code == 404, "nothing to tell yet"
    correcting.answer(row, cast.drafter, key="a", **told)
    for fmt in ("docx", "pdf"):
        answer = at(cast, "drafter").get(where.replace("docx", fmt))
        words = words_of(f"x.{fmt}", answer.content)
        assert "孙三：" in words and "13800138000" not in words and "2024年批复的地址" in words and "门牌号的情况" in words
        assert ("清河市自然资源局" in words) == (result in correcting.ELSEWHERE)
        assert ("也可以" in words) == (result != "corrected")
    assert row.looks.count() == 2
    assert at(cast, "drafter").get(where.replace("docx", "exe")).status_code == 404


def test_an_open_correction_keeps_its_case(cast: Cast) -> None:
    from gongkai.disclosure_requests.actions import filing
    from gongkai.disclosure_requests.models import DisclosureRequest

    case = filing.withdraw(accepted(cast), None, key="w", reason="")
    row = correction(cast, "c", request=case)
    DisclosureRequest.objects.filter(pk=case.pk).update(retention_until=timezone.localdate() - timedelta(1))
    assert (archiving.tick(), archiving.due().get().held) == (0, True)
    assert answered(cast, row).retention_until is None, "it goes with its case"
    assert archiving.tick() == 1
    assert Applicant.objects.get(request=case).name == Correction.objects.get(pk=row.pk).applicant == ""


def test_what_the_office_wrote_on_the_way_goes_too(cast: Cast) -> None:
    from gongkai.disclosure_requests.actions import assigning, clarifying, filing, frequency, serving
    from gongkai.disclosure_requests.models import DisclosureRequest, Service

    row = accepted(cast, route="post", address="清河市")
    made = assigning.assign(row, cast.drafter, key="1", task="检索赵申请要的文件", person=cast.drafter)
    assigning.answer(made, cast.drafter, key="2", words="赵申请要的已找到")
    frequency.ask(row, cast.drafter, key="3", facts="赵申请本月多件")
    serving.served(Service.objects.get(letter="receipt"), cast.drafter, key="4", on=timezone.localdate(), proof="赵申请签收")
    serving.not_served(Service.objects.get(letter="frequency"), cast.drafter, key="5", reason="赵申请搬走")
    clarifying.ask(row, cast.drafter, key="6", items="请赵申请写明年份", due_on=timezone.localdate() + timedelta(20))
    filing.withdraw(DisclosureRequest.objects.get(pk=row.pk), None, key="7", reason="")
    DisclosureRequest.objects.filter(pk=row.pk).update(retention_until=timezone.localdate() - timedelta(1))
    assert archiving.tick() == 1
    fresh = DisclosureRequest.objects.get(pk=row.pk)
    told = [fresh.clarification, fresh.frequency, *fresh.assignments.all(), *fresh.services.all(), *fresh.files.all()]
    kept = " ".join(str(value) for one in told for value in vars(one).values())
    assert "赵申请" not in kept
    assert at(cast, "drafter").get(reverse("request_cases:case", args=[row.pk])).status_code == 200


def guide(cast: Cast, settings: Any) -> None:
    settings.MAIL_URL = "smtp://127.0.0.1:9"
    AgencyProfile.objects.update_or_create(agency=cast.reform, defaults={"intake_email": "shenqing@example.cn"})


def test_the_address_of_a_guide_tests_itself(cast: Cast, on: Any, settings: Any) -> None:
    on("2026-03-02")
    guide(cast, settings)
    assert (mail.tick(), mail.tick()) == (1, 0)
    test = ContactTest.objects.get()
    assert (test.agency, test.address) == (cast.reform, "shenqing@example.cn")
    Message.objects.filter(key=f"contact:{test.pk}").update(state=Message.State.FAILED, error="550 没有这个邮箱")
    for person, seen in (("openness_officer", True), ("drafter", True), ("other_officer", False)):
        answer = at(cast, person).get(reverse("request_cases:alarms"))
        assert ("550 没有这个邮箱" in answer.content.decode()) == seen, person
    on("2026-03-31")
    assert mail.tick() == 0
    on("2026-04-02")
    assert mail.tick() == 1
    PlaceSettings.objects.create(jurisdiction=cast.city, contact_test_days=0)
    on("2027-04-02")
    assert mail.tick() == 0, "the place wants none"


def test_where_no_mail_leaves_nothing_is_tested(cast: Cast, settings: Any) -> None:
    guide(cast, settings)
    settings.MAIL_URL = ""
    assert mail.tick() == 0
