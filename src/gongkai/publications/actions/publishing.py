"""发布、定时、紧急发布、补审、撤下: how an edition comes before the public, and goes. See base.perform for keys and refusals.

Every road ends in `_open`, under the lock of the document and behind the gates asked again there (gates.py): no two editions are ever live,
none without its reviews, however many people and workers press at once. What is opened is proved to its duties by itself (facts.py).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from gongkai.agencies.access import scope_of
from gongkai.agencies.errors import ActionRefused
from gongkai.agencies.models import User
from gongkai.journal.actions import record
from gongkai.publications import facts, gates, labels, search_source
from gongkai.publications.access import acts_for
from gongkai.publications.actions.base import insist, perform, text_reasons
from gongkai.publications.actions.reviewing import locked
from gongkai.publications.models import Deed, Document, Edition, LabelRecord
from gongkai.publications.public import following, subscriptions
from gongkai.publications.reviewing.workflow import authors_of
from gongkai.publications.signals import opened, taken_down

State, Change = Edition.State, Edition.Change
PUBLISHABLE = (State.READY, State.FAILED, State.SCHEDULED)
FORCEABLE = (State.DRAFT, State.REVIEW, *PUBLISHABLE)
UNDERWAY = (State.REVIEW, *PUBLISHABLE)
"""Under review too a person is told what is missing; it is ready when nothing is."""
FURTHEST = timedelta(days=366)
LABELS = {
    "publish": "发布",
    "schedule": "定时发布",
    "unschedule": "取消定时",
    "force_publish": "紧急发布",
    "confirm": "补审",
    "withdraw": "撤下",
}


def role_reason(verb: str, edition: Edition, actor: Any) -> str:
    """Why the verb is not this person's, or an empty string."""
    scope, document = scope_of(actor), edition.document
    office = scope.is_office_of(document.jurisdiction_id)
    if verb in ("force_publish", "withdraw"):
        return "" if office or scope.heads(document.agency_id) else f"{LABELS[verb]}由公开主体的负责人或者政务公开主管部门办理"
    if verb == "confirm":
        if not (office or scope.directs(document.agency_id)):
            return "补审由公开主体的审核人、负责人或者政务公开主管部门办理"
        if actor.pk == edition.published_by_id or actor.pk in authors_of(edition):
            return "补审要由紧急发布的人和拟稿人以外的另一个人办理"
        return ""
    return "" if office or acts_for(scope, document.agency) else f"{LABELS[verb]}由公开主体的人员或者政务公开主管部门办理"


def state_reasons(verb: str, edition: Edition) -> list[str]:
    """Why the verb cannot be done now, whoever asks."""
    state = edition.state
    now = f"现在是“{edition.get_state_display()}”"
    if verb == "publish":
        return gates.publish_reasons(edition) if state in UNDERWAY else [f"{now}，审核全部通过后才能发布"]
    if verb == "schedule":
        return gates.publish_reasons(edition) if state in (State.READY, State.FAILED) else [f"{now}，审核全部通过后才能定时"]
    if verb == "unschedule":
        return [] if state == State.SCHEDULED else [f"{now}，没有定时"]
    if verb == "force_publish":
        if state not in FORCEABLE:
            return [f"{now}，不用紧急发布"]
        found = gates.force_reasons(edition)
        return found if found or gates.publish_reasons(edition) else ["没有什么妨碍发布，请直接发布"]
    if verb == "confirm":
        if not edition.forced_reason or state not in (State.LIVE, State.PAST, State.WITHDRAWN):
            return ["不是紧急发布的，不用补审"]
        return [f"已于 {timezone.localdate(edition.confirmed_at)} 补审"] if edition.confirmed_at else []
    return [] if state == State.LIVE else [f"{now}，没有公开，不用撤下"]


def failure_reasons(verb: str, edition: Edition, actor: Any) -> list[str]:
    """Sentences that stand between this person and the verb; empty means it may be done."""
    role = role_reason(verb, edition, actor)
    return [role] if role else state_reasons(verb, edition)


def publish(edition: Edition, actor: User, *, key: str, text: str = "") -> Edition:
    """发布 now."""

    def work() -> Edition:
        row = locked(edition)
        insist(role_reason("publish", row, actor), state_reasons("publish", row))
        return _open(row, actor, timezone.now())

    return perform(Deed.Kind.PUBLISHED, actor, key, edition, work, text=text, agency_id=edition.document.agency_id)


