"""/work/reviews/ through HTTP: queues, one edition with reasons and forms, the flow and its chart; nobody outside gets in by any road."""

from __future__ import annotations

import uuid
from datetime import timedelta
from io import BytesIO
from time import process_time
from typing import Any

import docx
import pytest
from django.test import Client
from django.utils import timezone
from lxml import etree

from gongkai.catalogue.models import Column
from gongkai.conftest import Cast
from gongkai.publications import gates
from gongkai.publications.actions import publishing, reviewing
from gongkai.publications.models import Edition, Review, Screening, Workflow
from gongkai.publications.reviewing import flowchart, workflow
from gongkai.publications.screening import public_copies
from gongkai.publications.screening import runs as screening_runs
from gongkai.publications.tests.flowing import agree, fresh, keys, proposed, put_file, through, whole
from gongkai.publications.tests.making import draft

HOME = "/work/reviews/"


def client(cast: Cast, who: str) -> Client:
    browser = Client()
    browser.force_login(cast.user(who))
    return browser


def text(response: Any) -> str:
    return str(response.content.decode())


def test_what_waits_for_whom(cast: Cast) -> None:
    edition = proposed(cast)
    title = "关于做好示例工作的通知"
    assert "等我审核" in text(client(cast, "reviewer").get(HOME))
    assert "等我保密审查" in text(client(cast, "secrecy_reviewer").get(HOME))
    for who in ("head", "drafter", "openness_officer", "other_officer", "stranger"):
        assert title not in text(client(cast, who).get(HOME)), who
    agree(cast, edition, "check")
    agree(cast, edition, "secrecy")
    assert "等我审核" in text(client(cast, "head").get(HOME))
    assert title not in text(client(cast, "reviewer").get(HOME))
    agree(cast, edition, "approve")
    assert "审核通过，等发布" in text(client(cast, "drafter").get(HOME))


def test_what_came_back_failed_or_was_forced_waits_too(cast: Cast) -> None:
    returned = proposed(cast)
    agree(cast, returned, "check", conclusion="returned", opinion="请改")
    assert "退回修改" in text(client(cast, "drafter").get(HOME))
    failed = through(cast)
    Edition.objects.filter(pk=failed.pk).update(state="failed", failure="附件还没有公开件")
    assert "附件还没有公开件" in text(client(cast, "drafter").get(HOME))
    forced = proposed(cast)
    agree(cast, forced, "secrecy")
    publishing.force_publish(forced, cast.user("head"), key=keys(), reason="台风预警")
    assert "等我补审" in text(client(cast, "reviewer").get(HOME))
    assert "等我补审" not in text(client(cast, "head").get(HOME))


def test_the_queue_asks_no_more_for_more(cast: Cast, django_assert_max_num_queries: Any) -> None:
    for _n in range(2):
        proposed(cast)
    browsers = {who: client(cast, who) for who in ("reviewer", "drafter", "openness_officer")}
    for browser in browsers.values():
        browser.get(HOME)
    counts = {}
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    for who, browser in browsers.items():
        with CaptureQueriesContext(connection) as found:
            browser.get(HOME)
        counts[who] = len(found)
    for _n in range(6):
        proposed(cast)
    for who, browser in browsers.items():
        with django_assert_max_num_queries(counts[who]):
            browser.get(HOME)


def test_the_page_shows_the_reasons_before_the_button(cast: Cast) -> None:
    edition = draft(cast.reform, cast.drafter, body="")
    shown = text(client(cast, "drafter").get(f"{HOME}{edition.pk}/"))
    assert "没有正文也没有附件，请补上" in shown and "还不能送审" in shown
    edition = proposed(cast)
    shown = text(client(cast, "drafter").get(f"{HOME}{edition.pk}/"))
    assert "还不能发布" in shown and "“审签”还没有通过（由负责人办理）" in shown
    assert "记下结论" not in shown
    shown = text(client(cast, "reviewer").get(f"{HOME}{edition.pk}/"))
    assert "记下结论" in shown


