"""发布、定时、紧急发布、补审、撤下、到期: what each asks, what it leaves, and what becomes of the duties it proves."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import OperationalError
from django.utils import timezone

from gongkai.agencies.errors import ActionRefused, NotAllowed
from gongkai.conftest import Cast
from gongkai.obligations.models import Evidence, Obligation, RuleSwitch
from gongkai.publications import due, gates
from gongkai.publications.actions import publishing, reviewing
from gongkai.publications.models import Deed, Edition, LabelRecord
from gongkai.publications.tests.flowing import agree, fresh, keys, next_edition, proposed, through
from gongkai.publications.visible import live_editions

SOON = timedelta(hours=2)


def publish(cast: Cast, edition: Edition, by: str = "drafter", key: str = "") -> Edition:
    return publishing.publish(edition, cast.user(by), key=key or keys())


def in_use(cast: Cast, *rules: str) -> None:
    for rule in rules:
        RuleSwitch.objects.create(
            jurisdiction=cast.city, rule=rule, on=True, since=date(2020, 1, 1), decided_by=cast.openness_officer, decided_at=timezone.now()
        )


def duty(rule: str, document: Any) -> Obligation:
    return Obligation.objects.get(rule=rule, subject_id=document.pk)


def test_what_is_ready_is_published_and_says_since_when(cast: Cast) -> None:
    edition = publish(cast, through(cast))
    document = edition.document
    assert edition.state == "live" and edition.published_at == document.first_published_at
    assert list(live_editions()) == [edition]
    assert LabelRecord.objects.filter(document=document, point="web", label="此件公开发布").exists()


def test_every_reason_is_told_at_once_and_nothing_is_published(cast: Cast) -> None:
    edition = proposed(cast)
    with pytest.raises(ActionRefused):
        publish(cast, edition)
    Edition.objects.filter(pk=edition.pk).update(state="ready")  # even if the state lied, the gates are asked
    with pytest.raises(ActionRefused) as refused:
        publish(cast, fresh(edition))
    assert len(refused.value.reasons) == 3 and not live_editions().exists()


@pytest.mark.parametrize("who", ["other_officer", "other_head", "county_officer", "stranger", "nobody"])
def test_others_do_not_publish(cast: Cast, who: str) -> None:
    edition = through(cast)
    for verb in ("publish", "schedule", "force_publish", "withdraw"):
        assert publishing.role_reason(verb, edition, cast.user(who))
    with pytest.raises(NotAllowed):
        publish(cast, edition, by=who)


def test_a_later_edition_takes_the_place_of_the_former(cast: Cast) -> None:
    first = publish(cast, through(cast))
    second = publish(cast, next_edition(cast, first))
    first = fresh(first)
    assert (first.state, second.state) == ("past", "live") and first.ended_at is not None
    assert live_editions().get() == second and second.published_at is not None and first.published_at is not None
    assert second.published_at > first.published_at


def test_a_correction_keeps_the_day(cast: Cast) -> None:
    first = publish(cast, through(cast))
    second = publish(cast, next_edition(cast, first, change="minor", change_note=""))
    assert second.published_at == first.published_at


def test_on_request_is_not_published(cast: Cast) -> None:
    edition = through(cast, attribute="on_request", label="此件依申请公开")
    assert edition.state == "ready"
    with pytest.raises(ActionRefused, match="依申请公开，不主动发布"):
        publish(cast, edition)


def test_the_clock_of_article_26_ends_with_the_publication_and_starts_again_with_its_withdrawal(cast: Cast) -> None:
    in_use(cast, "publish.information", "publish.secrecy_review")
    edition = proposed(cast, issued_on=timezone.localdate(), effective_on=None)
    assert duty("publish.information", edition.document).due_on is not None
    agree(cast, edition, "check")
    agree(cast, edition, "secrecy")
    assert duty("publish.secrecy_review", edition.document).fulfilled_on == timezone.localdate()
    agree(cast, edition, "approve")
    edition = publish(cast, edition)
    told = duty("publish.information", edition.document)
    assert told.fulfilled_on == timezone.localdate()
    assert Evidence.objects.get(obligation=told).record_kind == "publication"
    publishing.withdraw(edition, cast.user("head"), key=keys(), reason="内容有误")
    assert duty("publish.information", edition.document).fulfilled_on is None
    again = publish(cast, next_edition(cast, edition))
    assert duty("publish.information", again.document).fulfilled_on == timezone.localdate()
    assert again.document.withdrawn_at is None


def test_what_is_withheld_in_the_end_is_not_owed_to_the_public(cast: Cast) -> None:
    in_use(cast, "publish.information", "publish.withheld_review")
    edition = proposed(cast)
    document = edition.document
    agree(cast, edition, "check", conclusion="returned", opinion="涉及人事管理")
    values = {"attribute": "withheld", "label": "此件不予公开", "ground": "16.personnel", "ground_words": "人事管理信息"}
    edition = through_again(cast, edition, **values)
    assert edition.state == "ready"
    assert duty("publish.information", document).replaced_on is not None
    assert duty("publish.withheld_review", document).fulfilled_on is None
    assert publish(cast, edition).state == "live", "that it is withheld is announced"


def through_again(cast: Cast, edition: Edition, **content: Any) -> Edition:
    from gongkai.publications.reviewing import workflow
    from gongkai.publications.tests.flowing import whole
    from gongkai.publications.tests.making import revise

    revise(edition, cast.drafter, **whole(**content))
    edition = reviewing.submit(fresh(edition), cast.user("drafter"), key=keys())
    conclusion = "withheld" if content.get("attribute") == "withheld" else "passed"
    for step in workflow.steps_for(edition):
        agree(cast, edition, step.id, conclusion=conclusion)
    return edition


def test_a_duty_of_the_catalogue_is_proved_by_what_is_published_for_its_item(cast: Cast, make_obligation: Any) -> None:
    from gongkai.catalogue.models import Catalogue, Item
    from gongkai.publications.models import DocumentItem

    catalogue = Catalogue.objects.create(jurisdiction=cast.city, agency=cast.reform, kind="agency", title="目录")
    item, other = (Item.objects.create(catalogue=catalogue, code=code) for code in "ab")
    proof = {"kinds": ["publication"], "checks": ["published", "by_owner", "item"]}
    mine = make_obligation(source="catalogue", subject_id=item.pk, proof=proof)
    not_mine = make_obligation(source="catalogue", subject_id=other.pk, proof=proof)
    edition = through(cast)
    DocumentItem.objects.create(document=edition.document, item=item)
    edition = publish(cast, edition)
    mine.refresh_from_db(), not_mine.refresh_from_db()
    assert mine.fulfilled_on == timezone.localdate() and not_mine.fulfilled_on is None
    publishing.withdraw(edition, cast.user("openness_officer"), key=keys(), reason="重复发布")
    mine.refresh_from_db()
    assert mine.fulfilled_on is None


def test_a_publication_keeps_the_home_page_fresh_once_a_day(cast: Cast) -> None:
    office = Obligation.objects.create(
        jurisdiction=cast.city,
        owner=cast.office,
        source="statute",
        rule="site.home_fresh",
        title="门户网站首页两周内有更新",
        starts_on=timezone.localdate() - timedelta(30),
        due_on=timezone.localdate() - timedelta(16),
        freshness={"n": 14, "unit": "days"},
        proof={"kinds": ["publication"], "checks": ["published"]},
    )
    publish(cast, through(cast))
    publish(cast, through(cast))
    office.refresh_from_db()
    assert office.shown_on == timezone.localdate() and office.due_on == timezone.localdate() + timedelta(14)
    assert Evidence.objects.filter(obligation=office).count() == 1


def test_a_time_is_kept_by_the_worker_and_kept_once(cast: Cast) -> None:
    edition = publishing.schedule(through(cast), cast.user("reviewer"), key=keys(), publish_at=timezone.now() + SOON)
    assert due.publish_due() == 0 and not live_editions().exists()
    later = timezone.now() + timedelta(days=3)  # the worker was down for days
    assert due.publish_due(later) == 1
    edition = fresh(edition)
    assert edition.state == "live" and edition.published_by == cast.reviewer
    assert due.publish_due(later) == 0
    assert Deed.objects.filter(kind="published").count() == 1


def test_a_time_in_the_past_or_beyond_a_year_is_refused(cast: Cast) -> None:
    edition = through(cast)
    for at, words in ((timezone.now() - SOON, "晚于现在"), (timezone.now() + timedelta(days=400), "一年")):
        with pytest.raises(ActionRefused, match=words):
            publishing.schedule(edition, cast.user("drafter"), key=keys(), publish_at=at)


def test_what_cannot_be_published_at_its_time_says_why(cast: Cast) -> None:
    edition = publishing.schedule(through(cast), cast.user("drafter"), key=keys(), publish_at=timezone.now() + SOON)
    edition.inquiries.create(to_words="市国家保密局", question="能否公开？", asked_by=cast.head, asked_at=timezone.now())
    assert due.publish_due(timezone.now() + 2 * SOON) == 0
    edition = fresh(edition)
    assert edition.state == "failed" and "还没有答复" in edition.failure and not live_editions().exists()
    edition.inquiries.update(answer="可以", allowed=True, answered_on=timezone.localdate())
    assert publish(cast, fresh(edition)).state == "live"


def test_a_worker_killed_between_has_done_nothing_or_all(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    edition = publishing.schedule(through(cast), cast.user("drafter"), key=keys(), publish_at=timezone.now() + SOON)
    later = timezone.now() + 2 * SOON
    for broken in ("opened",):
        with monkeypatch.context() as killed:
            killed.setattr(f"gongkai.publications.facts.{broken}", _dies)
            with pytest.raises(SystemExit):
                due.publish_due(later)
        row = fresh(edition)
        assert row.state == "scheduled" and row.published_at is None and not live_editions().exists()
    assert due.publish_due(later) == 1 and fresh(edition).state == "live"


def _dies(*_args: Any, **_kwargs: Any) -> None:
    raise SystemExit(1)


def test_a_full_disk_is_waited_for_and_then_told(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    edition = publishing.schedule(through(cast), cast.user("drafter"), key=keys(), publish_at=timezone.now() + SOON)
    assert edition.publish_at is not None
    with monkeypatch.context() as full:
        full.setattr("gongkai.publications.facts.opened", _full)
        assert due.publish_due(edition.publish_at + timedelta(minutes=1)) == 0
        assert fresh(edition).state == "scheduled", "it may pass"
        due.publish_due(edition.publish_at + timedelta(minutes=11))
    edition = fresh(edition)
    assert edition.state == "failed" and "文稿没有丢失" in edition.failure


def _full(*_args: Any, **_kwargs: Any) -> None:
    raise OperationalError("database or disk is full")


def test_a_time_is_taken_back(cast: Cast) -> None:
    edition = publishing.schedule(through(cast), cast.user("drafter"), key=keys(), publish_at=timezone.now() + SOON)
    edition = publishing.unschedule(edition, cast.user("head"), key=keys())
    assert edition.state == "ready" and due.publish_due(timezone.now() + 2 * SOON) == 0


def test_an_emergency_never_goes_past_the_secrecy_review(cast: Cast) -> None:
    edition = proposed(cast)
    with pytest.raises(ActionRefused, match="“保密审查”还没有通过"):
        publishing.force_publish(edition, cast.user("head"), key=keys(), reason="台风预警")
    agree(cast, edition, "secrecy")
    with pytest.raises(NotAllowed):
        publishing.force_publish(edition, cast.user("drafter"), key=keys(), reason="台风预警")
    with pytest.raises(ActionRefused, match="为什么"):
        publishing.force_publish(edition, cast.user("head"), key=keys(), reason=" ")
    edition = publishing.force_publish(edition, cast.user("head"), key=keys(), reason="台风预警")
    assert edition.state == "live" and edition.forced_reason == "台风预警" and edition.confirmed_at is None


def test_an_emergency_is_confirmed_by_another_person(cast: Cast) -> None:
    edition = proposed(cast)
    agree(cast, edition, "secrecy")
    edition = publishing.force_publish(edition, cast.user("head"), key=keys(), reason="台风预警")
    for who in ("head", "drafter"):
        with pytest.raises(NotAllowed):
            publishing.confirm(edition, cast.user(who), key=keys(), opinion="同意")
    edition = publishing.confirm(edition, cast.user("reviewer"), key=keys(), opinion="内容无误")
    assert edition.confirmed_at is not None
    with pytest.raises(ActionRefused, match="已于"):
        publishing.confirm(edition, cast.user("openness_officer"), key=keys(), opinion="再审")


def test_what_could_simply_be_published_is_no_emergency(cast: Cast) -> None:
    with pytest.raises(ActionRefused, match="请直接发布"):
        publishing.force_publish(through(cast), cast.user("head"), key=keys(), reason="急")


def test_a_withdrawn_document_keeps_its_name_and_says_why(cast: Cast) -> None:
    edition = publish(cast, through(cast))
    with pytest.raises(NotAllowed):
        publishing.withdraw(edition, cast.user("drafter"), key=keys(), reason="错了")
    with pytest.raises(ActionRefused, match="原因"):
        publishing.withdraw(edition, cast.user("head"), key=keys(), reason="")
    edition = publishing.withdraw(edition, cast.user("head"), key=keys(), reason="内容有误")
    assert edition.state == "withdrawn" and edition.document.withdrawn_reason == "内容有误" and not live_editions().exists()


def test_nobody_sees_a_list_after_its_term_whether_the_worker_runs_or_not(cast: Cast) -> None:
    in_use(cast, "publish.personal_list_end")
    edition = through(cast, kind="names")
    Edition.objects.filter(pk=edition.pk).update(expires_on=timezone.localdate())
    edition = publish(cast, fresh(edition))
    assert live_editions().exists(), "the last day counts"
    tomorrow = timezone.localdate() + timedelta(1)
    assert not live_editions(tomorrow).exists()
    assert due.expire_due() == 0
    Edition.objects.filter(pk=edition.pk).update(expires_on=timezone.localdate() - timedelta(1))
    assert due.expire_due() == 1 and due.expire_due() == 0
    edition = fresh(edition)
    assert edition.state == "withdrawn" and "届满" in edition.document.withdrawn_reason
    assert Evidence.objects.filter(obligation=duty("publish.personal_list_end", edition.document)).exists()


def test_what_ended_by_its_own_term_stays_proved(cast: Cast) -> None:
    in_use(cast, "publish.information")
    edition = through(cast, kind="penalty")
    Edition.objects.filter(pk=edition.pk).update(expires_on=timezone.localdate() + timedelta(1))
    edition = publish(cast, fresh(edition))
    Edition.objects.filter(pk=edition.pk).update(expires_on=timezone.localdate() - timedelta(1))
    due.expire_due()
    assert duty("publish.information", edition.document).fulfilled_on is not None


def test_an_expired_date_stands_before_the_button(cast: Cast) -> None:
    edition = through(cast)
    Edition.objects.filter(pk=edition.pk).update(expires_on=timezone.localdate() - timedelta(1))
    assert any("公示截止日期" in reason for reason in gates.publish_reasons(fresh(edition)))


@pytest.mark.django_db(transaction=True)
def test_two_people_press_at_once_and_one_publishes(together: Any) -> None:
    from gongkai.conftest import build_cast

    cast = build_cast()
    edition = through(cast)
    people = [cast.user("drafter"), cast.user("head"), cast.user("openness_officer")]
    found = together(*(lambda who=who: publishing.publish(fresh(edition), who, key=keys()) for who in people))
    assert sum(isinstance(one, Edition) for one in found) == 1, found
    assert all("已公开" in str(one) for one in found if isinstance(one, ActionRefused))
    assert Edition.objects.filter(state="live").count() == 1 and Deed.objects.filter(kind="published").count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_workers_keep_one_time(together: Any) -> None:
    from gongkai.conftest import build_cast

    cast = build_cast()
    edition = publishing.schedule(through(cast), cast.user("drafter"), key=keys(), publish_at=timezone.now() + SOON)
    later = timezone.now() + 2 * SOON
    together(lambda: due.publish_due(later), lambda: due.publish_due(later))
    assert fresh(edition).state == "live" and Deed.objects.filter(kind="published").count() == 1
    assert not Deed.objects.filter(kind="failed").exists()


@pytest.mark.django_db(transaction=True)
def test_a_save_and_a_publication_at_once_never_open_what_nobody_reviewed(together: Any) -> None:
    from gongkai.conftest import build_cast

    cast = build_cast()
    edition = through(cast)
    seen = edition.revision_id

    def return_it() -> Any:
        return reviewing.recall(fresh(edition), cast.user("drafter"), key=keys())

    together(return_it, lambda: publishing.publish(fresh(edition), cast.user("head"), key=keys()))
    row = fresh(edition)
    assert row.state in ("draft", "live") and (row.state == "draft" or row.revision_id == seen)