def publish_scheduled(edition: Edition, actor: User, now: datetime) -> Edition:
    """What was ordered for this time, in the name of who ordered it; late is better than never, and twice is impossible. ActionRefused
    says why it cannot be."""

    def work() -> Edition:
        row = locked(edition)
        if row.state != State.SCHEDULED or row.publish_at is None or row.publish_at > now or row.publish_at != edition.publish_at:
            raise ActionRefused("没有到时间的定时发布")
        insist("", state_reasons("publish", row))
        return _open(row, actor, timezone.now())

    key = f"due:{edition.pk}:{edition.publish_at:%Y%m%d%H%M%S%f}"
    words = f"定时发布（{timezone.localtime(edition.publish_at):%Y-%m-%d %H:%M}）" if edition.publish_at else ""
    return perform(Deed.Kind.PUBLISHED, actor, key, edition, work, text=words, agency_id=edition.document.agency_id)


def fail(edition: Edition, actor: User, reason: str) -> Edition:
    """What was ordered for a time could not be done: it says why and waits for a person. Nothing is public, nothing is lost."""

    def work() -> Edition:
        row = locked(edition)
        if row.state != State.SCHEDULED or row.publish_at != edition.publish_at:
            raise ActionRefused("没有这次定时发布")
        row.state, row.failure = State.FAILED, reason[:500]
        row.save(update_fields=["state", "failure"])
        return row

    key = f"failed:{edition.pk}:{edition.publish_at:%Y%m%d%H%M%S%f}"
    return perform(Deed.Kind.FAILED, actor, key, edition, work, text=reason[:5000], agency_id=edition.document.agency_id)


def _open(row: Edition, actor: User, now: datetime, forced: str = "") -> Edition:
    """Makes the locked edition the one live edition of its document. What stood before becomes a past one at the same moment.

    A minor correction keeps the day on which its text was published; a major one gets a new day, and those who asked are told.
    """
    document = row.document
    assert row.revision is not None
    before = document.editions.filter(state=State.LIVE).first()
    first = document.first_published_at is None
    if before is not None:
        before.state, before.ended_at = State.PAST, now
        before.save(update_fields=["state", "ended_at"])
        _note(row, actor, "publications.published", before, {"state": State.LIVE}, {"state": State.PAST})
    minor = before is not None and row.change == Change.MINOR
    row.state, row.published_by, row.failure, row.publish_at = State.LIVE, actor, "", None
    row.published_at = before.published_at if minor and before is not None else now
    row.forced_reason = forced
    row.save(update_fields=["state", "published_by", "failure", "publish_at", "published_at", "forced_reason"])
    if first or document.withdrawn_at is not None:
        old = {"first_published_at": document.first_published_at, "withdrawn_at": document.withdrawn_at}
        document.first_published_at = document.first_published_at or now
        document.withdrawn_at, document.withdrawn_reason = None, ""
        document.save(update_fields=["first_published_at", "withdrawn_at", "withdrawn_reason"])
        new = {"first_published_at": document.first_published_at, "withdrawn_at": None}
        _note(row, actor, "publications.published", document, old, new)
    if row.revision.label:
        labels.note(document, LabelRecord.Point.WEB, row.revision.label, actor, f"第 {row.number} 版")
    facts.approved(row, actor)
    facts.opened(row, actor)
    search_source.changed([document.pk])
    if not minor:
        following.announce(row, now)
    if row.change == Change.MAJOR:
        subscriptions.tell(row, now)
    opened.send(sender=Edition, edition=row, actor=actor)
    return row


def _note(row: Edition, actor: User, action: str, about: Any, old: dict[str, Any], new: dict[str, Any]) -> None:
    """A change of another record than the verb's own."""
    record(action, about, actor=actor, old=old, new=new, agency_id=row.document.agency_id, place=row.document.jurisdiction_id)


def schedule(edition: Edition, actor: User, *, key: str, publish_at: datetime) -> Edition:
    """定时发布. Everything that stands in the way is asked now, and again at the time."""
    now = timezone.now()
    missing = []
    if publish_at <= now:
        missing.append("定时要晚于现在")
    elif publish_at > now + FURTHEST:
        missing.append("定时不能超过一年")

    def work() -> Edition:
        row = locked(edition)
        insist(role_reason("schedule", row, actor), state_reasons("schedule", row) or missing)
        row.state, row.publish_at, row.failure = State.SCHEDULED, publish_at, ""
        row.save(update_fields=["state", "publish_at", "failure"])
        return row

    words = f"定于 {timezone.localtime(publish_at):%Y-%m-%d %H:%M}"
    return perform(Deed.Kind.SCHEDULED, actor, key, edition, work, text=words, agency_id=edition.document.agency_id)


