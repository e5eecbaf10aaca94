"""Letters that the verbs send by themselves: by the chosen way, with the words of their day, in the timeline, the page and the package."""

from __future__ import annotations

import io
import uuid
import zipfile
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from gongkai.conftest import Cast
from gongkai.disclosure_requests.actions import archiving, assigning, charging, clarifying, consulting, filing, frequency, serving
from gongkai.disclosure_requests.letters import files
from gongkai.disclosure_requests.models import CaseFile, Consultation, Deed, DisclosureRequest, FeeNotice, PlaceSettings, Service
from gongkai.disclosure_requests.privacy import packing
from gongkai.disclosure_requests.public import receipts
from gongkai.disclosure_requests.tests.cases import accepted, filed, received
from gongkai.disclosure_requests.tests.test_letters import words_of
from gongkai.obligations.models import Obligation
from gongkai.obligations.switching import install
from gongkai.reminders.models import Message

Kind, Opinion = Consultation.Kind, Consultation.Opinion


def at(cast: Cast, who: str) -> Client:
    client = Client()
    client.force_login(cast.user(who))
    return client


def press(cast: Cast, who: str, row: DisclosureRequest, verb: str, target: Any = None, **data: Any) -> Any:
    name, more = ("verb", []) if target is None else ("verb_on", [target.pk])
    return at(cast, who).post(reverse(f"request_cases:{name}", args=[row.pk, verb, *more]), {"key": str(uuid.uuid4()), **data})


def again(row: Any) -> Any:
    return type(row).objects.get(pk=row.pk)


def letter(row: DisclosureRequest, name: str) -> Service:
    return Service.objects.get(request=row, letter=name)


def applicant_of(done: filing.Filed) -> Client:
    client = Client()
    client.post(reverse("requests:progress"), {"number": done.request.number, "code": done.code})
    return client


def test_registering_sends_the_receipt(cast: Cast, on: Callable[[str], None]) -> None:
    on("2026-02-10")
    done = filed(cast)
    row = filing.confirm(done.request, cast.drafter, key="c", at=done.request.submitted_at, how="电话")
    assert press(cast, "other_officer", row, "register", subject="事项").status_code == 404
    assert not Service.objects.exists()
    assert press(cast, "drafter", row, "register", subject="事项").status_code == 302
    sent = letter(row, "receipt")
    assert (sent.route, sent.served_on) == ("online", date(2026, 2, 10)), "where the applicant chose to be written to"
    clarifying.ask(again(row), cast.drafter, key="q", items="年份", due_on=date(2026, 3, 10))  # its clock stands now
    files.keep(sent.pk)
    for fmt in ("docx", "pdf"):
        words = words_of(*files.letter_file(again(sent), fmt))
        assert "收件回执" in words and row.number in words
        assert "2026年3月16日" in words, "the days of the sending, not those of the printing"
    page = applicant_of(done).get(reverse("requests:case", args=[row.pk])).content.decode()
    assert "下载收件回执" in page
    assert "收件回执" in at(cast, "drafter").get(reverse("request_cases:case", args=[row.pk])).content.decode()


def test_who_is_written_to_on_the_net_is_told_there_is_something_to_read(cast: Cast) -> None:
    row = accepted(cast)
    told = Message.objects.get(key=receipts.KEY.format(pk=f"letter:{letter(row, 'receipt').pk}"))
    assert (told.address, row.number in told.body) == ("zhao@example.cn", True)
    assert "重大建设项目" not in told.body + told.subject and "赵" not in told.body + told.subject
    before = Message.objects.count()
    accepted(cast, route="post", address="清河市")
    assert Message.objects.count() == before, "who chose the post is written to by post"
    assert accepted(cast, email="", phone="13800138000").pk
    assert Message.objects.count() == before


def test_a_place_may_send_no_receipts(cast: Cast) -> None:
    PlaceSettings.objects.create(jurisdiction=cast.city, sends_receipt=False)
    assert not Service.objects.filter(request=accepted(cast)).exists()


