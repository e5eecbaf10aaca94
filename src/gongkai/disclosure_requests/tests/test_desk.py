"""The queue and the page of a case, as staff use them: what is shown to whom, what a press does, how many queries it costs."""

from __future__ import annotations

import io
import uuid
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from gongkai.agencies.errors import ActionRefused
from gongkai.clocks.limits import limit
from gongkai.conftest import Cast
from gongkai.disclosure_requests import loaded
from gongkai.disclosure_requests.actions import assigning, charging, clarifying, consulting, extending, filing
from gongkai.disclosure_requests.models import (
    ApplicantLook,
    Clarification,
    DisclosureRequest,
    Extension,
    FeeNotice,
    FrequencyCheck,
    PlaceSettings,
)
from gongkai.disclosure_requests.queries import state_of
from gongkai.disclosure_requests.tests.cases import ID_CARD, accepted, filed, picture, received
from gongkai.obligations.models import Obligation

QUEUE = "/work/requests/"


def at(cast: Cast, who: str) -> Client:
    client = Client()
    client.force_login(cast.user(who))
    return client


def page(cast: Cast, who: str, row: DisclosureRequest, query: str = "") -> str:
    answer = at(cast, who).get(f"{reverse('request_cases:case', args=[row.pk])}{query}")
    assert answer.status_code == 200, answer
    return answer.content.decode()


def press(cast: Cast, who: str, row: DisclosureRequest, verb: str, target: Any = None, **data: Any) -> Any:
    where = (
        reverse("request_cases:verb", args=[row.pk, verb])
        if target is None
        else reverse("request_cases:verb_on", args=[row.pk, verb, target.pk])
    )
    return at(cast, who).post(where, {"key": str(uuid.uuid4()), **data})


def test_the_queue_shows_the_kind_of_an_applicant_and_nothing_else(cast: Cast) -> None:
    row = accepted(cast)
    words = at(cast, "drafter").get(QUEUE).content.decode()
    assert row.number in words
    assert "自然人" in words
    assert "办理中" in words
    assert "赵申请" not in words
    assert ID_CARD not in words
    assert "13800138000" not in words


@pytest.mark.parametrize(
    ("query", "n"),
    [
        ("", 2),
        ("?tab=closed", 1),
        ("?tab=all", 3),
        ("?state=waiting", 1),
        ("?state=withdrawn", 1),
        ("?channel=online", 1),
        ("?due=overdue", 0),
        ("?due=soon", 0),
        ("?due=waiting", 0),
        ("?q=00002", 1),
        ("?q=没有这样的", 0),
        ("?state=nonsense", 2),
        ("?agency=999999999999999999999", 2),
    ],
)
def test_the_queue_is_filtered(cast: Cast, query: str, n: int) -> None:
    accepted(cast)
    filed(cast)
    filing.withdraw(received(cast), None, key="w", reason="")
    answer = at(cast, "drafter").get(f"{QUEUE}{query}")
    assert answer.status_code == 200
    assert len(answer.context["rows"]) == n


def test_the_counters_open_what_they_count(cast: Cast, on: Callable[[str], None]) -> None:
    on("2026-02-10")
    accepted(cast)
    filed(cast)
    on("2026-03-11")
    answer = at(cast, "drafter").get(QUEUE)
    found = {one["label"]: one for one in answer.context["counters"]}
    assert {label: one["n"] for label, one in found.items()} == {
        "一个工作日没有人办": 1,
        "5 个工作日内到期": 1,
        "已逾期": 0,
        "等待他人": 0,
    }
    for one in found.values():
        assert len(at(cast, "drafter").get(one["url"]).context["rows"]) == one["n"]


def test_an_untouched_request_alarms_after_one_whole_working_day(cast: Cast, on: Callable[[str], None]) -> None:
    on("2026-03-06")  # Friday
    filed(cast)
    for day, n in (("2026-03-06", 0), ("2026-03-09", 0), ("2026-03-10", 1)):
        on(day)
        assert at(cast, "drafter").get(QUEUE).context["counters"][0]["n"] == n, day


