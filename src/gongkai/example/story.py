"""What the people of the example did with each duty, told by data/story.toml and acted out through obligations.actions.

Days follow from the duty's date and the day of loading: what lies in the future has not happened yet.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import F
from django.utils import timezone

from gongkai.agencies.models import Membership, User
from gongkai.obligations import actions
from gongkai.obligations.models import Obligation
from gongkai.plans.models import Plan


@dataclass(frozen=True, slots=True)
class Outcome:
    """One word of story.toml: `done:6` is ("done", 6)."""

    word: str
    days: int = 0

    @classmethod
    def read(cls, text: str) -> Outcome:
        word, _, days = text.partition(":")
        return cls(word, int(days or 0))

    def done_on(self, due: date | None, started: date, today: date) -> date | None:
        """The day on which the work was finished, or None while that day has not come."""
        if self.word not in {"done", "late", "waiting", "returned"}:
            return None
        anchor = due or today - timedelta(self.days)
        day = anchor + timedelta(self.days) if self.word == "late" else anchor - timedelta(self.days)
        day = max(day, started)
        return day if day <= today else None


class Company:
    """Who acts: the drafter of each agency, two officers of each openness office, the head who may waive."""

    def __init__(self) -> None:
        rows = Membership.objects.select_related("user", "agency", "section").order_by("pk")
        self.drafters: dict[int, Membership] = {}
        self.reviewers: dict[int, User] = {}
        self.heads: dict[int, User] = {}
        self.officers: dict[int, list[User]] = {}
        for row in rows:
            if row.role == Membership.Role.DRAFTER:
                self.drafters.setdefault(row.agency_id, row)
            elif row.role == Membership.Role.REVIEWER:
                self.reviewers[row.agency_id] = row.user
            elif row.role == Membership.Role.OFFICE:
                self.officers.setdefault(row.agency.jurisdiction_id, []).append(row.user)
            elif row.role == Membership.Role.HEAD and row.agency.is_competent:
                self.heads[row.agency.jurisdiction_id] = row.user

    def drafter(self, obligation: Obligation) -> User:
        return self.drafters[obligation.owner_id].user

    def officer(self, obligation: Obligation) -> User:
        return self.officers[obligation.jurisdiction_id][0]

    def head(self, obligation: Obligation) -> User:
        return self.heads[obligation.jurisdiction_id]


def _key(obligation: Obligation, verb: str) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"example/{obligation.pk}/{verb}"))


def _file(obligation: Obligation, text: str, name: str = "佐证材料") -> SimpleUploadedFile:
    body = f"{name}\n事项：{obligation.title}\n单位：{obligation.owner.name}\n{text}\n"
    return SimpleUploadedFile(f"{name}.txt", body.encode("utf-8"), content_type="text/plain")


class Told:
    """One duty being told. Times go forward from the opening and never pass now."""

    def __init__(self, obligation: Obligation, company: Company, opened: datetime, now: datetime, turn: int) -> None:
        self.obligation, self.company, self.now, self.turn = obligation, company, now, turn
        self.opened = self.at = opened

    def _when(self, day: date, hour: int) -> datetime:
        """That day at that hour, a little different for each duty, after what went before and not after now."""
        moment = timezone.make_aware(datetime.combine(day, time(hour, (self.turn * 13) % 60)))
        self.at = min(max(moment, self.at + timedelta(minutes=7)), self.now)
        return self.at

    def _day(self, after: int) -> date:
        return timezone.localtime(self.opened).date() + timedelta(after)

    def _inner(self, handed_over: date) -> date | None:
        """Every third duty gets a date of the unit's own, ten days before the plan's."""
        due = self.obligation.due_on
        inner = due - timedelta(10) if due and self.turn % 3 == 0 else None
        return inner if inner and inner > handed_over else None

    def _take_up(self, drafter: User) -> None:
        """Acknowledged, and handed to section and person where the unit has a reviewer."""
        obligation = self.obligation
        at = self._when(self._day(1 + self.turn % 4), 9 + self.turn % 7)
        actions.acknowledge(obligation, drafter, key=_key(obligation, "acknowledge"), at=at)
        if reviewer := self.company.reviewers.get(obligation.owner_id):
            post = self.company.drafters[obligation.owner_id]
            at = self._when(timezone.localtime(self.at).date(), 16)
            actions.assign(
                obligation,
                reviewer,
                key=_key(obligation, "assign"),
                section=post.section,
                person=post.user,
                inner_due_on=self._inner(timezone.localtime(at).date()),
                at=at,
            )

    def tell(self, outcome: Outcome, row: dict[str, Any], today: date, *, seen: bool = False) -> None:
        """`seen`: acknowledged and handed over with an earlier period of the same task."""
        obligation, drafter = self.obligation, self.company.drafter(self.obligation)
        if outcome.word == "waived":
            at = self._when(self._day(40), 10)
            actions.waive(obligation, self.company.head(obligation), key=_key(obligation, "waive"), reason=row["why"], at=at)
            return
        if outcome.word == "unseen":
            return
        if not seen:
            self._take_up(drafter)
        if outcome.word == "seen":
            return
        done_on = outcome.done_on(obligation.due_on, self._day(3), today)
        if done_on is None:
            day = min(self._day(20 + (self.turn * 11) % 160), today)
            at = self._when(day, 10 + self.turn % 6)
            actions.report_progress(
                obligation, drafter, key=_key(obligation, "progress"), text=row["said"], link=row.get("link", ""), files=[], at=at
            )
            return
        proofs = [actions.Proof(name) for name in row.get("at_link", [])]
        proofs += [actions.Proof(name, _file(obligation, row["said"], name)) for name in row.get("deliverables", [])]
        files = [] if row.get("link") or proofs else [_file(obligation, row["said"])]
        actions.request_completion(
            obligation,
            drafter,
            key=_key(obligation, "completion"),
            text=row["said"],
            link=row.get("link", ""),
            files=files,
            proofs=proofs,
            done_on=done_on,
            at=self._when(done_on, 15),
        )
        officer = self.company.officer(obligation)
        at_check = self._when(min(done_on + timedelta(1 + self.turn % 3), today), 17)
        if outcome.word == "returned":
            actions.return_work(obligation, officer, key=_key(obligation, "return"), reason=row["why"], at=at_check)
        elif outcome.word != "waiting":
            actions.pass_check(obligation, officer, key=_key(obligation, "pass"), text="佐证与任务要求一致。", at=at_check)


DONE = Outcome("done", 1)


def strand_outcomes(duties: list[Obligation], outcome: Outcome, today: date, turn: int) -> Iterator[tuple[Obligation, Outcome]]:
    """What one unit did with each duty of one task, when `outcome` is how the task went: the last date (or what stands alone) went so,
    earlier dates were kept, what waits for events waits, and of a rhythm the periods that are over were kept, but for every fifth unit's
    last one.
    """
    dated = [duty for duty in duties if duty.series_id is None and duty.due_on]
    alone = [duty for duty in duties if duty.series_id is None and not duty.due_on]
    main = dated[-1:] or alone[:1]
    periods = [duty for duty in duties if duty.series_id is not None]
    over = [duty for duty in periods if duty.due_on and duty.due_on < today]
    missed = over[-1:] if turn % 5 == 3 else []
    for duty in duties:
        if outcome.word in ("unseen", "waived", "seen") or duty in main:
            yield duty, outcome
        elif duty in missed or duty in alone:
            yield duty, Outcome("seen")
        elif duty in periods:
            yield duty, DONE if duty in over else Outcome("working")
        else:
            yield duty, DONE


def tell_story(plan: Plan, rows: list[dict[str, Any]], opened: datetime, today: date) -> Iterator[int]:
    """Acts out every duty of an issued plan; yields how many have been told so far."""
    company, now, told = Company(), timezone.now(), 0
    tasks = {task.pk: task for task in plan.tasks.all()}
    shares: dict[int, dict[tuple[int, str], list[Obligation]]] = {}
    for obligation in (
        Obligation.objects.filter(source=Obligation.Source.PLAN_TASK, subject_id__in=tasks)
        .select_related("owner__jurisdiction", "jurisdiction")
        .order_by("owner__code", "share", F("due_on").asc(nulls_last=True), "pk")
    ):
        shares.setdefault(obligation.subject_id, {}).setdefault((obligation.owner_id, obligation.share), []).append(obligation)
    for row in rows:
        task = next((t for t in tasks.values() if t.text.startswith(row["task"])), None)
        if task is None:
            raise LookupError(f"story.toml tells of a task that the plan does not have: {row['task']}")
        outcomes = [Outcome.read(text) for text in row["how"]]
        for n, duties in enumerate(shares.get(task.pk, {}).values()):
            seen: set[int | None] = set()
            for duty, outcome in strand_outcomes(duties, outcomes[n % len(outcomes)], today, told):
                began = max(opened, timezone.make_aware(datetime.combine(duty.starts_on, time(9))))
                known = duty.series_id is not None and duty.series_id in seen
                Told(duty, company, min(began, now), now, told).tell(outcome, row, today, seen=known)
                if outcome.word not in ("unseen", "waived"):
                    seen.add(duty.series_id)
                told += 1
                yield told