def test_a_letter_opened_on_the_net_has_arrived(cast: Cast) -> None:
    done = filed(cast, route="email")
    row = filing.confirm(done.request, cast.drafter, key="c", at=done.request.submitted_at, how="电话")
    row = filing.register(row, cast.drafter, key="r")
    fee = charging.charge(row, cast.drafter, key="f", by="volume", quantity=250)
    sent = letter(row, "fee")
    assert (sent.served_on, fee.due_on) == (None, None)
    files.keep(sent.pk)
    client = applicant_of(done)
    assert client.get(reverse("requests:letter", args=[row.pk, sent.pk])).status_code == 200
    sent = again(sent)
    assert sent.served_on is not None and "在网上打开" in sent.proof
    assert again(fee).due_on is not None, "the days of payment begin with it"
    assert Client().get(reverse("requests:letter", args=[row.pk, sent.pk])).status_code in (302, 404)


def test_a_transfer_tells_the_applicant_where_it_went(cast: Cast, on: Callable[[str], None]) -> None:
    on("2026-02-10")
    row = accepted(cast, route="post", address="清河市")
    assert press(cast, "other_officer", row, "transfer", to=cast.human.pk, reason="x").status_code == 404
    assert press(cast, "drafter", row, "transfer", to=cast.finance.pk, reason="资金安排由其掌握").status_code == 302
    sent = letter(row, "transfer")
    assert (sent.agency, sent.route, sent.served_on) == (cast.reform, "post", None)
    files.keep(sent.pk)
    for fmt in ("docx", "pdf"):
        words = words_of(*files.letter_file(again(sent), fmt))
        assert f"已将该申请转由{cast.finance.name}办理" in words
        assert words.startswith(f"{cast.reform.name}政府信息公开申请转办告知书"), "by the agency that passes it on"
        assert "2026年3月16日" in words
    assert press(cast, "other_officer", row, "served", sent, on="2026-02-10", proof="EMS 1").status_code == 302
    assert press(cast, "drafter", row, "accept").status_code == 404
    assert "转给" in Deed.objects.get(request_id=row.pk, kind="transferred").text


def test_what_waits_for_the_applicant_is_not_passed_on(cast: Cast) -> None:
    row = accepted(cast)
    charging.charge(row, cast.drafter, key="f", by="volume", quantity=250)
    answer = press(cast, "drafter", row, "transfer", to=cast.finance.pk, reason="资金安排由其掌握")
    assert (answer.status_code, "收到以后才能转办" in answer.content.decode()) == (409, True)


def test_a_delay_has_its_own_letter_and_the_answer_may_come_before(cast: Cast, on: Callable[[str], None]) -> None:
    on("2026-02-10")
    rows = [accepted(cast) for _ in range(3)]
    row = rows[2]
    assert press(cast, "other_officer", row, "ask_reasons", facts="x").status_code == 404
    assert press(cast, "drafter", row, "ask_reasons", facts="均为同一项目").status_code == 302
    check = row.frequency
    assert check.measured == {"month": 3, "year": 3, "alike": 2}
    assert "当月第3件" in words_of(*files.letter_file(letter(row, "frequency"), "docx"))
    assert press(cast, "other_officer", row, "judge", check, reasonable="yes", words="x").status_code == 404
    data = {"reasonable": "yes", "words": "用于课题研究"}
    for day, words in (("2026-03-16", "要晚于现在的期限"), ("2026-05-09", ""), ("2027-12-01", "一年以内"), ("2026-05-03", "不是工作日")):
        if words:
            answer = press(cast, "drafter", row, "judge", check, **data, delayed_to=day)
            assert (answer.status_code, words in answer.content.decode()) == (409, True), day
    assert press(cast, "drafter", row, "judge", check, **data, delayed_to="2026-05-06").status_code == 302
    duty = Obligation.objects.get(disclosure_request=row)
    assert (duty.due_on, duty.suspended_on) == (date(2026, 5, 6), None)
    sent = letter(row, "delay")
    for fmt in ("docx", "pdf"):
        words = words_of(*files.letter_file(sent, fmt))
        assert "延迟答复告知书" in words and "第三十五条" in words and "2026年5月6日" in words and "用于课题研究" in words
        assert "第三十三条第二款" not in words, "not an extension by the head"
    assert not Service.objects.filter(request=row, letter="extension").exists()
    assert Deed.objects.filter(request_id=row.pk, kind="delayed").exists()
    page = at(cast, "drafter").get(reverse("request_cases:case", args=[row.pk])).content.decode()
    assert "确定延迟" in page
    on("2026-02-24")  # long before the day told, and before any day on which the old clock would have run again
    filing.withdraw(again(row), None, key="w", reason="")
    assert again(row).closed_on == date(2026, 2, 24)