@pytest.mark.parametrize("fmt", ["xlsx", "csv"])
def test_the_export_has_nothing_of_an_applicant(cast: Cast, fmt: str) -> None:
    row = accepted(cast)
    answer = at(cast, "drafter").get(f"{QUEUE}export.{fmt}")
    content = answer.content
    if fmt == "xlsx":
        sheet = load_workbook(io.BytesIO(content)).active
        assert sheet is not None
        words = str([[cell.value for cell in line] for line in sheet.iter_rows()])
    else:
        words = content.decode("utf-8-sig")
    assert row.number in words
    assert "赵申请" not in words
    assert at(cast, "drafter").get(f"{QUEUE}export.docm").status_code == 404


def test_an_applicant_is_shown_on_pressing_and_that_is_written_down(cast: Cast) -> None:
    row = accepted(cast)
    words = page(cast, "drafter", row)
    assert "赵**" in words
    assert "赵申请" not in words
    assert ID_CARD not in words
    assert not ApplicantLook.objects.exists()
    shown = at(cast, "drafter").post(reverse("request_cases:show", args=[row.pk])).content.decode()
    assert "赵申请" in shown
    assert ID_CARD in shown
    assert ApplicantLook.objects.get().user == cast.drafter


def test_who_only_reads_the_case_sees_no_applicant(cast: Cast) -> None:
    row = accepted(cast)
    words = page(cast, "secrecy_reviewer", row)
    assert "赵" not in words
    assert "只给承办人员看" in words
    assert at(cast, "secrecy_reviewer").post(reverse("request_cases:show", args=[row.pk])).status_code == 404
    assert (
        at(cast, "secrecy_reviewer")
        .get(
            reverse(
                "request_cases:file",
                args=[row.files.create(kind="found", name="a.txt", file="x", sha256="1", size=1, media_type="text/plain").pk],
            )
        )
        .status_code
        == 404
    )


def test_a_file_is_given_to_handlers_and_noted(cast: Cast) -> None:
    row = filed(cast).request
    proof = row.files.get()
    answer = at(cast, "drafter").get(reverse("request_cases:file", args=[proof.pk]))
    assert answer.content == picture().read()
    assert answer["Cache-Control"] == "private, no-store"
    assert ApplicantLook.objects.get().what == "案卷文件：身份证明"


def test_the_road_of_a_case_by_its_buttons(cast: Cast, on: Callable[[str], None]) -> None:
    on("2026-02-10")
    row = filed(cast).request
    assert "期限还没有起算" in page(cast, "drafter", row)
    assert press(cast, "drafter", row, "register", subject="事项").status_code == 409, "not before both sides confirmed"
    assert press(cast, "drafter", row, "confirm", at="2026-02-10T08:30", how="电话确认").status_code == 302
    assert press(cast, "drafter", row, "register", subject="重大项目清单", section=cast.section.pk).status_code == 302
    assert press(cast, "drafter", row, "accept").status_code == 302
    assert "答复期限" in at(cast, "drafter").get(QUEUE).content.decode()
    assert "2026-03-16" in page(cast, "drafter", row)
    assert press(cast, "drafter", row, "assign", section=cast.section.pk, task="检索").status_code == 302
    assert press(cast, "head", row, "clarify", items="请写明年份", due_on="2026-03-10").status_code == 302
    assert state_of(row) == "clarifying"
    words = page(cast, "head", row, "?do=clarified")
    made = Clarification.objects.get()
    assert f"clarified-{made.pk}" in words
    assert press(cast, "head", row, "clarified", made, words="2025年", on="2026-02-10").status_code == 302
    assert press(cast, "head", row, "extend", n="20", reason="检索量大").status_code == 302
    asked = Extension.objects.get()
    assert press(cast, "reviewer", row, "extend_approve", asked).status_code == 403
    assert press(cast, "head", row, "extend_approve", asked).status_code == 302
    assert "延长" in page(cast, "head", row)


