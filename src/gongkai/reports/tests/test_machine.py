"""Random legal courses of a request over travelled days: its clock is always that of a small model of the law kept here, no reply goes
without its reviews, and the annual table of the year always balances."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from unittest.mock import patch

from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from gongkai.agencies.errors import ActionRefused
from gongkai.clocks.calendar import Calendar, current
from gongkai.conftest import build_cast
from gongkai.disclosure_requests.actions import charging, clarifying, consulting, extending, filing, replying, serving
from gongkai.disclosure_requests.models import Consultation, DisclosureRequest, FeeNotice, Reply, ReplyReview
from gongkai.disclosure_requests.tests.cases import accepted
from gongkai.formats.annual_report.layout import layouts
from gongkai.formats.annual_report.outcomes import outcomes
from gongkai.obligations.models import Obligation
from gongkai.reports import counting
from gongkai.reports.counting import Span

FIRST = date(2026, 1, 6)
STEPS = ("clarify", "answer", "lapse", "ask", "respond", "extend", "charge", "pay", "fee_lapse", "withdraw", "reply")


class Law:
    """Articles 30, 32, 33 and 42 in a page: twenty working days from the day after receipt; a restart begins again; while something is
    waited for no day counts, the day on which the waiting begins being the last that does; an extension adds its days."""

    def __init__(self, calendar: Calendar, on: date) -> None:
        self.calendar, self.anchor, self.left, self.paused = calendar, on, 20, False

    def due(self) -> date | None:
        return None if self.paused else self._nth(self.anchor, self.left)

    def restart(self, on: date) -> None:
        self.anchor, self.left, self.paused = on, 20, False

    def suspend(self, on: date) -> None:
        due = self.due()
        if due is not None and on <= due:
            self.left -= self._between(self.anchor, on)
            self.anchor, self.paused = on, True

    def resume(self, on: date) -> None:
        if self.paused:
            self.anchor, self.paused = on, False

    def extend(self, n: int) -> None:
        self.left += n

    def _nth(self, start: date, n: int) -> date:
        day = start
        while n > 0:
            day += timedelta(1)
            n -= self.calendar.is_working_day(day)
        return day

    def _between(self, start: date, end: date) -> int:
        days = (end - start).days
        return sum(self.calendar.is_working_day(start + timedelta(k)) for k in range(1, days + 1))


class Course:
    """One case on its way. Each step is pressed whether it can be or not; what is refused changes nothing, here and there."""

    def __init__(self, cast: Any) -> None:
        self.cast, self.n = cast, 0
        self.row = accepted(cast)
        self.law = Law(current(), FIRST)

    def key(self) -> str:
        self.n += 1
        return f"machine-{self.n}"

    def fresh(self) -> DisclosureRequest:
        self.row = DisclosureRequest.objects.get(pk=self.row.pk)
        return self.row

    def press(self, step: str, today: date) -> None:
        deed: Callable[[date], None] = getattr(self, step)
        try:
            deed(today)
        except (ActionRefused, DisclosureRequest.clarification.RelatedObjectDoesNotExist, FeeNotice.DoesNotExist):  # type: ignore[attr-defined]
            return

    def clarify(self, today: date) -> None:
        clarifying.ask(self.fresh(), self.cast.drafter, key=self.key(), items="哪一年", due_on=today + timedelta(9))
        self.law.suspend(today)

    def answer(self, today: date) -> None:
        clarifying.answer(self.fresh().clarification, None, key=self.key(), words="2025年")
        self.law.restart(today)

    def lapse(self, today: date) -> None:
        clarifying.lapse(self.fresh().clarification, self.cast.drafter, key=self.key(), note="没有收到")
        self.law.resume(today)

    def ask(self, today: date) -> None:
        waited = self.row.consultations.filter(answered_on__isnull=True).exists()
        consulting.ask(self.fresh(), self.cast.drafter, key=self.key(), kind="third_party", party="公司", asked="是否同意")
        if not waited:
            self.law.suspend(today)

    def respond(self, today: date) -> None:
        waiting = Consultation.objects.filter(request=self.fresh(), answered_on__isnull=True)
        first = waiting.first()
        if first is None:
            return
        consulting.respond(first, self.cast.drafter, key=self.key(), opinion="agrees")
        if not waiting.exists():
            self.law.resume(today)

    def extend(self, today: date) -> None:
        asked = extending.ask(self.fresh(), self.cast.drafter, key=self.key(), n=7, reason="检索量大")
        extending.approve(asked, self.cast.head, key=self.key())
        self.law.extend(7)

    def charge(self, today: date) -> None:
        charging.charge(self.fresh(), self.cast.drafter, key=self.key(), by="volume", quantity=250)
        self.law.suspend(today)

    def pay(self, today: date) -> None:
        charging.paid(FeeNotice.objects.get(request=self.row), self.cast.drafter, key=self.key(), on=today, receipt_number="1")
        self.law.restart(today)

    def fee_lapse(self, today: date) -> None:
        charging.lapse(FeeNotice.objects.get(request=self.row), self.cast.drafter, key=self.key())
        self.law.resume(today)

    def withdraw(self, today: date) -> None:
        if self.n % 3 == 0:
            filing.withdraw(self.fresh(), None, key=self.key(), reason="")

    def reply(self, today: date) -> None:
        outcome = outcomes()["not_held"]
        situation = outcome.situations[0].code if outcome.situations else ""
        answers = dict.fromkeys(replying.asked_of(outcome, situation), "写明")
        held = replying.current(self.fresh())
        version = held.version if held else 0
        reply = replying.draft(
            self.row,
            self.cast.drafter,
            key=self.key(),
            outcome="not_held",
            situation=situation,
            text="没有",
            answers=answers,
            version=version,
        )
        reply = replying.propose(reply, self.cast.drafter, key=self.key())
        for step, who in (("content", self.cast.reviewer), ("secrecy", self.cast.secrecy_reviewer)):
            try:
                replying.sign(reply, self.cast.head, key=self.key())
            except ActionRefused:
                pass
            else:
                raise AssertionError("signed before its reviews")
            replying.review(reply, who, key=self.key(), step=step, conclusion="passed", basis="条例", version=reply.version)
        reply = replying.sign(Reply.objects.get(pk=reply.pk), self.cast.head, key=self.key())
        serving.send_reply(reply, self.cast.drafter, key=self.key())


class Machine(TestCase):
    @settings(max_examples=15, deadline=None)
    @given(st.lists(st.tuples(st.integers(0, 9), st.sampled_from(STEPS)), min_size=3, max_size=14))
    def test_the_clock_is_the_laws_and_the_tables_balance(self, drawn: list[tuple[int, str]]) -> None:
        today = FIRST
        now = {"at": timezone.make_aware(datetime(2026, 1, 6, 9))}
        with patch("django.utils.timezone.now", lambda: now["at"]):
            cast = build_cast()
            course = Course(cast)
            for days, step in drawn:
                today += timedelta(days)
                now["at"] = max(
                    now["at"] + timedelta(minutes=1), timezone.make_aware(datetime.combine(today, datetime.min.time())) + timedelta(hours=9)
                )
                course.press(step, today)
                row = course.fresh()
                duty = Obligation.objects.get(disclosure_request=row)
                if row.closed_on is None:
                    assert duty.due_on == course.law.due(), (step, today)
            self._reviewed()
            self._balanced(cast, today)

    def _reviewed(self) -> None:
        for reply in Reply.objects.filter(signed_at__isnull=False):
            steps = set(ReplyReview.objects.filter(reply=reply, version=reply.version, conclusion="passed").values_list("step", flat=True))
            assert steps >= {"content", "secrecy"}

    def _balanced(self, cast: Any, today: date) -> None:
        table = counting.three([cast.reform.pk], Span.of(2026, today))
        for column in {column for _row, column in layouts()["2021"].places["three"]}:
            one, two, three, four = (
                table[row, column] for row in (counting.NEW, counting.CARRIED_IN, counting.TOTAL_ROW, counting.CARRIED_OUT)
            )
            assert one + two == three + four, column
