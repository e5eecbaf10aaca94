"""建议: from anybody, once, screened before it is kept, not too many at once; answered in public within the limit."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.db import connections
from django.test import Client

from gongkai.agencies.errors import ActionRefused, NotAllowed
from gongkai.catalogue import suggestions
from gongkai.catalogue.models import Item, Suggestion
from gongkai.catalogue.tests.keeping_making import in_force, key
from gongkai.journal.models import Entry
from gongkai.obligations.models import Obligation

ID_NUMBER = "11010519491231002X"
MOBILE = "13812345678"


@pytest.fixture(autouse=True)
def _today() -> Any:
    cache.clear()
    with time_machine.travel("2026-11-22 02:00:00+00:00"):
        yield


@pytest.fixture
def item(cast: Any) -> Item:
    return Item.objects.get(catalogue=in_force(cast.reform, {}).catalogue)


@pytest.fixture
def send(item: Item) -> Callable[..., Suggestion]:
    def make(text: str = "停水通知请提前三天发布", **fields: Any) -> Suggestion:
        values = {"key": suggestions.new_key(item), "text": text, "sender": suggestions.sender_of("10.0.0.1")}
        return suggestions.submit(item, **(values | fields))

    return make


def test_a_suggestion_is_a_duty_of_the_owner_with_the_places_limit(cast: Any, send: Any) -> None:
    row = send()
    duty = Obligation.objects.get(rule="suggestion")
    assert (duty.owner, duty.subject_id, duty.due_on) == (cast.reform, row.pk, date(2026, 12, 11))
    assert duty.title == "答复公众对公开事项的建议：供水：事项1" and row.agency == cast.reform


def test_personal_data_is_masked_before_anything_is_kept(send: Any) -> None:
    row = send(f"我叫张三，身份证号{ID_NUMBER}，电话{MOBILE}，请公开水质")
    assert ID_NUMBER not in row.text and MOBILE not in row.text and "请公开水质" in row.text
    assert row.masked == ["id_number", "mobile"]
    kept = "".join(str(list(model.objects.values())) for model in (Suggestion, Obligation, Entry))
    assert ID_NUMBER not in kept and MOBILE not in kept


def test_the_form_sent_twice_makes_one(item: Item, send: Any) -> None:
    form = suggestions.new_key(item)
    assert send(key=form).pk == send(key=form).pk
    assert Suggestion.objects.count() == Obligation.objects.filter(rule="suggestion").count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_form_sent_twice_at_once_makes_one(item: Item, together: Any) -> None:
    form = suggestions.new_key(item)

    def once() -> Suggestion:
        return suggestions.submit(item, key=form, text="停水通知请提前发布", sender="")

    found = together(once, once)
    assert {getattr(one, "pk", one) for one in found} == {Suggestion.objects.get().pk}
    connections.close_all()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"text": "好"}, "至少 5 个字"),
        ({"text": "长" * 2001}, "不能超过 2000 个字"),
        ({"text": "建议公开\x00水质"}, "不能保存的字符"),
        ({"homepage": "http://spam.example"}, "请留空"),
        ({"key": "made:up"}, "再按一次提交"),
        ({"key": ""}, "再按一次提交"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_kept(send: Any, wrong: dict[str, Any], said: str) -> None:
    with pytest.raises(ActionRefused, match=said):
        send(**wrong)
    assert not Suggestion.objects.exists() and not Obligation.objects.filter(rule="suggestion").exists()


def test_a_key_is_good_for_its_item_and_a_day(cast: Any, item: Item, send: Any) -> None:
    other = Item.objects.get(catalogue=in_force(cast.finance, {}).catalogue)
    with pytest.raises(ActionRefused, match="不是这一事项的"):
        send(key=suggestions.new_key(other))
    form = suggestions.new_key(item)
    with time_machine.travel("2026-11-23 02:00:05+00:00"), pytest.raises(ActionRefused, match="超过一天"):
        send(key=form)


def test_not_too_many_from_one_place_within_an_hour(send: Any) -> None:
    for n in range(5):
        send(f"第{n}条建议，请公开水质")
    with pytest.raises(ActionRefused, match="过一会儿再提交"):
        send()
    send(sender=suggestions.sender_of("10.0.0.2"))
    with time_machine.travel("2026-11-22 03:01:00+00:00"):
        send()


def test_the_digest_says_nobody_and_is_forgotten(send: Any) -> None:
    row = send()
    assert "10.0.0.1" not in row.sender and len(row.sender) == 64
    assert suggestions.forget_senders() == 0
    with time_machine.travel("2026-11-23 02:00:05+00:00"):
        assert suggestions.forget_senders() == 1
        assert suggestions.sender_of("10.0.0.1") != row.sender
    row.refresh_from_db()
    assert row.sender == ""


def test_answered_it_is_public_and_the_duty_done(cast: Any, item: Item, send: Any) -> None:
    row = send()
    with pytest.raises(ActionRefused, match="办理结果"):
        suggestions.answer(row, cast.user("drafter"), key=key(), outcome="", words="已经采纳您的建议")
    with pytest.raises(ActionRefused, match="答复会公开，请改掉"):
        suggestions.answer(row, cast.user("drafter"), key=key(), outcome="adopted", words=f"请联系李四，身份证号{ID_NUMBER}")
    suggestions.answer(row, cast.user("drafter"), key=key(), outcome="adopted", words="从下月起提前三天发布")
    row.refresh_from_db()
    assert list(suggestions.answered(item)) == [row] and row.answered_by == cast.drafter
    assert Obligation.objects.get(rule="suggestion").fulfilled_on == date(2026, 11, 22)
    with pytest.raises(ActionRefused, match="已于 2026-11-22 答复"):
        suggestions.answer(row, cast.user("head"), key=key(), outcome="adopted", words="再答复一次")


def test_advertisements_are_answered_and_not_shown(cast: Any, item: Item, send: Any) -> None:
    suggestions.answer(send("代开发票请联系我们"), cast.user("drafter"), key=key(), outcome="not_handled", words="不属于对事项的建议")
    assert not suggestions.answered(item).exists()


@pytest.mark.parametrize("person", ["other_officer", "secrecy_reviewer", "openness_officer", "county_officer", "nobody"])
def test_only_the_owner_answers(cast: Any, send: Any, person: str) -> None:
    with pytest.raises(NotAllowed):
        suggestions.answer(send(), cast.user(person), key=key(), outcome="adopted", words="已经采纳")


def test_who_sees_what_waits(cast: Any, send: Any) -> None:
    send()
    people = ("drafter", "openness_officer", "office_drafter", "other_officer", "county_officer", "stranger", "nobody")
    assert {p for p in people if suggestions.waiting(cast.user(p)).exists()} == {"drafter", "openness_officer"}


def test_the_box_on_the_public_page(cast: Any, item: Item) -> None:
    client = Client(enforce_csrf_checks=True)
    page = client.get(f"/catalogue/items/{item.pk}/suggest/")
    assert page.status_code == 200 and not client.cookies
    form = page.context["form"]["key"].initial or page.context["form"].initial["key"]
    sent = client.post(f"/catalogue/items/{item.pk}/suggest/", {"key": form, "text": "停水通知请提前三天发布", "homepage": ""})
    row = Suggestion.objects.get()
    assert sent.status_code == 302 and sent["Location"] == f"/catalogue/suggestions/{row.code}/"
    receipt = client.get(sent["Location"])
    assert receipt["X-Robots-Tag"] == "noindex" and row.code in receipt.content.decode() and "2026-12-11" in receipt.content.decode()
    assert row.text not in client.get(f"/catalogue/items/{item.pk}/suggest/").content.decode(), "unanswered it is shown to nobody else"
    suggestions.answer(row, cast.user("drafter"), key=key(), outcome="adopted", words="从下月起提前三天发布")
    assert "从下月起提前三天发布" in client.get(f"/catalogue/items/{item.pk}/suggest/").content.decode()


def test_a_refused_box_keeps_what_was_typed_and_can_be_sent_again(item: Item, client: Client) -> None:
    address = f"/catalogue/items/{item.pk}/suggest/"
    page = client.post(address, {"key": "broken", "text": "停水通知请提前三天发布", "homepage": ""})
    assert page.status_code == 422 and "停水通知请提前三天发布" in page.content.decode() and "再按一次提交" in page.content.decode()
    again = client.post(address, {"key": page.context["form"].data["key"], "text": "停水通知请提前三天发布", "homepage": ""})
    assert again.status_code == 302 and Suggestion.objects.count() == 1


def test_an_item_that_left_the_catalogue_takes_no_more(cast: Any, item: Item, client: Client) -> None:
    in_force(cast.reform, {"code": "0009"})
    assert "不再收建议" in client.get(f"/catalogue/items/{item.pk}/suggest/").content.decode()
    page = client.post(f"/catalogue/items/{item.pk}/suggest/", {"key": suggestions.new_key(item), "text": "停水通知请提前发布"})
    assert page.status_code == 422 and not Suggestion.objects.exists()


def test_the_code_finds_the_answer_and_a_wrong_one_says_so(send: Any, client: Client) -> None:
    row = send()
    found = client.get("/catalogue/suggestions/", {"code": row.code.lower()})
    assert found.status_code == 302 and found["Location"].endswith(f"/{row.code}/")
    assert "没有这个查询码" in client.get("/catalogue/suggestions/", {"code": "XYZ"}).content.decode()
    assert client.get("/catalogue/suggestions/XYZ/").status_code == 404