def test_the_applicant_gives_the_reasons_on_the_net(cast: Cast) -> None:
    done = filed(cast)
    row = filing.confirm(done.request, cast.drafter, key="c", at=done.request.submitted_at, how="电话")
    row = filing.register(row, cast.drafter, key="r")
    client, where = applicant_of(done), reverse("requests:reasons", args=[row.pk])
    assert client.post(where, {"key": str(uuid.uuid4()), "words": "x"}).status_code == 302, "nobody asked"
    check = frequency.ask(again(row), cast.drafter, key="a", facts="数量较多")
    page = client.get(reverse("requests:case", args=[row.pk])).content.decode()
    assert "请说明理由" in page and "当月第 1 件" in page
    assert client.post(where, {"key": str(uuid.uuid4()), "words": " "}).status_code == 422
    assert Client().post(where, {"key": str(uuid.uuid4()), "words": "别人"}).status_code == 302
    assert again(check).given == ""
    assert client.post(where, {"key": str(uuid.uuid4()), "words": "用于课题研究"}).status_code == 302
    assert again(check).given == "用于课题研究"
    assert client.post(where, {"key": str(uuid.uuid4()), "words": "又"}).status_code == 409
    assert "用于课题研究" in at(cast, "drafter").get(reverse("request_cases:case", args=[row.pk])).content.decode()
    assert press(cast, "drafter", row, "judge", check, reasonable="yes", words="合理").status_code == 302
    assert again(check).given == "用于课题研究", "what the applicant said stays"
    page = client.get(reverse("requests:case", args=[row.pk])).content.decode()
    assert "收到申请人说明的理由" in page and "提交理由" not in page


def test_a_delay_leaves_the_extension_of_the_head(cast: Cast, on: Callable[[str], None]) -> None:
    from gongkai.disclosure_requests.actions import extending

    on("2026-02-10")
    row = accepted(cast)
    check = frequency.ask(row, cast.drafter, key="a", facts="数量较多")
    frequency.judge(check, cast.drafter, key="j", reasonable=True, words="合理", delayed_to=date(2026, 5, 6))
    made = extending.ask(again(row), cast.drafter, key="e", n=20, reason="检索量大")
    extending.approve(made, cast.head, key="h")
    assert Obligation.objects.get(disclosure_request=row).due_on == date(2026, 6, 2), "twenty working days more"


