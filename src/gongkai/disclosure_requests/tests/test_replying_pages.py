"""The pages of a reply: nobody loses what they wrote, nothing leaves without its reviews by any road, nobody else gets in."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from gongkai.conftest import Cast
from gongkai.disclosure_requests.actions import replying, serving
from gongkai.disclosure_requests.actions.filing import new_key
from gongkai.disclosure_requests.models import DisclosureRequest, Reply, ReplyReview, Service
from gongkai.disclosure_requests.replying import queries
from gongkai.disclosure_requests.replying import urls as room
from gongkai.disclosure_requests.tests.cases import accepted

ANSWERS = {"channel": "信访局", "ground": "投诉"}
TEXT = "依照条例第三十九条第一款，请向信访局提出。"


@pytest.fixture
def case(cast: Cast) -> DisclosureRequest:
    return accepted(cast)


@pytest.fixture
def reply(cast: Cast, case: DisclosureRequest) -> Reply:
    return replying.draft(case, cast.drafter, key="d", outcome="petition", text=TEXT, answers=ANSWERS)


def login(client: Client, cast: Cast, name: str) -> Client:
    client.force_login(cast.user(name))
    return client


def draft_form(reply: Reply | None, **more: Any) -> dict[str, Any]:
    version = str(reply.version) if reply else "0"
    told = {"letter": "petition", "need_channel": "信访局", "need_ground": "投诉", "text": TEXT, "made": "", "do": "save"}
    return {"key": str(uuid4()), "version": version, **told, **more}


def test_a_second_saver_sees_both_texts_and_may_save_again(cast: Cast, case: DisclosureRequest, reply: Reply, client: Client) -> None:
    login(client, cast, "drafter")
    replying.draft(case, cast.head, key="d2", outcome="petition", text="别人写的正文。", answers=ANSWERS, version=reply.version)
    address = reverse("request_cases:draft_reply", args=[case.pk])
    page = client.post(address, draft_form(reply, text="我写的正文。"))
    body = page.content.decode()
    assert page.status_code == 409 and "别人刚刚保存过" in body and "别人写的正文。" in body
    form = page.context["form"]
    assert form["text"].value() == "我写的正文。"
    assert Reply.objects.get(pk=reply.pk).text == "别人写的正文。"
    again = client.post(address, draft_form(None, text="我写的正文。", version=form["version"].value()))
    assert again.status_code == 302 and Reply.objects.get(pk=reply.pk).text == "我写的正文。"


def test_the_same_form_twice_saves_once(cast: Cast, case: DisclosureRequest, client: Client) -> None:
    login(client, cast, "drafter")
    address = reverse("request_cases:draft_reply", args=[case.pk])
    form = draft_form(None)
    assert [client.post(address, form).status_code for _ in range(3)] == [302] * 3
    assert Reply.objects.get().version == 1


def test_generating_again_asks_before_it_takes_what_was_edited(cast: Cast, case: DisclosureRequest, client: Client) -> None:
    login(client, cast, "drafter")
    address = reverse("request_cases:draft_reply", args=[case.pk])
    first = client.post(address, draft_form(None, text="", do="generate")).context["form"]
    made = first["text"].value()
    assert "信访局" in made and "第三十九条第一款" in made
    edited = client.post(address, draft_form(None, text=made + "另外一句。", made=made, do="generate"))
    assert edited.context["form"]["text"].value().endswith("另外一句。") and "改用重新生成的" in edited.content.decode()
    taken = client.post(address, draft_form(None, text=made + "另外一句。", made=made, do="take"))
    assert "另外一句" not in taken.context["form"]["text"].value()
    assert not Reply.objects.exists(), "nothing is saved until it is saved"


def test_by_no_road_does_a_reply_leave_without_its_reviews(cast: Cast, reply: Reply, client: Client) -> None:
    """Addresses typed by hand, in every order, by everybody of the agency."""
    roads = [reverse("request_cases:reply_verb", args=[reply.pk, verb]) for verb in ("sign", "send", "send_again")]
    today = timezone.localdate().isoformat()

    def try_all() -> None:
        for person in ("drafter", "reviewer", "secrecy_reviewer", "head"):
            login(client, cast, person)
            for road in roads:
                got = client.post(road, {"key": str(uuid4()), "route": "online", "on": today})
                assert got.status_code in (403, 409), (person, road)
        now = Reply.objects.get(pk=reply.pk)
        assert now.signed_at is None and now.number == "" and not Service.objects.filter(letter="reply").exists()

    try_all()
    login(client, cast, "drafter")
    assert client.post(reverse("request_cases:reply_verb", args=[reply.pk, "propose"]), {"key": str(uuid4())}).status_code == 302
    try_all()
    login(client, cast, "reviewer")
    say = {"version": "1", "conclusion": "passed", "basis": "条例"}
    step = reverse("request_cases:review_reply", args=[reply.pk, "content"])
    assert client.post(step, {"key": str(uuid4()), **say}).status_code == 302
    for person in ("reviewer", "head", "drafter"):
        login(client, cast, person)
        wrong = client.post(
            reverse("request_cases:review_reply", args=[reply.pk, "secrecy"]),
            {"key": str(uuid4()), **say, "part_text": "passed", "part_text_basis": "x"},
        )
        assert wrong.status_code == 403
    try_all()


def test_the_secrecy_review_is_item_by_item(cast: Cast, reply: Reply, client: Client) -> None:
    replying.propose(reply, cast.drafter, key="p")
    login(client, cast, "secrecy_reviewer")
    address = reverse("request_cases:review_reply", args=[reply.pk, "secrecy"])
    say = {"version": "1", "conclusion": "passed", "basis": "保密法第二十五条"}
    assert client.post(address, {"key": str(uuid4()), **say}).status_code == 422, "each item has its conclusion"
    bad = {"part_text": "returned", "part_text_basis": "条例第十四条"}
    page = client.post(address, {"key": str(uuid4()), **say, **bad})
    assert page.status_code == 409 and "有一项没有同意" in page.content.decode()
    assert client.post(address, {"key": str(uuid4()), **say, "part_text": "passed", "part_text_basis": "条例第十七条"}).status_code == 302
    row = ReplyReview.objects.get()
    assert row.items == [{"file": None, "name": "答复正文", "conclusion": "passed", "basis": "条例第十七条", "note": ""}]


def test_the_whole_road_by_the_pages(cast: Cast, case: DisclosureRequest, reply: Reply, client: Client) -> None:
    def press(person: str, name: str, *args: Any, **data: Any) -> None:
        got = login(client, cast, person).post(reverse(f"request_cases:{name}", args=args), {"key": str(uuid4()), **data})
        assert got.status_code == 302, got.content.decode()

    say = {"conclusion": "passed", "basis": "条例"}
    press("drafter", "reply_verb", reply.pk, "propose")
    press("reviewer", "review_reply", reply.pk, "content", version=1, conclusion="returned", basis="条例", opinion="写清楚")
    press("drafter", "draft_reply", case.pk, **draft_form(reply, text=TEXT + "改过。"))
    press("drafter", "reply_verb", reply.pk, "propose")
    page = login(client, cast, "reviewer").get(reverse("request_cases:reply", args=[reply.pk])).content.decode()
    assert "与上次送审相比的改动" in page and "<ins>改过。</ins>" in page.replace("\n", "")
    press("reviewer", "review_reply", reply.pk, "content", version=2, **say)
    press("secrecy_reviewer", "review_reply", reply.pk, "secrecy", version=2, part_text="passed", part_text_basis="条例", **say)
    press("head", "reply_verb", reply.pk, "sign")
    today = timezone.localdate()
    press("drafter", "reply_verb", reply.pk, "send", route="post", on=today, proof="")
    first = Service.objects.get(reply=reply)
    press("drafter", "service_verb", first.pk, "not_served", reason="退回")
    press("drafter", "reply_verb", reply.pk, "send_again", route="pick_up", on=today)
    press("drafter", "service_verb", Service.objects.latest("pk").pk, "served", on=today, proof="本人签收")
    now = Reply.objects.get(pk=reply.pk)
    assert now.served_on == today and now.number
    shown = login(client, cast, "drafter").get(reverse("request_cases:reply", args=[reply.pk])).content.decode()
    assert "已送达" in shown and "修改答复" not in shown
    assert queries.reviewed_share([case.agency_id], today, today) == (1, 1)


def test_what_waits_stands_in_the_queue_of_whose_turn_it_is(
    cast: Cast, reply: Reply, client: Client, django_assert_max_num_queries: Any
) -> None:
    def keys(person: str) -> list[str]:
        return [queue.key for queue in queries.queues(cast.user(person))]

    reply = replying.propose(reply, cast.drafter, key="p")
    assert (keys("reviewer"), keys("secrecy_reviewer"), keys("drafter")) == (["to_review"], ["to_secrecy"], [])
    assert keys("other_officer") == keys("county_officer") == keys("openness_officer") == []
    say = {"conclusion": "passed", "basis": "条例", "version": reply.version}
    replying.review(reply, cast.reviewer, key="r1", step="content", **say)
    replying.review(reply, cast.secrecy_reviewer, key="r2", step="secrecy", **say)
    assert (keys("head"), keys("reviewer")) == (["to_sign"], [])
    replying.sign(Reply.objects.get(pk=reply.pk), cast.head, key="s")
    assert "to_send" in keys("drafter")
    login(client, cast, "drafter")
    assert "待送达" in client.get(reverse("request_cases:replies")).content.decode()
    serving.send_reply(Reply.objects.get(pk=reply.pk), cast.drafter, key="x", route="post")
    assert keys("drafter") == ["to_send"]
    for n in range(5):
        other = replying.draft(
            accepted(cast, description=f"第{n}项"), cast.drafter, key=new_key(), outcome="petition", text=TEXT, answers=ANSWERS
        )
        replying.propose(other, cast.drafter, key=new_key())
    with django_assert_max_num_queries(4):
        found = queries.queues(cast.user("reviewer"))
    assert found[0].total == 5


def test_earlier_replies_to_like_requests_are_offered(cast: Cast, client: Client) -> None:
    old = accepted(cast)
    reply = replying.draft(old, cast.drafter, key="d", outcome="petition", text=TEXT, answers=ANSWERS)
    reply = replying.propose(reply, cast.drafter, key="p")
    say = {"conclusion": "passed", "basis": "条例", "version": reply.version}
    replying.review(reply, cast.reviewer, key="r1", step="content", **say)
    replying.review(reply, cast.secrecy_reviewer, key="r2", step="secrecy", **say)
    serving.send_reply(replying.sign(reply, cast.head, key="s"), cast.drafter, key="x")
    new = accepted(cast, name="钱申请")
    page = login(client, cast, "drafter").get(reverse("request_cases:draft_reply", args=[new.pk])).content.decode()
    assert "相似申请的答复" in page and Reply.objects.get(pk=reply.pk).number in page
    assert queries.like(accepted(cast, description="完全不同的事情，与前面没有关系。"), cast.drafter) == []


REFORM = {"drafter", "reviewer", "secrecy_reviewer", "head"}
OTHERS = ("other_officer", "other_head", "openness_officer", "county_officer", "county_drafter", "stranger", "office_head")
OPEN_TO = {
    # address: who opens it (a post without content is answered 4xx, never 404, for these)
    "replies": REFORM | set(OTHERS),
    "draft_reply": {"drafter", "reviewer", "head"},
    **dict.fromkeys(("reply", "attach_found", "clear_findings", "review_reply", "reply_letter", "reply_verb", "service_verb"), REFORM),
    "service_letter": {"drafter", "reviewer", "head"},
    **dict.fromkeys(("templates", "template"), {"openness_officer", "office_head"}),
}
ELSEWHERE = {"give_file", "redact", "page_picture", "given_file", "take_away_file", "found_file", "template_verb"}
"""Looked at in test_redacting.py and test_letters.py."""
POSTED = {"attach_found", "clear_findings", "review_reply", "reply_verb", "service_verb"}


def test_every_address_has_its_people() -> None:
    assert {pattern.name for pattern in room.urlpatterns} == set(OPEN_TO) | ELSEWHERE


@pytest.mark.parametrize("name", sorted(OPEN_TO))
def test_addresses_by_person(cast: Cast, case: DisclosureRequest, reply: Reply, client: Client, name: str) -> None:
    service = Service.objects.create(request=case, letter="receipt", route="post", sent_on=timezone.localdate())
    more = {"review_reply": ["content"], "reply_letter": ["docx"], "reply_verb": ["sign"], "service_letter": ["docx"]}
    more |= {"service_verb": ["served"], "template": ["petition"]}
    pk = {
        "draft_reply": case.pk,
        "service_letter": service.pk,
        "service_verb": service.pk,
        "templates": cast.city.pk,
        "template": cast.city.pk,
    }
    arguments = [] if name == "replies" else [pk.get(name, reply.pk), *more.get(name, [])]
    road = reverse(f"request_cases:{name}", args=arguments)
    for person in (*REFORM, *OTHERS):
        login(client, cast, person)
        got = client.post(road) if name in POSTED else client.get(road)
        assert (got.status_code != 404) == (person in OPEN_TO[name]), (person, got.status_code)
        assert got.status_code < 500
    client.logout()
    assert (client.post(road) if name in POSTED else client.get(road)).status_code == 302
    login(client, cast, "nobody")
    assert (client.post(road) if name in POSTED else client.get(road)).status_code == 403
