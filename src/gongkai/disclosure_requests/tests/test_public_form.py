"""The citizen's form: one record, everything on it, nothing lost, no robot, and what is public already beside it."""

from __future__ import annotations

import io
import uuid
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from gongkai.conftest import Cast
from gongkai.disclosure_requests import numbers
from gongkai.disclosure_requests.models import (
    CaseFile,
    DisclosureRequest,
    FrequentAnswer,
    HeldFile,
    Knock,
    OpenForm,
    PlaceSettings,
)
from gongkai.disclosure_requests.public import gate, holding, offering
from gongkai.disclosure_requests.public.notice import notice_on
from gongkai.disclosure_requests.tests.cases import CREDIT_CODE, ID_CARD, PNG, picture
from gongkai.disclosure_requests.tests.public_forms import filled, send, solution
from gongkai.reminders.models import Message
from gongkai.search.model import SearchDown


def page(answer: Any) -> str:
    return str(answer.content.decode())


def test_a_citizen_files_and_sees_number_and_code_once(client: Client, cast: Cast) -> None:
    answer = send(client, cast.reform, altcha=solution(), email="zhao@example.cn", suggests_opening="on", help_needed="请用大字")
    assert (answer.status_code, answer.url) == (302, reverse("requests:receipt"))
    row = DisclosureRequest.objects.get()
    assert (row.channel, row.agency, row.suggests_opening, row.applicant.help_needed) == ("online", cast.reform, True, "请用大字")
    assert row.applicant.notice_version == notice_on(timezone.localdate()).version
    assert row.applicant.consented_at is not None
    shown = client.get(answer.url)
    code = OpenForm.objects.get().code
    assert numbers.check_digest(row.number, code) == row.check_digest
    assert row.number in page(shown)
    assert code in page(shown)
    assert "svg" in page(shown)
    assert "no-store" in shown["Cache-Control"]
    assert Client().get(answer.url).url == reverse("requests:progress"), "another browser sees nothing"
    OpenForm.objects.update(filed_at=timezone.now() - holding.SHOWN)
    assert client.get(answer.url).status_code == 302, "after half an hour it is gone"
    holding.tick()
    assert OpenForm.objects.get().code == ""


def test_the_receipt_by_mail_has_no_code_and_does_not_stay(client: Client, cast: Cast) -> None:
    send(client, cast.reform, email="zhao@example.cn")
    letter, code = Message.objects.get(), OpenForm.objects.get().code
    row = DisclosureRequest.objects.get()
    assert letter.address == "zhao@example.cn"
    assert row.number in letter.subject
    assert code not in letter.body
    assert "重大建设" not in letter.body
    Message.objects.update(state="sent", sent_at=timezone.now() - timedelta(days=2))
    holding.tick()
    assert not Message.objects.exists()


def test_an_organisation_is_known_by_its_credit_code(client: Client, cast: Cast) -> None:
    answer = send(client, cast.reform, kind="commercial", name="清河某公司", identity_number=CREDIT_CODE)
    assert answer.status_code == 422
    assert "请填写联系人" in page(answer)
    answer = send(client, cast.reform, kind="commercial", name="清河某公司", identity_number=CREDIT_CODE, contact="钱联系")
    assert answer.status_code == 302
    assert DisclosureRequest.objects.get().applicant.identity_kind == "credit_code"


def test_what_is_missing_is_said_at_its_field_and_nothing_is_lost(client: Client, cast: Cast) -> None:
    form = filled(identity_number="110105194912310021", description="", phone="", consent=None, name="", altcha=solution())
    answer = client.post(reverse("requests:form", args=[cast.reform.code]), form)
    said = page(answer)
    assert answer.status_code == 422
    for sentence in ("居民身份证号码不对", "请写明所需政府信息", "请至少填写电话", "请阅读个人信息处理告知", "请填写申请人的姓名"):
        assert said.count(f"{sentence}") >= 2, sentence
    assert "110105194912310021" in said
    assert "已经收下的文件" in said
    assert HeldFile.objects.get().name == "身份证.png"
    again = filled(key=form["key"], identity_files=None, altcha="")
    assert client.post(reverse("requests:form", args=[cast.reform.code]), again).status_code == 302, "the file and the proof of work held"
    assert CaseFile.objects.get().kind == "identity"
    assert not HeldFile.objects.exists()


def test_held_files_are_sealed_can_be_dropped_and_are_forgotten(client: Client, cast: Cast, settings: Any) -> None:
    form = filled(consent=None, identity_files=[picture("a.png"), picture("b.png", b"more")])
    client.post(reverse("requests:form", args=[cast.reform.code]), form)
    one, other = HeldFile.objects.all()
    assert PNG not in Path(one.file.path).read_bytes()
    again = filled(key=form["key"], identity_files=None, drop=[str(one.pk), "x", "9" * 30], consent=None)
    client.post(reverse("requests:form", args=[cast.reform.code]), again)
    assert list(HeldFile.objects.all()) == [other]
    OpenForm.objects.update(made_at=timezone.now() - holding.KEPT - timedelta(minutes=1))
    holding.tick()
    assert not HeldFile.objects.exists()
    assert not OpenForm.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_twenty_presses_in_a_second_are_one_request(cast: Cast, together: Any) -> None:
    form = filled(altcha=solution())

    def press() -> Any:
        mine = Client()
        files = [picture()]
        answer = mine.post(reverse("requests:form", args=[cast.reform.code]), form | {"identity_files": files})
        return answer.status_code, mine.get(reverse("requests:receipt")).content.decode()

    answers = together(*[press] * 6)
    answers += [press() for _ in range(14)]
    row = DisclosureRequest.objects.get()
    assert {status for status, _page in answers} == {302}
    code = OpenForm.objects.get().code
    assert code
    assert all(row.number in shown and code in shown for _status, shown in answers), "whichever answer the browser shows has the code"
    assert CaseFile.objects.count() == 1