def test_a_whole_review_by_forms(cast: Cast) -> None:
    edition = draft(cast.reform, cast.drafter, **whole())
    version = put_file(edition, cast.drafter, "名单.xlsx")
    base = f"{HOME}{edition.pk}/"
    assert client(cast, "drafter").post(f"{base}submit/", {"key": str(uuid.uuid4())}).status_code == 302
    edition = fresh(edition)

    def form(**more: str) -> dict[str, str]:
        values = {
            "key": str(uuid.uuid4()),
            "revision_id": str(edition.revision_id),
            "step": "x",
            "conclusion": "passed",
            "basis": "条例第十七条",
        }
        return {**values, **more}

    assert client(cast, "reviewer").post(f"{base}steps/check/", form()).status_code == 302
    secrecy = client(cast, "secrecy_reviewer")
    answer = secrecy.post(f"{base}steps/secrecy/", form(part_text="passed", part_text_basis="逐项"))
    assert answer.status_code == 409 and "“名单.xlsx”还没有审查结论" in text(answer)
    assert 'value="passed" selected' in text(answer), "nothing typed is lost"
    parts = {"part_text": "passed", "part_text_basis": "逐项", f"part_{version.pk}": "passed", f"part_{version.pk}_basis": "逐项"}
    assert secrecy.post(f"{base}steps/secrecy/", form(**parts)).status_code == 302
    assert client(cast, "head").post(f"{base}steps/approve/", form(conclusion="")).status_code == 422
    assert client(cast, "head").post(f"{base}steps/approve/", form()).status_code == 302
    assert fresh(edition).state == "ready" and Review.objects.count() == 3
    soon = timezone.localtime() + timedelta(hours=3)
    when = {"publish_at_0": f"{soon:%Y-%m-%d}", "publish_at_1": f"{soon:%H:%M}"}
    # the copy of the attachment is the worker's; until it is there nothing goes out, and the page says so
    answer = client(cast, "drafter").post(f"{base}schedule/", {"key": str(uuid.uuid4()), **when})
    assert answer.status_code in (302, 409)


def test_an_inquiry_and_its_answer_by_forms(cast: Cast) -> None:
    edition = through(cast)
    base = f"{HOME}{edition.pk}/"
    asked = {"key": str(uuid.uuid4()), "to_words": "市国家保密局", "question": "是否属于工作秘密？"}
    assert client(cast, "secrecy_reviewer").post(f"{base}inquire/", asked).status_code == 302
    assert "还没有登记答复" in text(client(cast, "drafter").get(HOME))
    inquiry = edition.inquiries.get()
    answer = {"key": str(uuid.uuid4()), "allowed": "no", "answer": "属于工作秘密", "on": f"{timezone.localdate()}"}
    assert client(cast, "drafter").post(f"{base}inquiries/{inquiry.pk}/", answer).status_code == 302
    assert fresh(edition).state == "draft"
    assert client(cast, "drafter").post(f"{base}inquiries/{inquiry.pk + 99}/", answer).status_code == 404


def test_publish_force_confirm_withdraw_by_forms(cast: Cast) -> None:
    edition = proposed(cast)
    agree(cast, edition, "secrecy")
    base = f"{HOME}{edition.pk}/"

    def post(who: str, verb: str, **values: str) -> int:
        return client(cast, who).post(f"{base}{verb}/", {"key": str(uuid.uuid4()), **values}).status_code

    assert post("drafter", "publish") == 409
    assert post("drafter", "force_publish", reason="急") == 403
    assert post("head", "force_publish", reason="台风预警") == 302
    assert post("head", "confirm", opinion="同意") == 403
    assert post("reviewer", "confirm", opinion="同意") == 302
    assert post("head", "withdraw", reason="") == 422
    assert post("head", "withdraw", reason="预警解除") == 302
    assert post("head", "unheard_of") == 404
    assert fresh(edition).state == "withdrawn"
    shown = text(client(cast, "head").get(base))
    assert "紧急发布，已于" in shown and "预警解除" in shown


@pytest.mark.parametrize("who", ["other_officer", "other_head", "county_officer", "county_drafter", "stranger"])
def test_an_officer_of_another_agency_fails_on_every_road(cast: Cast, who: str) -> None:
    edition = draft(cast.reform, cast.drafter, **whole(title="不给外单位看的草稿"))
    put_file(edition, cast.drafter, "草稿附件.docx")
    browser, base = client(cast, who), f"{HOME}{edition.pk}/"
    assert browser.get(base).status_code == 404
    for road in ("submit", "publish", "schedule", "recall", "inquire", "force_publish", "withdraw", "steps/check", "inquiries/1"):
        assert browser.post(f"{base}{road}/", {"key": str(uuid.uuid4())}).status_code == 404, road
    public = f"/documents/{edition.document_id}"
    roads = [
        f"{public}/",
        f"{public}.json",
        f"{public}/editions/1/",
        f"{public}/compare/1/2/",
        f"{public}/files/1/",
        f"{public}/editions/1/files/1/",
    ]
    for road in roads:
        assert browser.get(road).status_code == 404, road
    for road in (HOME, "/documents/", "/documents/feed.atom"):
        assert "不给外单位看的草稿" not in text(browser.get(road))