def test_a_refused_form_comes_back_with_what_was_typed(cast: Cast) -> None:
    row = accepted(cast)
    answer = press(cast, "drafter", row, "clarify", items="请写明年份", due_on="2020-01-01")
    assert answer.status_code == 409
    words = answer.content.decode()
    assert "补正期限要晚于告知日期" in words
    assert "请写明年份" in words
    assert press(cast, "drafter", row, "clarify", items="", due_on="不是日期").status_code == 422
    assert press(cast, "drafter", row, "nonsense").status_code == 404
    assert press(cast, "drafter", row, "clarified").status_code == 404


def test_a_fee_is_reckoned_before_it_can_be_asked(cast: Cast) -> None:
    row = accepted(cast)
    assert "发收费通知</button>" not in page(cast, "drafter", row, "?do=charge")
    words = page(cast, "drafter", row, "?do=charge&by=volume&quantity=250")
    assert "合计 4700 元" in words
    assert "发收费通知</button>" in words
    assert "没有达到收费的数量" in page(cast, "drafter", row, "?do=charge&by=volume&quantity=30")
    assert press(cast, "drafter", row, "charge", by="volume", quantity="250").status_code == 302
    made = FeeNotice.objects.get()
    assert made.amount == 4700
    assert press(cast, "drafter", row, "fee_paid", made, on=f"{timezone.localdate()}", receipt_number="1").status_code in (302, 409)
    assert "4700" in page(cast, "drafter", row)


def test_too_many_of_one_applicant_are_asked_for_reasons(cast: Cast, on: Callable[[str], None]) -> None:
    on("2026-02-10")
    PlaceSettings.objects.create(jurisdiction=cast.city, frequent_items=1)
    accepted(cast)
    row = accepted(cast)
    assert "第 <b>2</b> 件申请" in page(cast, "drafter", row)
    assert press(cast, "drafter", row, "ask_reasons", facts="本月第 2 件").status_code == 302
    check = FrequencyCheck.objects.get()
    assert press(cast, "drafter", row, "judge", check, reasonable="yes", words="研究需要", delayed_to="2026-05-06").status_code == 302
    duty = Obligation.objects.get(disclosure_request=row)
    assert (duty.due_on, duty.suspended_on) == (date(2026, 5, 6), None)
    assert "第三十五条" in page(cast, "drafter", row)


def test_the_same_and_nearly_the_same_are_offered(cast: Cast) -> None:
    first = accepted(cast)
    other = accepted(cast, name="钱申请", identity_number="110101199003070118", identity_kind="other")
    words = page(cast, "drafter", other)
    assert first.number in words
    assert "另一申请人" in words
    assert press(cast, "drafter", other, "match", number=first.number).status_code == 302
    assert "2 个申请人" in page(cast, "drafter", other)
    assert press(cast, "drafter", first, "match", number="没有").status_code == 409


def test_a_transfer_leaves_the_case_to_the_other(cast: Cast) -> None:
    row = accepted(cast)
    answer = press(cast, "drafter", row, "transfer", to=cast.finance.pk, reason="资金安排由市财政局掌握")
    assert answer.headers["Location"] == QUEUE
    assert at(cast, "drafter").get(reverse("request_cases:case", args=[row.pk])).status_code == 404
    assert "转办" in page(cast, "other_officer", row)


def test_the_register_is_put_right_before_acceptance(cast: Cast, on: Callable[[str], None]) -> None:
    on("2026-02-10")
    row = received(cast)
    form = {
        "subject": "新事项",
        "description": row.description,
        "form": row.form,
        "route": "post",
        "submitted_at": "2026-02-10T08:30",
        "name": "赵申请",
        "phone": "13900139000",
        "address": "清河市",
        "reason": "电话抄错",
    }
    assert press(cast, "drafter", row, "amend", **form).status_code == 302
    row = DisclosureRequest.objects.get(pk=row.pk)
    assert (row.subject, row.route, row.applicant.phone) == ("新事项", "post", "13900139000")
    words = page(cast, "drafter", row)
    assert "电话抄错" in words
    assert "13900139000" not in words
    filing.register(row, cast.drafter, key="r")
    filing.accept(DisclosureRequest.objects.get(pk=row.pk), cast.drafter, key="a")
    assert press(cast, "drafter", row, "amend", **form).status_code == 409