@pytest.mark.parametrize("name", ["clarification", "fee", "third_party"])
def test_what_came_back_goes_out_again_and_its_arrival_counts(cast: Cast, on: Callable[[str], None], name: str) -> None:
    on("2026-02-10")
    row = accepted(cast, route="post", address="清河市")
    if name == "clarification":
        clarifying.ask(row, cast.drafter, key="1", items="年份", due_on=date(2026, 3, 10))
    elif name == "fee":
        charging.charge(row, cast.drafter, key="1", by="volume", quantity=250)
    else:
        consulting.ask(row, cast.drafter, key="1", kind=Kind.THIRD_PARTY, party="某公司", asked="是否同意公开合同")
    first = letter(row, name)
    assert press(cast, "drafter", row, "resend", first, route="post", on="2026-02-10").status_code == 409, "nobody knows yet"
    assert press(cast, "drafter", row, "not_served", first, reason="查无此人").status_code == 302
    assert "再次发出" in at(cast, "drafter").get(reverse("request_cases:case", args=[row.pk])).content.decode()
    on("2026-02-12")
    for person, status in (("other_officer", 404), ("secrecy_reviewer", 403), ("drafter", 302)):
        assert press(cast, person, row, "resend", first, route="post", on="2026-02-12").status_code == status, person
    second = Service.objects.get(again_for=first)
    assert press(cast, "drafter", row, "resend", first, route="post", on="2026-02-12").status_code == 409, "once for each that came back"
    if name == "clarification":
        assert again(row).clarification.due_on == date(2026, 3, 12), "as many working days as before"
    said = [words_of(*files.letter_file(sent, "docx")).rpartition("（印章）") for sent in (first, second)]
    assert said[0][0] == said[1][0].replace("2026年3月12日", "2026年3月10日"), "the same words"
    assert [words[2] for words in said] == ["2026年2月10日", "2026年2月12日"]
    assert press(cast, "drafter", row, "served", second, on="2026-02-12", proof="EMS 2").status_code == 302
    if name == "clarification":
        assert again(row).clarification.served_on == date(2026, 2, 12)
    elif name == "fee":
        assert again(row).fee.due_on == date(2026, 3, 18), "twenty working days from the day after it came"
    else:
        assert again(row).consultations.get().due_on == date(2026, 3, 11)


def test_either_record_of_an_arrival_makes_the_other(cast: Cast, on: Callable[[str], None]) -> None:
    on("2026-02-10")
    row = accepted(cast, route="post", address="清河市")
    asked = consulting.ask(row, cast.drafter, key="1", kind=Kind.THIRD_PARTY, party="某公司", asked="是否同意公开合同")
    assert press(cast, "drafter", row, "consulted", asked, on="2026-02-10").status_code == 302
    assert letter(row, "third_party").served_on == date(2026, 2, 10)
    consulting.respond(again(asked), cast.drafter, key="2", opinion=Opinion.AGREES)
    fee = charging.charge(again(row), cast.drafter, key="3", by=FeeNotice.By.VOLUME, quantity=250)
    assert press(cast, "drafter", row, "fee_served", fee, on="2026-02-10").status_code == 302
    assert letter(row, "fee").served_on == date(2026, 2, 10)


def test_a_correction_notice_that_came_too_late_lapses_nothing(cast: Cast, on: Callable[[str], None]) -> None:
    on("2026-02-10")
    row = accepted(cast, route="post", address="清河市")
    made = clarifying.ask(row, cast.drafter, key="1", items="年份", due_on=date(2026, 2, 25))
    on("2026-02-26")
    serving.served(letter(row, "clarification"), cast.drafter, key="2", on=date(2026, 2, 26), proof="EMS")
    answer = press(cast, "drafter", row, "lapse", again(made), note="没有收到")
    assert (answer.status_code, "没有得到补正的时间" in answer.content.decode()) == (409, True)
    assert press(cast, "drafter", row, "resend", letter(row, "clarification"), route="post", on="2026-02-26").status_code == 302
    second = Service.objects.get(request=row, letter="clarification", again_for__isnull=False)
    made = again(made)
    assert made.served_on is None and made.due_on > date(2026, 3, 2)
    serving.served(second, cast.drafter, key="3", on=date(2026, 2, 26), proof="EMS 2")
    on(str(made.due_on))
    assert press(cast, "drafter", row, "lapse", again(made), note="没有收到").status_code == 409
    on("2026-04-01")
    assert press(cast, "drafter", row, "lapse", again(made), note="没有收到").status_code == 302


