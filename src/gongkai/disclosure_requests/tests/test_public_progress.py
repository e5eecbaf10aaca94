"""查进度: number and code and nothing else open a case; each step, the letters, the clarification, the reply with its files."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from gongkai.agencies.errors import ActionRefused
from gongkai.conftest import Cast
from gongkai.disclosure_requests.actions import clarifying, extending, filing, public, serving
from gongkai.disclosure_requests.models import (
    Deed,
    DisclosureRequest,
    PlaceSettings,
    Reply,
    ReplyFile,
    Service,
)
from gongkai.disclosure_requests.public import progress, telling
from gongkai.disclosure_requests.tests.cases import filed, picture
from gongkai.disclosure_requests.tests.public_forms import enter

OUTCOME = "open"
"""予以公开 in outcomes.toml."""


def page(answer: Any) -> str:
    return str(answer.content.decode())


def case_url(done: filing.Filed, name: str = "case", *more: int) -> str:
    return reverse(f"requests:{name}", args=[done.request.pk, *more])


@pytest.fixture
def done(cast: Cast) -> filing.Filed:
    """Filed on the net, received at once, registered and accepted."""
    PlaceSettings.objects.create(jurisdiction=cast.city, confirm_at_once=True)
    made = filed(cast)
    row = filing.register(made.request, cast.drafter, key="register")
    filing.accept(row, cast.drafter, key="accept")
    return filing.Filed(DisclosureRequest.objects.get(pk=row.pk), made.code)


def answered(cast: Cast, done: filing.Filed, route: str = "") -> tuple[Reply, ReplyFile]:
    """A signed reply with a file, sent. Made row by row: how it is written is the affair of another room."""
    row = DisclosureRequest.objects.get(pk=done.request.pk)
    source = row.files.first()
    now = timezone.now()
    made = Reply.objects.create(
        request=row,
        outcome=OUTCOME,
        text="现将所申请的信息提供给您。",
        number="清发改公开〔2026〕1号",
        author=cast.drafter,
        drafted_at=now,
        proposed_at=now,
        signed_by=cast.head,
        signed_at=now,
    )
    file = ReplyFile.objects.create(reply=made, source=source, given_name="清单.pdf", given_size=8, made_at=now, given_sha256="0" * 64)
    file.given.save("清单.pdf", ContentFile(b"%PDF-1.7"))
    serving.send_reply(made, cast.drafter, key="send", route=route)
    return Reply.objects.get(pk=made.pk), file


def test_number_and_code_open_the_case_for_half_an_hour(client: Client, done: filing.Filed) -> None:
    assert client.get(case_url(done)).url == reverse("requests:progress")
    answer = enter(client, done)
    assert answer.url == case_url(done)
    shown = client.get(answer.url)
    for words in (done.request.number, "办理中", "申请已提交", "已登记", "开始办理", "逐日看怎么算的"):
        assert words in page(shown), words
    assert "no-store" in shown["Cache-Control"]
    assert 'content="noindex"' in page(shown)
    session = client.session
    session[progress.SESSION] = {str(done.request.pk): 1}
    session.save()
    assert client.get(case_url(done)).url == reverse("requests:progress")


def test_small_letters_and_spaces_do_not_matter(client: Client, done: filing.Filed) -> None:
    code = f" {done.code[:4].lower()} {done.code[4:]} "
    answer = client.post(reverse("requests:progress"), {"number": f" {done.request.number} ", "code": code})
    assert answer.status_code == 302


def test_the_same_sentence_whatever_is_wrong(client: Client, done: filing.Filed) -> None:
    wrong = {"number": done.request.number, "code": "22222222"}
    none = {"number": "990100-003-2026-99999", "code": done.code}
    said = [page(client.post(reverse("requests:progress"), data)) for data in (wrong, none)]
    assert all(progress.refused() in one for one in said)
    for data in ({"number": "", "code": ""}, {"number": "x" * 5000, "code": "\x00"}, {"number": "赵", "code": "码" * 40}):
        assert client.post(reverse("requests:progress"), data).status_code == 422


def test_five_wrong_codes_lock_the_case_for_a_quarter_of_an_hour(client: Client, done: filing.Filed) -> None:
    for _ in range(5):
        assert progress.look_up(done.request.number, "22222222") is None
    assert progress.look_up(done.request.number, done.code) is None, "the right code does not open it now"
    assert progress.refused() in page(enter(client, done))
    DisclosureRequest.objects.update(locked_until=timezone.now() - timedelta(seconds=1))
    assert progress.look_up(done.request.number, done.code) is not None
    row = DisclosureRequest.objects.get()
    assert (row.wrong_codes, row.locked_until) == (0, None)


def test_a_thousand_codes_let_nobody_in(done: filing.Filed) -> None:
    assert not any(progress.look_up(done.request.number, f"{n:08d}") for n in range(1000))
    assert DisclosureRequest.objects.get().locked_until is not None


def test_wrong_codes_at_once_are_all_counted(done: filing.Filed) -> None:
    for _ in range(4):
        progress.look_up(done.request.number, "2")
    assert DisclosureRequest.objects.get().wrong_codes == 4
    assert progress.look_up(done.request.number, done.code) is not None
    assert DisclosureRequest.objects.get().wrong_codes == 0, "the right one begins anew"


def test_one_case_does_not_open_another(client: Client, cast: Cast, done: filing.Filed) -> None:
    other = filed(cast, description="别人的另一件申请")
    enter(client, done)
    for name in ("case", "reply"):
        assert client.get(case_url(other, name)).url == reverse("requests:progress")
    for name in ("clarify", "reasons", "withdraw", "rate"):
        assert client.post(case_url(other, name)).url == reverse("requests:progress")
    client.post(reverse("requests:leave"))
    assert client.get(case_url(done)).status_code == 302


def test_clarification_is_answered_on_the_page(client: Client, cast: Cast, done: filing.Filed) -> None:
    clarifying.ask(done.request, cast.drafter, key="ask", items="请写明年份", due_on=timezone.localdate() + timedelta(10))
    enter(client, done)
    shown = page(client.get(case_url(done)))
    assert "请写明年份" in shown
    assert "等候补正" in shown
    key = "7d6a3f0e-6f5f-4b0f-8d0c-3f6a0a5f0001"
    assert client.post(case_url(done, "clarify"), {"key": key}).status_code == 409, "nothing written, nothing attached"
    sent = {"key": key, "words": "2025年", "files": [picture("补充.png")]}
    assert client.post(case_url(done, "clarify"), sent).status_code == 302
    row = DisclosureRequest.objects.get()
    assert row.clarification.answer == "2025年"
    assert row.files.filter(kind="supplement", from_applicant=True).count() == 1
    assert Deed.objects.filter(kind="clarified", actor=None).count() == 1
    again = client.post(case_url(done, "clarify"), {"key": "7d6a3f0e-6f5f-4b0f-8d0c-3f6a0a5f0002", "words": "又"})
    assert again.status_code == 409
    assert "补正已经收到" in page(again)


def test_a_clarification_after_its_day(client: Client, cast: Cast, done: filing.Filed) -> None:
    asked = clarifying.ask(done.request, cast.drafter, key="ask", items="请写明年份", due_on=timezone.localdate() + timedelta(10))
    type(asked).objects.update(issued_on=date(2026, 1, 5), due_on=date(2026, 1, 20))
    enter(client, done)
    assert "已经过了这一天" in page(client.get(case_url(done)))
    type(asked).objects.update(lapsed_on=timezone.localdate())
    shown = page(client.get(case_url(done)))
    assert "视为放弃申请" in shown
    answer = client.post(case_url(done, "clarify"), {"key": "7d6a3f0e-6f5f-4b0f-8d0c-3f6a0a5f0003", "words": "2025年"})
    assert (answer.status_code, "不再处理" in page(answer)) == (409, True)


def test_extension_is_told_and_its_refusal_is_not(client: Client, cast: Cast, done: filing.Filed) -> None:
    first = extending.ask(done.request, cast.drafter, key="e1", n=20, reason="内部理由甲")
    extending.refuse(first, cast.head, key="e2", reason="不必")
    enter(client, done)
    shown = page(client.get(case_url(done)))
    assert "答复期限延长" not in shown
    assert "内部理由甲" not in shown
    second = extending.ask(done.request, cast.drafter, key="e3", n=20, reason="需要检索历史档案")
    extending.approve(second, cast.head, key="e4")
    shown = page(client.get(case_url(done)))
    assert "答复期限延长 20 个工作日" in shown
    assert "需要检索历史档案" in shown


def test_nobody_of_the_office_is_named(client: Client, cast: Cast, done: filing.Filed) -> None:
    enter(client, done)
    shown = page(client.get(case_url(done)))
    assert [name for name in ("钱经办", "周主任", "孙审核") if name in shown] == []


def test_withdrawal_needs_a_second_thought_and_is_once(client: Client, done: filing.Filed) -> None:
    enter(client, done)
    key = "7d6a3f0e-6f5f-4b0f-8d0c-3f6a0a5f0004"
    assert client.post(case_url(done, "withdraw"), {"key": key}).status_code == 422
    assert client.post(case_url(done, "withdraw"), {"key": key, "sure": "on"}).status_code == 302
    assert "由申请人撤回" in page(client.get(case_url(done)))
    assert client.post(case_url(done, "withdraw"), {"key": "7d6a3f0e-6f5f-4b0f-8d0c-3f6a0a5f0005", "sure": "on"}).status_code == 409


def test_reply_files_remedy_and_satisfaction(client: Client, cast: Cast, done: filing.Filed) -> None:
    _reply, file = answered(cast, done)
    enter(client, done)
    assert "打开答复和文件" in page(client.get(case_url(done)))
    shown = page(client.get(case_url(done, "reply")))
    for words in ("现将所申请的信息提供给您", "清发改公开〔2026〕1号", "清单.pdf", "行政复议", "行政诉讼"):
        assert words in shown, words
    given = client.get(case_url(done, "file", file.pk))
    assert b"".join(given.streaming_content) == b"%PDF-1.7"
    assert given["Content-Disposition"].startswith("attachment")
    assert "no-store" in given["Cache-Control"]
    assert client.get(case_url(done, "file", file.pk + 1)).status_code == 404
    key = "7d6a3f0e-6f5f-4b0f-8d0c-3f6a0a5f0006"
    assert client.post(case_url(done, "rate"), {"key": key, "value": "9"}).status_code == 422
    assert client.post(case_url(done, "rate"), {"key": key, "value": "4", "words": "快"}).status_code == 302
    row = DisclosureRequest.objects.get()
    assert (row.satisfaction, row.satisfaction_words) == (4, "快")
    with pytest.raises(ActionRefused, match="已经评价过"):
        public.rate(row, key="r2", value=5)


def test_opening_a_reply_sent_by_post_proves_that_it_arrived(client: Client, cast: Cast, done: filing.Filed) -> None:
    reply, _file = answered(cast, done, route="post")
    assert reply.served_on is None
    enter(client, done)
    for _ in range(3):
        client.get(case_url(done, "reply"))
    service = Service.objects.get(letter="reply")
    assert (service.served_on, "网上打开" in service.proof) == (timezone.localdate(), True)
    reply.refresh_from_db()
    assert reply.served_on == timezone.localdate()
    assert Deed.objects.filter(kind="served").count() == 1


def test_a_reply_that_is_not_sent_is_not_there(client: Client, cast: Cast, done: filing.Filed) -> None:
    enter(client, done)
    assert client.get(case_url(done, "reply")).url == case_url(done)
    now = timezone.now()
    draft = Reply.objects.create(request=done.request, outcome=OUTCOME, text="草稿甲", author=cast.drafter, drafted_at=now)
    file = ReplyFile.objects.create(reply=draft, source=done.request.files.first(), given_name="稿.pdf")
    file.given.save("稿.pdf", ContentFile(b"x"))
    assert "草稿甲" not in page(client.get(case_url(done)))
    assert client.get(case_url(done, "file", file.pk)).status_code == 404
    with pytest.raises(ActionRefused):
        public.rate(done.request, key="r", value=5)


def letter_of(done: filing.Filed) -> Service:
    """The receipt that registering sent."""
    return Service.objects.get(request=done.request, letter="receipt")


def test_a_letter_with_a_file_is_downloaded_and_no_other_file_is(client: Client, cast: Cast, done: filing.Filed) -> None:
    proof = done.request.files.get(kind="identity")
    mine = Service.objects.create(request=done.request, letter="extension", route="online", sent_on=timezone.localdate(), file=proof)
    inner = Service.objects.create(request=done.request, letter="third_party", route="post", sent_on=timezone.localdate(), file=proof)
    enter(client, done)
    assert client.get(case_url(done, "letter", mine.pk)).status_code == 200
    assert client.get(case_url(done, "letter", inner.pk)).status_code == 404
    assert [one.service.pk for one in telling.letters(done.request)] == [letter_of(done).pk, mine.pk]


def test_the_page_costs_the_same_however_long_the_case(client: Client, cast: Cast, done: filing.Filed) -> None:
    enter(client, done)
    client.get(case_url(done))
    with CaptureQueriesContext(
        connection,
    ) as few:
        client.get(case_url(done))
    for n in range(30):
        Service.objects.create(request=done.request, letter="extension", route="online", sent_on=timezone.localdate())
        Deed.objects.create(
            kind="paid", subject="disclosurerequest", subject_id=done.request.pk, at=timezone.now(), key=f"p{n}", request_id=done.request.pk
        )
    with CaptureQueriesContext(connection) as many:
        client.get(case_url(done))
    assert len(many) == len(few) <= 8