def test_the_chart_and_the_document_equal_the_live_setting(cast: Cast) -> None:
    office = client(cast, "openness_officer")
    page = f"{HOME}flow/{cast.city.pk}/"
    assert office.get(page).status_code == 200
    form: dict[str, str] = {"key": str(uuid.uuid4())}
    for n in range(8):
        form |= {f"name_{n}": "", f"role_{n}": "", f"kind_{n}": "content", f"id_{n}": ""}
    form |= {"name_0": "科室<审核>", "role_0": "reviewer", "name_1": "保密审查", "role_1": "secrecy_reviewer", "kind_1": "secrecy"}
    form |= {"name_2": "局长签发", "role_2": "head"}
    assert office.post(page, form).status_code == 302
    live = workflow.steps_set(cast.city.pk)
    assert [step.name for step in live] == ["科室<审核>", "保密审查", "局长签发"]
    drawn = office.get(f"{page}chart.svg")
    tree = etree.fromstring(b"".join([drawn.content]))
    words = [node.text for node in tree.iter("{http://www.w3.org/2000/svg}text")]
    assert words[::2] == [flowchart.START, "科室<审核>", "保密审查", "局长签发", flowchart.END]
    written = docx.Document(BytesIO(office.get(f"{page}chart.docx").content))
    boxes = [table.cell(0, 0).text for table in written.tables]
    assert [box.partition("（")[0] for box in boxes] == words[::2]
    assert office.get(f"{page}chart.xlsx").status_code == 404


def test_a_flow_without_secrecy_review_is_refused_and_nothing_is_lost(cast: Cast) -> None:
    page = f"{HOME}flow/{cast.city.pk}/"
    form: dict[str, str] = {"key": str(uuid.uuid4()), "name_0": "只有一步", "role_0": "head", "kind_0": "content", "id_0": ""}
    for n in range(1, 8):
        form |= {f"name_{n}": "", f"role_{n}": "", f"kind_{n}": "content", f"id_{n}": ""}
    answer = client(cast, "openness_officer").post(page, form)
    assert answer.status_code == 422 and "至少要有一步保密审查" in text(answer) and "只有一步" in text(answer)
    assert not Workflow.objects.exists()


def test_a_column_has_its_own_flow_and_only_the_office_sets_it(cast: Cast) -> None:
    column = Column.objects.create(jurisdiction=cast.city, agency=cast.reform, slug="bulletins", name="公告栏")
    page = f"{HOME}flow/{cast.city.pk}/columns/{column.pk}/"
    form: dict[str, str] = {"key": str(uuid.uuid4())}
    for n in range(8):
        form |= {f"name_{n}": "", f"role_{n}": "", f"kind_{n}": "content", f"id_{n}": ""}
    form |= {"name_0": "保密审查", "role_0": "secrecy_reviewer", "kind_0": "secrecy", "name_1": "签发", "role_1": "head"}
    assert client(cast, "drafter").post(page, form).status_code == 403
    assert client(cast, "openness_officer").post(page, {**form, "key": str(uuid.uuid4())}).status_code == 302
    assert [step.name for step in workflow.steps_set(cast.city.pk, column.pk)] == ["保密审查", "签发"]
    assert [step.id for step in workflow.steps_set(cast.city.pk)] == ["check", "secrecy", "approve"]
    assert "公告栏" in text(client(cast, "drafter").get(f"{HOME}flow/"))
    assert client(cast, "stranger").get(page).status_code == 404
    assert client(cast, "openness_officer").get(f"{HOME}flow/{cast.elsewhere.pk}/columns/{column.pk}/").status_code == 404


def test_three_hundred_pages_with_twenty_files_answer_at_once(cast: Cast) -> None:
    """What takes long was the worker's before; the press itself, and the pages before and after it, are quick."""
    body = "".join(f"<p>第{n}条　{'本市行政区域内的项目适用本办法。' * 40}</p>" for n in range(330))
    edition = draft(cast.reform, cast.drafter, **whole(body=body))
    for n in range(20):
        put_file(edition, cast.drafter, f"附件{n}.txt", f"第 {n} 个附件".encode())
    edition = fresh(edition)
    assert edition.revision is not None and len(edition.revision.body) > 200_000
    Screening.objects.filter(revision=edition.revision).delete()  # asked by the builder before its files were there
    screening_runs.run(screening_runs.ask(edition.revision).pk)
    public_copies.make_for(edition.revision)
    assert len(public_copies.public_sizes(edition.revision)) == 20, gates.publish_reasons(edition)[:3]
    edition = reviewing.submit(edition, cast.user("drafter"), key=keys())
    for step in ("check", "secrecy", "approve"):
        agree(cast, edition, step)
    browser, base = client(cast, "drafter"), f"{HOME}{edition.pk}/"
    took = []
    browser.get(base)  # templates are read once for a process
    for press in (
        lambda: browser.get(base),
        lambda: browser.post(f"{base}publish/", {"key": str(uuid.uuid4())}),
        lambda: Client().get(f"/documents/{edition.document_id}/"),
    ):
        start = process_time()
        assert press().status_code in (200, 302)
        took.append(process_time() - start)
    shown = text(Client().get(f"/documents/{edition.document_id}/"))
    assert shown.count("附件19.txt") and fresh(edition).state == "live"
    assert max(took) < 1, took
