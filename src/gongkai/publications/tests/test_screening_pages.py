"""The pages as a person without JavaScript meets them, and who may open which."""

from __future__ import annotations

import re
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import get_resolver, reverse

from gongkai.conftest import PEOPLE
from gongkai.publications.models import HistoryScreening, ScreeningFinding, ScreeningPolicy, Wording, WordingList
from gongkai.publications.screening import history as history_screening
from gongkai.publications.screening.page import where_words
from gongkai.publications.tests.making import draft, live, revise
from gongkai.publications.tests.screened import ID, MASKED, MOBILE, key, looked, paper, with_files, workbook

REFORM = {"drafter", "reviewer", "secrecy_reviewer", "head"}
CITY_OFFICE = {"openness_officer", "openness_colleague"}
OFFICES = CITY_OFFICE | {"county_officer", "stranger"}
ALL = frozenset(PEOPLE)
GET = {
    "index": (ALL, 404),
    "page": (REFORM | CITY_OFFICE, 404),
    "progress": (REFORM | CITY_OFFICE, 404),
    "edition": (REFORM | CITY_OFFICE, 404),
    "wordings": (OFFICES, 403),
    "wording_list": (CITY_OFFICE, {"county_officer": 404, "stranger": 404}),
    "wording_export": (CITY_OFFICE, {"county_officer": 404, "stranger": 404}),
    "policy": (CITY_OFFICE, {"county_officer": 404, "stranger": 404}),
    "histories": (OFFICES, 403),
    "history": (CITY_OFFICE, {"county_officer": 404, "stranger": 404}),
    "history_progress": (CITY_OFFICE, {"county_officer": 404, "stranger": 404}),
}
POST = {"decide": REFORM | CITY_OFFICE, "again": REFORM | CITY_OFFICE, "wording_end": CITY_OFFICE}


@pytest.fixture
def records(cast):
    edition = with_files(cast, {"名单.xlsx": workbook(f"身份证号{ID}", hidden="不给人看")}, body=f"<p>电话{MOBILE}</p>")
    looked(edition)
    words = WordingList.objects.create(jurisdiction=cast.city, name="规范用语", effective_from="2026-01-01")
    Wording.objects.create(wordings=words, text="旧词")
    live(cast.reform, cast.drafter)
    history = history_screening.start(cast.city, cast.user("openness_officer"), key=key())
    return {"edition": edition, "words": words, "history": history}


def arguments(cast, records, name):
    pk = {
        "page": records["edition"].revision_id,
        "progress": records["edition"].revision_id,
        "decide": records["edition"].revision_id,
        "again": records["edition"].revision_id,
        "edition": records["edition"].pk,
        "policy": cast.city.pk,
        "wording_list": records["words"].pk,
        "wording_export": records["words"].pk,
        "wording_end": records["words"].pk,
        "history": records["history"].pk,
        "history_progress": records["history"].pk,
    }.get(name)
    return [] if pk is None else [pk, "csv"] if name == "wording_export" else [pk]


def enter(client, cast, who):
    client.logout()
    if who != "citizen":
        client.force_login(cast.user(who), backend="django.contrib.auth.backends.ModelBackend")


def test_every_address_has_its_row():
    names = {pattern.name for pattern in _patterns()}
    assert names == GET.keys() | POST.keys()


def _patterns():
    for resolver in get_resolver().url_patterns:
        if getattr(resolver, "namespace", "") == "screening":
            return resolver.url_patterns
    raise AssertionError("no addresses of screening")


@pytest.mark.parametrize("who", [*PEOPLE, "nobody", "citizen"])
def test_who_opens_what(cast, records, client, who):
    enter(client, cast, who)
    for name, (allowed, no) in GET.items():
        url = reverse(f"screening:{name}", args=arguments(cast, records, name))
        status = client.get(url, follow=name == "edition" and who in allowed).status_code
        if who == "citizen":
            assert status == 302, name
        elif who == "nobody":
            assert status == 403, name
        else:
            refused = no.get(who, 403) if isinstance(no, dict) else no
            assert status == (200 if who in allowed else refused), name
    for name, allowed in POST.items():
        status = client.post(reverse(f"screening:{name}", args=arguments(cast, records, name)), {}).status_code
        if who in allowed:
            assert status == 302, name
        else:
            assert status in (302 if who == "citizen" else 403, 403, 404), name


