"""What publishing asks of an agency by its own rules: the second review of what was forced, and what a new screening finds."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from gongkai.clocks.limits import limit
from gongkai.conftest import Cast
from gongkai.obligations.models import Obligation
from gongkai.obligations.statutes import rule
from gongkai.publications import facts
from gongkai.publications.actions import publishing
from gongkai.publications.models import Edition, HistoryResult, HistoryScreening
from gongkai.publications.screening import history as history_screening
from gongkai.publications.tests.flowing import agree, fresh, keys, proposed
from gongkai.publications.tests.making import live
from gongkai.publications.tests.screened import MOBILE
from gongkai.publications.tests.test_publishing import in_use

FORCED, FOUND = "publish.second_review", "publish.settle_findings"


def test_both_rules_are_in_use_from_the_start_and_their_days_are_a_setting() -> None:
    for one in (FORCED, FOUND):
        found = rule(one, timezone.localdate())
        assert found.by_default and found.settings == ("n",) and found.article.startswith("本平台内部规则")
        assert limit(found.limit, timezone.localdate()).article.startswith("本平台内部规则")


def forced(cast: Cast) -> Edition:
    edition = proposed(cast)
    agree(cast, edition, "secrecy")
    return publishing.force_publish(fresh(edition), cast.user("head"), key=keys(), reason="台风预警")


def test_a_forced_publication_owes_its_second_review_until_another_person_confirms(cast: Cast) -> None:
    in_use(cast, FORCED)
    edition = forced(cast)
    duty = Obligation.objects.get(rule=FORCED)
    assert (duty.owner, duty.subject_id, duty.fulfilled_on) == (cast.reform, edition.pk, None)
    assert duty.due_on and "紧急发布" in duty.title
    publishing.confirm(fresh(edition), cast.user("reviewer"), key=keys(), opinion="同意")
    duty.refresh_from_db()
    assert duty.fulfilled_on == timezone.localdate()
    proof = duty.evidence.get()
    assert (proof.record_kind, proof.record_id, proof.result) == ("second_review", edition.pk, "passed")


def screened(cast: Cast) -> HistoryScreening:
    row = history_screening.start(cast.city, cast.user("openness_officer"), key=keys())
    assert history_screening.run_some(row.pk)
    return row


def test_what_a_screening_finds_is_owed_once_and_ends_when_the_document_is_mended(cast: Cast) -> None:
    in_use(cast, FOUND)
    bad, good = live(cast.reform, cast.drafter, body=f"<p>{MOBILE}</p>"), live(cast.reform, cast.drafter, body="<p>好</p>")
    screened(cast)
    duty = Obligation.objects.get(rule=FOUND)
    result = HistoryResult.objects.get(document=bad.document)
    assert (duty.owner, duty.subject_id, duty.fulfilled_on) == (cast.reform, result.pk, None) and good.document_id != bad.document_id
    screened(cast)
    assert Obligation.objects.filter(rule=FOUND).count() == 1, "found again is not owed twice"
    publishing.withdraw(fresh(bad), cast.user("head"), key=keys(), reason="含有个人信息")
    duty.refresh_from_db()
    assert duty.fulfilled_on == timezone.localdate()
    assert duty.evidence.get().record_kind == "screening_settled"


def test_found_clean_when_screened_again_it_is_settled(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    in_use(cast, FOUND)
    bad = live(cast.reform, cast.drafter, body=f"<p>{MOBILE}</p>")
    screened(cast)
    duty = Obligation.objects.get(rule=FOUND)

    def overruled(_revision: Any) -> set[tuple[None, str, str]]:
        found = HistoryResult.objects.get(document=bad.document).findings
        return {(None, row["rule"], row["masked"]) for row in found}

    monkeypatch.setattr(history_screening, "_overruled", overruled)
    screened(cast)
    duty.refresh_from_db()
    assert duty.fulfilled_on == timezone.localdate()


def test_a_new_edition_settles_what_was_found(cast: Cast) -> None:
    in_use(cast, FOUND)
    bad = live(cast.reform, cast.drafter, body=f"<p>{MOBILE}</p>")
    screened(cast)
    live(cast.reform, cast.drafter, document=bad.document, body="<p>已遮盖</p>")
    facts.screening_settled(bad.document)
    assert Obligation.objects.get(rule=FOUND).fulfilled_on == timezone.localdate()


def test_without_the_rule_nothing_is_owed(cast: Cast) -> None:
    forced(cast)
    live(cast.reform, cast.drafter, body=f"<p>{MOBILE}</p>")
    screened(cast)
    assert not Obligation.objects.filter(rule__in=(FORCED, FOUND)).exists()