def unschedule(edition: Edition, actor: User, *, key: str, text: str = "") -> Edition:
    def work() -> Edition:
        row = locked(edition)
        insist(role_reason("unschedule", row, actor), state_reasons("unschedule", row))
        row.state, row.publish_at = State.READY, None
        row.save(update_fields=["state", "publish_at"])
        return row

    return perform(Deed.Kind.UNSCHEDULED, actor, key, edition, work, text=text, agency_id=edition.document.agency_id)


def force_publish(edition: Edition, actor: User, *, key: str, reason: str) -> Edition:
    """紧急发布: opened before every step is done, with the reason; marked everywhere until another person confirms it. The secrecy review
    and what screening forbids are never set aside (gates.force_reasons)."""
    missing = [*text_reasons(reason, most=500), *([] if reason.strip() else ["请写明为什么等不及审核"])]

    def work() -> Edition:
        row = locked(edition)
        insist(role_reason("force_publish", row, actor), state_reasons("force_publish", row) or missing)
        made = _open(row, actor, timezone.now(), forced=reason.strip())
        facts.forced(made, actor)
        return made

    return perform(Deed.Kind.FORCED, actor, key, edition, work, text=reason, agency_id=edition.document.agency_id)


def confirm(edition: Edition, actor: User, *, key: str, opinion: str) -> Edition:
    """补审 by a second person, who neither wrote nor forced it."""
    missing = [*text_reasons(opinion), *([] if opinion.strip() else ["请写明补审意见"])]

    def work() -> Edition:
        row = locked(edition)
        insist(role_reason("confirm", row, actor), state_reasons("confirm", row) or missing)
        row.confirmed_at = timezone.now()
        row.save(update_fields=["confirmed_at"])
        facts.confirmed(row)
        return row

    return perform(Deed.Kind.CONFIRMED, actor, key, edition, work, text=opinion, agency_id=edition.document.agency_id)


def withdraw(edition: Edition, actor: User, *, key: str, reason: str) -> Edition:
    """撤下: the page stays, says so and why; its content and its files are shown to nobody outside. What it proved is open again."""
    missing = [*text_reasons(reason, most=500), *([] if reason.strip() else ["请写明撤下的原因，公众看得到"])]

    def work() -> Edition:
        row = locked(edition)
        insist(role_reason("withdraw", row, actor), state_reasons("withdraw", row) or missing)
        return _take_down(row, actor, reason.strip())

    return perform(Deed.Kind.WITHDRAWN, actor, key, edition, work, text=reason, agency_id=edition.document.agency_id)


def expire(edition: Edition, actor: User) -> Edition:
    """到期撤下, by the worker: the term that the publication itself named is over. What it proved stays proved."""

    def work() -> Edition:
        row = locked(edition)
        if row.state != State.LIVE or row.expires_on is None or row.expires_on >= timezone.localdate():
            raise ActionRefused("没有到期")
        made = _take_down(row, actor, ended_words(row))
        facts.term_ended(row)
        return made

    key = f"expired:{edition.pk}:{edition.expires_on}"
    return perform(Deed.Kind.EXPIRED, actor, key, edition, work, text=ended_words(edition), agency_id=edition.document.agency_id)


def ended_words(edition: Edition) -> str:
    return f"公示期至 {edition.expires_on}，已经届满"


def _take_down(row: Edition, actor: User, reason: str) -> Edition:
    now = timezone.now()
    document: Document = row.document
    row.state, row.ended_at = State.WITHDRAWN, now
    row.save(update_fields=["state", "ended_at"])
    document.withdrawn_at, document.withdrawn_reason = now, reason
    document.save(update_fields=["withdrawn_at", "withdrawn_reason"])
    _note(row, actor, "publications.withdrawn", document, {"withdrawn_at": None}, {"withdrawn_at": now, "withdrawn_reason": reason})
    waiting = document.editions.filter(state=State.SCHEDULED).first()
    if waiting is not None:  # what was ordered before nobody has ordered for a page that was taken down
        waiting.state, waiting.publish_at = State.READY, None
        waiting.save(update_fields=["state", "publish_at"])
        _note(row, actor, "publications.unscheduled", waiting, {"state": State.SCHEDULED}, {"state": State.READY})
    facts.taken_down(document)
    search_source.changed([document.pk])
    taken_down.send(sender=Edition, edition=row, actor=actor)
    return row