def test_from_the_finding_to_the_gate_open_without_scripts(cast, records, client):
    edition = records["edition"]
    enter(client, cast, "drafter")
    assert edition.revision.title in client.get(reverse("screening:index")).content.decode()
    page = client.get(reverse("screening:page", args=[edition.revision_id])).content.decode()
    assert "隐藏的工作表" in page and MASKED in page and "138****5678" in page and "个人信息保护法第二十五条" in page
    assert ID not in page and MOBILE not in page and "全部按规则处理" in page and "认定所选可以公开" not in page
    data = {"key": re.search(r'name="key" value="([^"]+)"', page)[1], "verb": "mask", "whole": "1"}
    for _ in range(2):
        told = client.post(reverse("screening:decide", args=[edition.revision_id]), data, follow=True)
    edition.refresh_from_db()
    assert edition.revisions.count() == 3 and f"/work/screening/{edition.revision_id}/" in told.redirect_chain[0][0]
    looked(edition)
    page = client.get(reverse("screening:page", args=[edition.revision_id])).content.decode()
    assert "没有妨碍发布的内容" in page and "公开件已做好" in page and "已去除" in page


def test_a_reviewer_overrules_with_a_reason_and_the_author_is_told_why_not(cast, records, client):
    edition = records["edition"]
    url = reverse("screening:page", args=[edition.revision_id])
    decide = reverse("screening:decide", args=[edition.revision_id])
    finding = ScreeningFinding.objects.get(screening__revision=edition.revision, rule="mobile")
    sent = {"verb": "overrule", "part": "0", "finding": finding.pk, "reason": "公布的热线"}
    enter(client, cast, "drafter")
    assert client.post(decide, {**sent, "key": uuid.uuid4()}).status_code == 403
    enter(client, cast, "reviewer")
    assert "为什么可以公开" in client.get(url).content.decode()
    told = client.post(decide, {**sent, "reason": "", "key": uuid.uuid4()}, follow=True).content.decode()
    assert "请写明为什么可以公开" in told
    page = client.post(decide, {**sent, "key": uuid.uuid4()}, follow=True).content.decode()
    assert "理由：公布的热线" in page and str(cast.reviewer) in page


def test_progress_moves_and_ends_with_the_whole_page(cast, client):
    edition = with_files(cast, {"a.docx": paper("一"), "b.docx": paper("二")})
    enter(client, cast, "drafter")
    page = client.get(reverse("screening:page", args=[edition.revision_id])).content.decode()
    assert "3 份里已查 1 份" in page and 'hx-trigger="every 2s"' in page and ">刷新</a>" in page
    part = client.get(reverse("screening:progress", args=[edition.revision_id]))
    assert "HX-Refresh" not in part
    looked(edition)
    assert client.get(reverse("screening:progress", args=[edition.revision_id]))["HX-Refresh"] == "true"
    assert "hx-get" not in client.get(reverse("screening:page", args=[edition.revision_id])).content.decode()


def test_many_findings_take_no_more_queries(cast, client, django_assert_max_num_queries):
    edition = with_files(cast, {f"{n}.txt": f"电话1381234{n:04}".encode() for n in range(15)}, body=f"<p>{MOBILE}</p>" * 300)
    looked(edition)
    enter(client, cast, "drafter")
    with django_assert_max_num_queries(45):
        page = client.get(reverse("screening:page", args=[edition.revision_id])).content.decode()
    assert "另有 100 处没有列出" in page
    for n in range(5):
        draft(cast.reform, cast.drafter, title=f"第 {n} 件", body=f"<p>{MOBILE}</p>")
    with django_assert_max_num_queries(16):
        client.get(reverse("screening:index"))