def test_the_page_of_a_case_costs_the_same_however_long_it_was(cast: Cast) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    row = accepted(cast)
    client = at(cast, "head")
    where = reverse("request_cases:case", args=[row.pk])
    counts = []
    client.get(where)
    for n in range(2):
        for m in range(3):
            assigning.assign(DisclosureRequest.objects.get(pk=row.pk), cast.head, key=f"{n}{m}", task="检索", section=cast.section)
        with CaptureQueriesContext(connection) as seen:
            client.get(where)
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 14, counts


def test_the_state_of_a_case_that_was_read_is_that_of_the_lists(cast: Cast, on: Callable[[str], None]) -> None:
    def same(row: DisclosureRequest, wanted: str) -> None:
        fresh = DisclosureRequest.objects.get(pk=row.pk)
        loaded.load(fresh)
        assert loaded.state(fresh) == state_of(row) == wanted

    same(filed(cast).request, "waiting")
    row = received(cast)
    same(row, "received")
    row = filing.register(row, cast.drafter, key="s1")
    same(row, "registered")
    row = filing.accept(row, cast.drafter, key="s2")
    same(row, "handling")
    asked = clarifying.ask(row, cast.drafter, key="s3", items="写明年份", due_on=timezone.localdate() + timedelta(20))
    same(row, "clarifying")
    clarifying.answer(asked, None, key="s4", words="2025年", files=[])
    same(row, "handling")
    consulting.ask(
        DisclosureRequest.objects.get(pk=row.pk),
        cast.drafter,
        key="s5",
        kind="third_party",
        party="某公司",
        contact="电话",
        asked="是否同意公开",
    )
    same(row, "consulting")
    same(filing.withdraw(accepted(cast), None, key="s6", reason=""), "withdrawn")


def test_what_was_read_for_a_page_is_not_what_a_verb_asks(cast: Cast) -> None:
    """A case read for a page knows nothing of what came later; the verb finds it under lock."""
    row = accepted(cast)
    read = DisclosureRequest.objects.get(pk=row.pk)
    loaded.load(read)
    clarifying.ask(row, cast.drafter, key="r1", items="写明年份", due_on=timezone.localdate() + timedelta(20))
    assert clarifying.ask_reasons(read) == []
    with pytest.raises(ActionRefused, match="只能一次性告知"):
        clarifying.ask(read, cast.drafter, key="r2", items="写明年份", due_on=timezone.localdate() + timedelta(20))


def test_nothing_is_offered_when_it_is_over(cast: Cast) -> None:
    row = accepted(cast)
    row = filing.withdraw(row, None, key="w", reason="")
    words = page(cast, "drafter", row)
    for label in ("告知补正</a>", "提出延期</a>", "交办</a>", "加入文件</a>"):
        assert label not in words
    assert "已撤回" in words
    assert clarifying.ask_reasons(row)
    assert charging.charge_reasons(row)
    assert extending.ask_reasons(row)


def test_the_offices_above_read_the_register_and_are_led_to_no_case(cast: Cast, client: Client) -> None:
    row = accepted(cast)
    address = reverse("request_cases:case", args=[row.pk])
    for person, may in ((cast.drafter, True), (cast.openness_officer, False)):
        client.force_login(person)
        page = client.get(reverse("request_cases:queue"), {"tab": "all"}).content.decode()
        assert row.number in page
        assert (f'href="{address}"' in page) == may
        assert client.get(address).status_code == (200 if may else 404)


def test_the_days_in_the_words_of_a_verb_are_the_limits(cast: Cast) -> None:
    row = accepted(cast)
    assert f"{limit('clarify', timezone.localdate()).n} 个工作日内一次性告知" in page(cast, "drafter", row, "?do=clarify")
    assert f"最长不超过 {limit('reply', timezone.localdate()).cap} 个工作日" in page(cast, "drafter", row, "?do=extend")