def test_a_press_that_was_overtaken_shows_the_receipt_of_the_other(client: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    form, kept = filled(altcha=solution()), holding.held

    def overtaken(opened: OpenForm, part: str) -> Any:
        monkeypatch.setattr(holding, "held", kept)
        Client().post(reverse("requests:form", args=[cast.reform.code]), form | {"identity_files": [picture()]})
        return kept(opened, part)

    monkeypatch.setattr(holding, "held", overtaken)
    answer = client.post(reverse("requests:form", args=[cast.reform.code]), form | {"identity_files": [picture()]})
    assert answer.status_code == 302, "its file went with the other press; nothing is said to be missing"
    assert DisclosureRequest.objects.get().number in page(client.get(reverse("requests:receipt")))
    assert CaseFile.objects.count() == 1
    assert not HeldFile.objects.exists()


# -- who may send ------------------------------------------------------------------------------------------------------


def test_a_challenge_serves_one_form(client: Client, cast: Cast) -> None:
    used = solution()
    assert send(client, cast.reform, altcha=used).status_code == 302
    answer = send(client, cast.reform, altcha=used)
    assert (answer.status_code, gate.REPLAYED in page(answer)) == (422, True)
    assert DisclosureRequest.objects.count() == 1


def test_an_expired_challenge_is_refused_with_a_sentence(client: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate, "LASTS", timedelta(seconds=-5))
    answer = send(client, cast.reform, altcha=solution())
    assert (answer.status_code, gate.EXPIRED in page(answer)) == (422, True)


@pytest.mark.parametrize("payload", ["x", "e30=", "bnVsbA==", "W10=", "A" * 9000, "eyJhbGdvcml0aG0iOiAxfQ==", "中文"])
def test_nonsense_instead_of_a_proof_is_refused(client: Client, cast: Cast, payload: str) -> None:
    answer = send(client, cast.reform, altcha=payload)
    assert (answer.status_code, gate.REFUSED in page(answer)) == (422, True)
    assert not HeldFile.objects.exists(), "who has not passed leaves no files"


def test_without_scripts_a_few_in_an_hour_from_one_address(client: Client, cast: Cast) -> None:
    PlaceSettings.objects.create(jurisdiction=cast.city, plain_an_hour=3)
    for _ in range(3):
        assert send(client, cast.reform).status_code == 302
    answer = send(client, cast.reform)
    assert (answer.status_code, gate.TOO_MANY.format(n=3) in page(answer)) == (422, True)
    assert client.post(reverse("requests:form", args=[cast.reform.code]), filled(), REMOTE_ADDR="192.0.2.7").status_code == 302
    assert send(client, cast.reform, altcha=solution()).status_code == 302, "with the proof of work as many as one likes"
    assert "127.0.0.1" not in str(list(Knock.objects.values_list("key", flat=True)))


def test_a_place_may_want_scripts(client: Client, cast: Cast) -> None:
    PlaceSettings.objects.create(jurisdiction=cast.city, without_script=False)
    answer = send(client, cast.reform)
    assert (answer.status_code, gate.NEEDS_SCRIPT in page(answer)) == (422, True)
    assert send(client, cast.reform, altcha=solution()).status_code == 302


def test_the_trap_for_robots(client: Client, cast: Cast) -> None:
    answer = send(client, cast.reform, website="http://spam.example")
    assert (answer.status_code, DisclosureRequest.objects.count()) == (422, 0)


def test_the_challenge_is_fresh_each_time(client: Client, cast: Cast) -> None:
    one, other = (client.get(reverse("requests:challenge")).json() for _ in range(2))
    assert one["challenge"] != other["challenge"]
    assert one["maxNumber"] == gate.WORK
    assert send(client, cast.reform, altcha=solution(one)).status_code == 302


# -- hostile -----------------------------------------------------------------------------------------------------------


def test_hostile_words_come_back_as_words(client: Client, cast: Cast) -> None:
    answer = send(client, cast.reform, description="<script>alert(1)</script>", name="赵" * 10_000, consent=None)
    said = page(answer)
    assert answer.status_code == 422
    assert "<script>alert(1)" not in said
    assert "最多 100 个字，现在有 10000 个" in said
    assert send(client, cast.reform, name="赵\x00").status_code == 422
    done = send(client, cast.reform, description="<script>alert(1)</script>请公开", altcha=solution())
    assert done.status_code == 302


def test_bytes_of_another_encoding(client: Client, cast: Cast) -> None:
    body = urlencode(filled(identity_files=""), encoding="gbk")
    answer = client.generic("POST", reverse("requests:form", args=[cast.reform.code]), body, "application/x-www-form-urlencoded")
    assert answer.status_code == 422
    assert "有认不出的字符" in page(answer)


def test_bad_files_have_their_sentence_and_good_ones_stay(client: Client, cast: Cast, settings: Any) -> None:
    settings.UPLOAD_MB = 1
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.txt", b"0" * 50_000_000)
    files = [
        SimpleUploadedFile("大.pdf", b"%PDF-1.7" + b"0" * 1_200_000),
        SimpleUploadedFile("病毒.exe", b"MZ"),
        SimpleUploadedFile("假.pdf", b"no pdf"),
        SimpleUploadedFile("空.pdf", b""),
        SimpleUploadedFile("压缩.zip", bomb.getvalue()),
        SimpleUploadedFile("说明.txt", "说明".encode("gbk")),
    ]
    answer = send(client, cast.reform, files=files)
    said = page(answer)
    assert answer.status_code == 422
    assert "“大.pdf”超过 1 MB" in said
    assert "“病毒.exe”的类型不能上传" in said
    assert "“假.pdf”的内容不是" in said
    assert {row.name for row in HeldFile.objects.all()} >= {"身份证.png", "压缩.zip"}, "an archive is kept as it is, never unpacked"


def test_too_many_files(client: Client, cast: Cast) -> None:
    many = [picture(f"{n}.png", str(n).encode()) for n in range(25)]
    answer = send(client, cast.reform, files=many)
    assert (answer.status_code, "最多 20 个文件" in page(answer)) == (422, True)
    assert HeldFile.objects.count() == holding.MOST_FILES


@pytest.mark.parametrize("key", ["", "x", "0" * 300])
def test_a_form_without_its_key_gets_one(client: Client, cast: Cast, key: str) -> None:
    answer = send(client, cast.reform, key=key)
    assert answer.status_code == 422
    assert "请公开2025年清河市重大建设项目" in page(answer)


def test_unknown_agencies_are_404(client: Client, cast: Cast) -> None:
    assert client.get(reverse("requests:form", args=["nix"])).status_code == 404
    assert client.get(reverse("requests:start"), {"agency": "x" * 500}).status_code == 404


# -- what is public already ---------------------------------------------------------------------------------------------


def test_frequent_answers_are_offered_counted_and_never_stand_in_the_way(client: Client, cast: Cast) -> None:
    row = FrequentAnswer.objects.create(
        agency=cast.reform,
        question="重大建设项目批准结果在哪里看",
        answer="见专栏。",
        published_at=timezone.now(),
        reviewed_by=cast.reviewer,
    )
    FrequentAnswer.objects.create(agency=cast.reform, question="重大建设项目批准结果的草稿", answer="草稿")
    told = client.get(reverse("requests:suggest"), {"q": "请公开重大建设项目批准结果的清单", "agency": cast.reform.code}).json()
    assert [one["title"] for one in told["rows"]] == [row.question]
    first = client.get(reverse("requests:form", args=[cast.reform.code]), {"q": "重大建设项目批准结果"})
    assert row.question in page(first)
    assert "重大建设项目批准结果</textarea>" in page(first), "the words of the search begin the description"
    opened = client.get(told["rows"][0]["url"])
    assert opened.url == f"{reverse('requests:answers')}#answer-{row.pk}"
    assert send(client, cast.reform, altcha=solution()).status_code == 302
    assert DisclosureRequest.objects.get().offered == {"shown": 1, "clicked": 1}


def test_an_offer_leads_nowhere_else(client: Client, db: None) -> None:
    for key in ("", "answer:1", "https://evil.example", "document:999999", "plan:1", "answer:" + "9" * 60, "document:-1"):
        assert client.get(reverse("requests:seen"), {"key": key}).status_code == 404, key


def test_a_search_that_is_down_says_so(client: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def down() -> Any:
        raise SearchDown("x")

    monkeypatch.setattr(offering.keeping, "current", down)
    said = page(client.get(reverse("requests:form", args=[cast.reform.code]), {"q": "低保标准"}))
    assert "检索服务暂时不能用，不是没有" in said
    assert client.get(reverse("requests:suggest"), {"q": "低保标准"}).json()["down"] is True


def test_nothing_personal_is_asked_of_the_index(monkeypatch: pytest.MonkeyPatch) -> None:
    assert offering.essence("请公开 2025年清河市 低保标准！") == "2025年清河市 低保标准"
    assert len(offering.essence("低保 标准，" * 5000)) <= offering.LONGEST
    assert offering.essence("请公开") == ""


def test_the_form_key_is_nowhere_in_the_database(client: Client, cast: Cast) -> None:
    key = str(uuid.uuid4())
    send(client, cast.reform, key=key)
    row = DisclosureRequest.objects.get()
    assert key not in row.key
    assert ID_CARD not in row.key
    assert key not in str(list(OpenForm.objects.values()))
