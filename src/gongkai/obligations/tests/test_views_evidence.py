"""The evidence of an obligation through the web: who sees what, every form, its mistakes, and constant cost."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from gongkai.obligations import proving
from gongkai.obligations.models import Evidence, Obligation
from gongkai.obligations.proofs import public_links

AUTOMATIC = {"kinds": ["release"], "checks": ["published", "by_owner"]}
LINK = "https://www.example.gov.cn/a"


def key():
    return str(uuid.uuid4())


def page_of(client, obligation):
    return client.get(reverse("obligations:detail", args=[obligation.pk])).content.decode()


def post(client, obligation, verb, **data):
    return client.post(reverse("obligations:evidence", args=[obligation.pk, verb]), {"key": key()} | data)


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def duty(cast, make_obligation, today):
    return make_obligation(helpers=(cast.finance,), due_on=today + timedelta(30))


@pytest.mark.parametrize(
    ("who", "hand_in", "judge"),
    [
        ("drafter", 302, 403),
        ("head", 302, 403),
        ("secrecy_reviewer", 403, 403),
        ("other_officer", 403, 403),
        ("openness_officer", 403, 302),
        ("office_head", 403, 403),
        ("county_officer", 404, 404),
        ("stranger", 404, 404),
    ],
)
def test_whose_it_is(client, cast, duty, today, who, hand_in, judge):
    row = proving.hand_in(duty, cast.reviewer, key=key(), kind="address", url=LINK, proves="公开页", on=today)
    client.force_login(cast.user(who))
    given = {"url": LINK, "proves": "又一页", "on": str(today)}
    assert post(client, duty, "address", **given).status_code == hand_in
    assert post(client, duty, "judge", proof=row.pk, passed="yes").status_code == judge


def test_from_a_file_to_done(client, cast, duty, today):
    client.force_login(cast.user("drafter"))
    page = page_of(client, duty)
    assert "没有规定自动核查的办法" in page
    assert "还没有佐证" in page
    upload = SimpleUploadedFile("纪要.txt", "会议纪要".encode())
    response = post(client, duty, "file", file=upload, proves="会议纪要", on=str(today))
    assert (response.status_code, response["Location"]) == (302, f"{reverse('obligations:detail', args=[duty.pk])}#evidence")
    row = duty.evidence.get()
    page = page_of(client, duty)
    assert '<span class="state warn diamond">待核查</span>' in page
    assert reverse("obligations:file", args=[row.file_id]) in page
    assert "/evidence/judge/" not in page  # not the owner's
    client.force_login(cast.user("openness_officer"))
    assert "/evidence/judge/" in page_of(client, duty)
    response = post(client, duty, "judge", proof=row.pk, passed="no")
    assert response.status_code == 422
    assert "请写明为什么不符合" in response.content.decode()
    assert post(client, duty, "judge", proof=row.pk, passed="yes", reason="核对过").status_code == 302
    duty.refresh_from_db()
    assert duty.fulfilled_on == today
    page = page_of(client, duty)
    assert '<span class="state ok circle">符合</span>' in page
    assert post(client, duty, "withdraw", proof=row.pk, reason="").status_code == 422
    assert post(client, duty, "withdraw", proof=row.pk, reason="作废").status_code == 302
    duty.refresh_from_db()
    assert duty.fulfilled_on is None
    assert "撤回的佐证 1 份" in page_of(client, duty)


def test_a_record_is_chosen_from_what_the_owner_has(client, cast, make_obligation, releases, today):
    duty = make_obligation(proof=AUTOMATIC, quota_op=">=", quota_value=2, quota_unit="次", due_on=today + timedelta(60))
    client.force_login(cast.user("drafter"))
    assert "本单位还没有可以选的记录" in page_of(client, duty)
    releases.publish(1, today)
    releases.publish(2, today, agency_id=None)
    page = page_of(client, duty)
    assert f"发布：第1号发布（{today}）" in page
    assert post(client, duty, "record", record="release:1").status_code == 302
    page = page_of(client, duty)
    assert "已有 1 次，还差 1 次，期限前" in page
    assert 'href="/r/1/"' in page
    response = client.post(reverse("obligations:evidence", args=[duty.pk, "record"]), {"key": key(), "record": "release:2"}, follow=True)
    text = response.content.decode()
    assert "自动核查不符合" in text
    assert '<span class="state late cross">不符合</span>' in text
    assert "为什么不符合" in text
    assert post(client, duty, "record", record="release:9").status_code == 422
    assert post(client, duty, "record", record="release:1").status_code == 409  # handed in already


def test_a_quota_that_is_short_near_its_end_is_called_out(client, cast, make_obligation, today):
    make = {"quota_op": ">=", "quota_value": 2, "quota_unit": "次"}
    late = make_obligation(due_on=today - timedelta(1), **make)
    client.force_login(cast.user("drafter"))
    assert f"已有 0 次，还差 2 次，期限 {late.due_on} 已过" in page_of(client, late)


def test_no_change_from_draft_to_the_public(client, cast, make_obligation, today):
    duty = make_obligation(period="2026-Q4", starts_on=today - timedelta(20), proof={"no_change": True}, due_on=today + timedelta(9))
    client.force_login(cast.user("drafter"))
    assert "/evidence/declare/" not in page_of(client, duty)
    assert post(client, duty, "declare").status_code == 403
    assert post(client, duty, "no_change", proves="本季度没有新内容").status_code == 302
    client.force_login(cast.user("head"))
    assert "/evidence/declare/" in page_of(client, duty)
    assert post(client, duty, "declare", text="属实").status_code == 302
    duty.refresh_from_db()
    assert duty.fulfilled_on == today
    (link,) = public_links([duty])[duty.pk]
    assert (link.name, link.url) == (f"{today} 声明：本季度没有新内容", "")


def test_the_public_sees_records_and_addresses_that_passed_and_no_files(cast, make_obligation, releases, today):
    duty = make_obligation(proof=AUTOMATIC)
    proving.record_proves(duty, *releases.publish(1, today))
    proving.record_proves(duty, *releases.publish(2, today, public=False))
    proving.record_proves(duty, *releases.publish(3, None))
    assert [(link.name, link.url) for link in public_links([duty])[duty.pk]] == [("第1号发布", "/r/1/")]


def test_a_merged_duty_says_where_it_is_dealt_with(client, cast, make_obligation):
    main = make_obligation(title="按月公开财政收支")
    other = make_obligation(title="公开财政收支", merged_into=main)
    client.force_login(cast.user("drafter"))
    page = page_of(client, other)
    assert "已并入“<a" in page
    assert "已并入“按月公开财政收支”一并办理" in page
    assert post(client, other, "address", url=LINK, proves="x", on="2026-01-06").status_code == 409
    assert "一并办理、同时证明" in page_of(client, main)


@pytest.mark.parametrize("proof", ["", "x", "99999999999999999999", "١"])
def test_a_piece_that_is_not_there(client, cast, duty, proof):
    client.force_login(cast.user("openness_officer"))
    assert post(client, duty, "judge", proof=proof, passed="yes").status_code == 404
    assert post(client, duty, "explode").status_code == 404


def test_anothers_evidence_is_not_reached_through_ones_own(client, cast, duty, make_obligation, today):
    other = make_obligation(owner=cast.finance)
    row = proving.hand_in(other, cast.other_officer, key=key(), kind="address", url=LINK, proves="页", on=today)
    client.force_login(cast.user("drafter"))
    assert post(client, duty, "withdraw", proof=row.pk, reason="x").status_code == 404
    assert Evidence.objects.get(pk=row.pk).withdrawn_at is None


def test_the_same_form_twice_makes_one(client, cast, duty, today):
    client.force_login(cast.user("drafter"))
    form = {"key": key(), "url": LINK, "proves": "页", "on": str(today)}
    assert {post(client, duty, "address", **form).status_code for _ in range(2)} == {302}
    assert duty.evidence.count() == 1


def test_the_page_costs_the_same_for_much_evidence(client, cast, make_obligation, releases, today):
    duty = make_obligation(proof=AUTOMATIC | {"no_change": True}, quota_op=">=", quota_value=50, period="2026")

    def add(numbers):
        for n in numbers:
            proving.record_proves(duty, *releases.publish(n, today, url=f"/r/{n}/", public=bool(n % 2)))
            proving.hand_in(duty, cast.drafter, key=key(), kind="file", file=SimpleUploadedFile(f"{n}.txt", b"ok"), proves="页", on=today)

    for who in ("head", "openness_officer"):
        client.force_login(cast.user(who))
        add([10, 11] if who == "head" else [20, 21])
        page_of(client, duty)
        with CaptureQueriesContext(connection) as few:
            page_of(client, duty)
        add(range(30, 36) if who == "head" else range(40, 46))
        with CaptureQueriesContext(connection) as many:
            page_of(client, duty)
        assert len(many) == len(few), who
    assert Obligation.objects.get(pk=duty.pk).fulfilled_on is None


def test_the_ledger_and_its_files_show_how_far_a_quota_is(client, cast, make_obligation, releases, today):
    def add(n):
        for number in range(n):
            duty = make_obligation(proof=AUTOMATIC, quota_op=">=", quota_value=2, quota_unit="场", due_on=today + timedelta(90))
            proving.record_proves(duty, *releases.publish(number, today))

    ledger = reverse("obligations:ledger")
    client.force_login(cast.user("drafter"))
    add(1)
    client.get(ledger)
    with CaptureQueriesContext(connection) as few:
        assert "已有 1 场，还差 1 场" in client.get(ledger).content.decode()
    add(9)
    with CaptureQueriesContext(connection) as many:
        client.get(ledger)
    assert len(many) == len(few)
    text = client.get(reverse("obligations:export", args=["csv"])).content.decode("utf-8-sig")
    assert "数量进度" in text
    assert text.count("已有 1 场，还差 1 场") == 10