def test_a_list_of_words_is_tried_then_taken_then_ended(cast, client, django_capture_on_commit_callbacks):
    enter(client, cast, "openness_officer")
    url = reverse("screening:wordings")
    page = client.get(url).content.decode()
    rows = "词语,处理,建议用语\n旧词,禁用,新词\n旧词新解,允许,\n"
    sent = {
        "key": re.search(r'name="key" value="([^"]+)"', page)[1],
        "place": cast.city.pk,
        "name": "规范用语",
        "effective_from": "2026-01-01",
    }
    bad = SimpleUploadedFile("表.csv", (rows + "丁,删,\n").encode())
    tried = client.post(url, {**sent, "file": bad, "try": "1"}).content.decode()
    assert "2 个词可以用，新增 2" in tried and "第 4 行：处理只能写" in tried and not WordingList.objects.exists()
    bad.seek(0)
    refused = client.post(url, {**sent, "file": bad})
    assert refused.status_code == 409 and "第 4 行" in refused.content.decode() and not WordingList.objects.exists()
    taken = client.post(url, {**sent, "file": SimpleUploadedFile("表.csv", rows.encode())}, follow=True).content.decode()
    assert "用语表已导入" in taken and "旧词新解" in taken
    words = WordingList.objects.get()
    edition = draft(cast.reform, cast.drafter, body="<p>旧词和旧词新解</p>")
    assert [f.rule for f in edition.revision.screening.findings.all()] == ["wording.block"]
    assert "1 件，1 处" in client.get(reverse("screening:wording_list", args=[words.pk])).content.decode()
    exported = client.get(reverse("screening:wording_export", args=[words.pk, "csv"])).content.decode("utf-8-sig")
    assert "旧词" in exported and "禁用" in exported
    client.post(reverse("screening:wording_end", args=[words.pk]), {"key": uuid.uuid4(), "on": "2026-01-02"})
    revise(edition, cast.drafter, body="<p>旧词</p>")
    assert not edition.revision.screening.findings.exists()


def test_what_is_exported_can_be_imported(cast, client):
    from gongkai.publications.screening import wordings

    officer = cast.user("openness_officer")
    rows = "词语,类别,处理,建议用语,生效日期,失效日期\n旧词,称谓,禁用,新词,2026-01-01,2026-12-31\n好词,,允许,,,\n".encode()
    given = {"name": "表", "data": rows, "filename": "表.csv", "effective_from": "2026-01-01"}
    made = wordings.bring_in(cast.city, officer, key=key(), **given)
    enter(client, cast, "openness_officer")
    for fmt in ("xlsx", "csv"):
        file = client.get(reverse("screening:wording_export", args=[made.pk, fmt])).content
        tried = wordings.trial(cast.city, "表", file, f"表.{fmt}")
        assert (tried.new, tried.changed, tried.gone, tried.faults) == (0, 0, 0, ()), fmt


def test_the_office_sets_severities_and_the_fixed_ones_are_not_offered(cast, client):
    enter(client, cast, "openness_officer")
    url = reverse("screening:policy", args=[cast.city.pk])
    page = client.get(url).content.decode()
    assert "电子邮箱" in page and "国家秘密标志</label>" not in page
    names = re.findall(r'<select name="(rule_[^"]+)"', page)
    chosen = {name: re.search(rf'name="{name}".*?<option value="(\w+)" selected', page, re.S)[1] for name in names}
    sent = {**chosen, "rule_email": "block", "unstripped": "keep", "key": re.search(r'name="key" value="([^"]+)"', page)[1]}
    assert "已设定" in client.post(url, sent, follow=True).content.decode()
    policy = ScreeningPolicy.objects.get()
    assert policy.severities == {"email": "block"} and policy.unstripped == "keep"


def test_places_are_said_in_words():
    assert where_words("sheet 名单!C17") == "工作表“名单” C17"
    assert where_words("内.docx paragraph 3") == "内.docx 第 3 段" and where_words("docProps/core.xml") == "文件属性"


def test_history_screening_from_the_page(cast, client):
    live(cast.reform, cast.drafter, body=f"<p>{MOBILE}</p>")
    enter(client, cast, "openness_officer")
    page = client.get(reverse("screening:histories")).content.decode()
    data = {"key": re.search(r'name="key" value="([^"]+)"', page)[1], "place": cast.city.pk}
    for _ in range(2):
        client.post(reverse("screening:histories"), data, follow=True)
    row = HistoryScreening.objects.get()
    assert "1 件里已查 0 件" in client.get(reverse("screening:history", args=[row.pk])).content.decode()
    assert history_screening.run_some(row.pk)
    page = client.get(reverse("screening:history", args=[row.pk])).content.decode()
    assert "还没有改正" in page and "138****5678" in page and MOBILE not in page
    enter(client, cast, "drafter")
    assert "已公开的信息里查出的" in client.get(reverse("screening:index")).content.decode()
