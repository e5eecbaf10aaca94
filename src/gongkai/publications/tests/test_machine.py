"""Random verbs by random people in random order: whatever they try, what the public sees was reviewed by others (invariants 1 and 4).

Every verb is the product's own, asked as the page asks it; a refusal is an answer and the walk goes on. After each step the database is
read as it is, not as the verbs say it is.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import transaction
from django.http import Http404
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from gongkai.agencies.errors import ActionRefused, NotAllowed
from gongkai.conftest import Cast
from gongkai.publications import due
from gongkai.publications.actions import attaching, drafting, publishing, reviewing
from gongkai.publications.actions.reviewing import Verdict, parts_of
from gongkai.publications.models import Edition, Inquiry, Review, Screening
from gongkai.publications.models.editions import WORKING
from gongkai.publications.public import files as public_files
from gongkai.publications.public.page import access_public
from gongkai.publications.reviewing import workflow
from gongkai.publications.screening import public_copies
from gongkai.publications.screening import runs as screening_runs
from gongkai.publications.tests.flowing import BASIS, fresh, keys, whole

PEOPLE = ["drafter", "reviewer", "secrecy_reviewer", "head", "openness_officer", "openness_colleague", "other_officer", "county_officer"]
INSIDE = ["drafter", "drafter", "reviewer", "secrecy_reviewer", "head", "openness_officer"]
anybody = st.sampled_from([*INSIDE, *INSIDE, *PEOPLE])
conclusions = st.sampled_from(["passed"] * 12 + ["redact", "returned", "withheld"])
serial = count(1)


class Walk(RuleBasedStateMachine):
    cast: Cast
    reached: set[str] = set()
    """States that some walk came to: walks that open nothing would prove nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.saved = transaction.atomic()
        self.saved.__enter__()
        made = drafting.start(self.cast.reform, self.user("drafter"), key=keys(), issuers=[self.cast.reform], content=whole())
        self.document = made

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.saved.__exit__(None, None, None)

    def user(self, name: str) -> Any:
        return self.cast.user(name)

    def edition(self) -> Edition:
        """The one being worked on, else the newest."""
        rows = self.document.editions.order_by("-number")
        return fresh(rows.filter(state__in=WORKING).first() or rows.first())  # type: ignore[arg-type]

    def attempt(self, deed: Callable[[], Any]) -> None:
        try:
            with transaction.atomic():
                deed()
        except (ActionRefused, NotAllowed):
            return

    @rule(who=anybody)
    def save(self, who: str) -> None:
        row = self.edition()
        content = whole(body=f"<p>第 {next(serial)} 次写的。</p>")
        given = {"base_revision_id": row.revision_id, "content": content, "issuers": [self.cast.reform]}
        self.attempt(lambda: drafting.save(row, self.user(who), key=keys(), **given))

    @rule(who=anybody)
    def attach(self, who: str) -> None:
        row = self.edition()
        file = ContentFile(f"附件 {next(serial)}".encode(), name="附件.txt")
        self.attempt(lambda: attaching.attach(row, self.user(who), key=keys(), files=[file]))

    @rule()
    def worker(self) -> None:
        """Screening and public copies, as the tasks make them."""
        row = self.edition()
        for screening in Screening.objects.filter(revision=row.revision_id, finished_at__isnull=True):
            screening_runs.run(screening.pk)
        if row.revision is not None:
            public_copies.make_for(row.revision)

    @rule(who=anybody)
    def submit(self, who: str) -> None:
        self.attempt(lambda: reviewing.submit(self.edition(), self.user(who), key=keys()))

    @rule(who=anybody)
    def recall(self, who: str) -> None:
        self.attempt(lambda: reviewing.recall(self.edition(), self.user(who), key=keys()))

    @rule(who=st.sampled_from(PEOPLE), step=st.sampled_from(["check", "secrecy", "approve"]), conclusion=conclusions)
    def review(self, who: str, step: str, conclusion: str) -> None:
        self._review(self.edition(), who, step, conclusion)

    def _review(self, row: Edition, who: str, step: str, conclusion: str) -> None:
        assert row.revision is not None
        items = (
            [Verdict(part, conclusion, BASIS) for part in parts_of(row.revision)] if step == "secrecy" and conclusion != "returned" else []
        )
        given = {
            "step": step,
            "revision_id": row.revision_id or 0,
            "conclusion": conclusion,
            "basis": BASIS,
            "opinion": "意见",
            "items": items,
        }
        self.attempt(lambda: reviewing.review(row, self.user(who), key=keys(), **given))

    @rule(skipped=st.sampled_from(["", "", "", "check", "secrecy", "approve"]))
    def the_usual_way(self, skipped: str) -> None:
        """So that walks get far: submitted, looked through, agreed to by whose turn it is."""
        self.worker()
        self.submit("drafter")
        for step, who in (("check", "reviewer"), ("secrecy", "secrecy_reviewer"), ("approve", "head")):
            if step != skipped:
                self._review(self.edition(), who, step, "passed")

    @rule()
    def another_edition(self) -> None:
        """The same for a further edition, to the end."""
        self.begin("drafter", "major")
        self.the_usual_way("")
        self.publish("drafter")

    @rule(who=anybody)
    def inquire(self, who: str) -> None:
        self.attempt(lambda: reviewing.inquire(self.edition(), self.user(who), key=keys(), question="能否公开？", to_words="保密局"))

    @rule(who=anybody, allowed=st.booleans())
    def determine(self, who: str, allowed: bool) -> None:
        asked = Inquiry.objects.filter(edition__document=self.document, answered_on__isnull=True).first()
        if asked is not None:
            asked.edition = fresh(asked.edition)
            given = {"answer": "意见", "allowed": allowed, "on": timezone.localdate()}
            self.attempt(lambda: reviewing.determine(asked, self.user(who), key=keys(), **given))

    @rule(who=anybody)
    def publish(self, who: str) -> None:
        self.attempt(lambda: publishing.publish(self.edition(), self.user(who), key=keys()))

    @rule(who=anybody)
    def schedule(self, who: str) -> None:
        at = timezone.now() + timedelta(hours=1)
        self.attempt(lambda: publishing.schedule(self.edition(), self.user(who), key=keys(), publish_at=at))

    @rule(who=anybody)
    def unschedule(self, who: str) -> None:
        self.attempt(lambda: publishing.unschedule(self.edition(), self.user(who), key=keys()))

    @rule()
    def time_passes(self) -> None:
        due.publish_due(timezone.now() + timedelta(hours=2))

    @rule(who=anybody)
    def force(self, who: str) -> None:
        self.attempt(lambda: publishing.force_publish(self.edition(), self.user(who), key=keys(), reason="紧急"))

    @rule(who=anybody)
    def confirm(self, who: str) -> None:
        live = self.document.editions.filter(state="live").first()
        if live is not None:
            self.attempt(lambda: publishing.confirm(fresh(live), self.user(who), key=keys(), opinion="无误"))

    @rule(who=anybody)
    def withdraw(self, who: str) -> None:
        live = self.document.editions.filter(state="live").first()
        if live is not None:
            self.attempt(lambda: publishing.withdraw(fresh(live), self.user(who), key=keys(), reason="有误"))

    @rule()
    def term_ends(self) -> None:
        self.document.editions.filter(state="live").update(expires_on=timezone.localdate() - timedelta(1))
        due.expire_due()

    @rule(who=anybody, change=st.sampled_from(["major", "minor"]))
    def begin(self, who: str, change: str) -> None:
        self.attempt(lambda: drafting.begin_edition(self.document, self.user(who), key=keys(), change=change, note="有修改"))

    @rule(who=anybody)
    def discard(self, who: str) -> None:
        self.attempt(lambda: drafting.discard(self.edition(), self.user(who), key=keys()))

    @invariant()
    def one_live_edition_at_most_and_one_being_worked_on(self) -> None:
        states = list(self.document.editions.values_list("state", flat=True))
        self.reached.update(states)
        assert states.count("live") <= 1 and sum(state in WORKING for state in states) <= 1

    @invariant()
    def nothing_was_opened_without_its_reviews_by_others(self) -> None:
        for row in self.document.editions.filter(state__in=("live", "past", "withdrawn")).select_related("revision"):
            authors = workflow.authors_of(row)
            passed = Review.objects.filter(revision=row.revision_id, conclusion="passed")
            by = {review.step: review.reviewer_id for review in passed}
            assert "secrecy" in by and (row.forced_reason or set(by) == {"check", "secrecy", "approve"}), (row.state, by)
            assert not authors & set(by.values()), "reviewed by an author"
            assert len(set(by.values())) == len(by), "one person, one step"
            looked = set(passed.get(step="secrecy").items.values_list("version", flat=True))
            assert row.revision is not None
            assert set(row.revision.attachment_links.values_list("version", flat=True)) <= looked, "a file that nobody reviewed"
            if row.confirmed_at is not None:
                assert row.forced_reason

    @invariant()
    def an_address_that_was_public_is_never_lost(self) -> None:
        self.document.refresh_from_db()
        ever = self.document.editions.filter(published_at__isnull=False).exists()
        try:
            document, live = access_public(self.document.pk)
        except Http404:
            assert not ever
            return
        assert ever
        if live is None:
            assert document.withdrawn_reason
        else:
            assert live.state == "live" and document.withdrawn_at is None
            shown = {file.name for file in public_files.files_of(document, live)}
            assert live.revision is not None
            assert shown <= {link.version.name for link in live.revision.attachment_links.all()}


@pytest.mark.django_db
def test_no_walk_opens_what_was_not_reviewed(cast: Cast) -> None:
    Walk.cast = cast
    walks = int(os.environ.get("WALKS", "6"))
    known = {"deadline": None, "suppress_health_check": list(HealthCheck), "derandomize": walks == 6}
    run_state_machine_as_test(Walk, settings=settings(max_examples=walks, stateful_step_count=25, **known))
    assert {"live", "past"} <= Walk.reached