def test_the_package_holds_every_letter_though_the_worker_was_slow(cast: Cast) -> None:
    row = accepted(cast)
    frequency.ask(row, cast.drafter, key="a", facts="数量较多")
    filing.withdraw(again(row), None, key="w", reason="")
    assert not CaseFile.objects.filter(request=row, kind="letter").exists()
    package = archiving.archive(again(row), cast.drafter, key="z")
    with package.file.open("rb") as file:
        data = file.read()
    index = packing.verify(data)
    names = [told["name"] for told in index["files"]]
    for title in ("收件回执", "说明理由通知书"):
        assert {name.rpartition(".")[2] for name in names if title in name} == {"docx", "pdf"}, names
    assert [one["letter"] for one in index["services"]] == ["收件回执", "说明理由通知书"]
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        path = next(told["path"] for told in index["files"] if told["name"].endswith(".docx") and "回执" in told["name"])
        assert row.number in words_of("x.docx", packed.read(path))


def test_each_part_of_a_split_has_its_receipt_and_the_clock_of_the_whole(cast: Cast, on: Callable[[str], None]) -> None:
    on("2026-02-10")
    row = accepted(cast, suggests_opening=True)
    made = clarifying.ask(row, cast.drafter, key="1", items="年份", due_on=date(2026, 3, 10))
    on("2026-03-02")
    clarifying.answer(made, None, key="2", words="2025年")
    contents = "2024年清单\n2025年清单"
    assert press(cast, "other_officer", row, "split", contents=contents).status_code == 404
    assert press(cast, "drafter", row, "split", contents=contents).status_code == 302
    part = row.parts.get()
    due = [Obligation.objects.get(disclosure_request=one).due_on for one in (row, part)]
    assert due == [date(2026, 3, 30)] * 2, "both run from the correction"
    assert letter(part, "receipt").told["答复期限"] == "2026年3月30日"
    assert part.suggests_opening


def test_the_duty_to_take_it_on(cast: Cast, on: Callable[[str], None]) -> None:
    """法定规则 request.untouched counts as the alarm does, and goes to whoever gets the request."""
    install(cast.city, None, date(2026, 1, 1))
    on("2026-03-06")  # Friday
    done = filed(cast)
    duty = Obligation.objects.get(rule="request.untouched")
    assert (duty.owner, duty.due_on, duty.fulfilled_on) == (cast.reform, date(2026, 3, 9), None)
    for day, late in (("2026-03-09", False), ("2026-03-10", True)):
        on(day)
        alarm = at(cast, "openness_officer").get(reverse("request_cases:alarms")).context["figures"][0]["n"]
        assert (bool(alarm), duty.due_on < date.fromisoformat(day)) == (late, late), day
    assert at(cast, "other_officer").get(reverse("request_cases:alarms")).context["figures"][0]["n"] == 0
    row = done.request
    assert press(cast, "drafter", row, "confirm", at="2026-03-10T08:30", how="电话确认").status_code == 302
    duty = again(duty)
    assert duty.fulfilled_on == date(2026, 3, 10)
    row = filing.register(again(row), cast.drafter, key="r")
    assigning.transfer(row, cast.drafter, key="t", to=cast.finance, reason="由其掌握")
    theirs = Obligation.objects.get(rule="request.untouched", owner=cast.finance)
    assert (theirs.due_on, theirs.fulfilled_on) == (date(2026, 3, 11), None)
    assert press(cast, "other_officer", row, "accept").status_code == 302
    assert again(theirs).fulfilled_on == date(2026, 3, 10)


def test_a_request_that_is_withdrawn_asks_for_nothing_more(cast: Cast) -> None:
    install(cast.city, None, date(2026, 1, 1))
    row = received(cast)
    filing.withdraw(row, None, key="w", reason="")
    assert again(Obligation.objects.get(rule="request.untouched")).replaced_on is not None
