"""复查: every public document once, from where a killed worker stopped; what was mended no longer stands."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from gongkai.agencies.errors import ActionRefused, NotAllowed
from gongkai.publications.models import Edition, HistoryResult, HistoryScreening, ScreeningFinding
from gongkai.publications.screening import history as history_screening
from gongkai.publications.screening import public_copies
from gongkai.publications.tests.making import live
from gongkai.publications.tests.screened import ID, MOBILE, key, looked, paper, with_files


def start(cast):
    return history_screening.start(cast.city, cast.user("openness_officer"), key=key())


def public(edition):
    Edition.objects.filter(pk=edition.pk).update(state="live", published_at=timezone.now() - timedelta(1))
    edition.refresh_from_db()
    return edition


def test_only_the_office_of_the_place_and_one_at_a_time(cast):
    with pytest.raises(ActionRefused, match="还没有公开"):
        start(cast)
    live(cast.reform, cast.drafter)
    for who in ("head", "office_head", "county_officer", "stranger"):
        with pytest.raises(NotAllowed):
            history_screening.start(cast.city, cast.user(who), key=key())
    start(cast)
    with pytest.raises(ActionRefused, match="还没有完成"):
        start(cast)


def test_it_goes_on_where_it_stopped_and_doubles_nothing(cast, monkeypatch):
    for n in range(5):
        live(cast.reform, cast.drafter, body=f"<p>{MOBILE if n % 2 else '好'}</p>")
    row = start(cast)
    real, seen = history_screening._look, []

    def killed(history, edition, rules):
        if len(seen) == 3:
            raise KeyboardInterrupt
        seen.append(edition.pk)
        real(history, edition, rules)

    monkeypatch.setattr(history_screening, "_look", killed)
    with pytest.raises(KeyboardInterrupt):
        history_screening.run_some(row.pk)
    monkeypatch.setattr(history_screening, "_look", real)
    assert HistoryResult.objects.count() == 3 and history_screening.tick() == 0
    HistoryScreening.objects.update(asked_at=timezone.now() + timedelta(0), looked_at=timezone.now() - timedelta(minutes=5))
    assert history_screening.tick() == 1
    assert history_screening.run_some(row.pk, seconds=0) is False, "a turn ends in time"
    assert history_screening.run_some(row.pk) and history_screening.run_some(row.pk)
    row.refresh_from_db()
    assert row.finished_at and HistoryResult.objects.count() == row.total == 5
    assert HistoryResult.objects.filter(blocking=1).count() == 2


def test_what_was_mended_or_withdrawn_no_longer_stands(cast):
    bad, gone = live(cast.reform, cast.drafter, body=f"<p>{MOBILE}</p>"), live(cast.reform, cast.drafter, body=f"<p>{ID}</p>")
    row = start(cast)
    history_screening.run_some(row.pk)
    standing = history_screening.results_for(cast.user("drafter"), [cast.reform.pk])
    assert {result.document_id for result in standing} == {bad.document_id, gone.document_id}
    assert not history_screening.results_for(cast.user("other_officer"), [cast.finance.pk])
    live(cast.reform, cast.drafter, document=bad.document, body="<p>已遮盖</p>")
    Edition.objects.filter(pk=gone.pk).update(state="withdrawn")
    assert not history_screening.results_for(cast.user("drafter"), [cast.reform.pk])


def test_the_copies_are_looked_at_and_what_was_overruled_is_not_found_again(cast):
    edition = with_files(cast, {"a.docx": paper(f"身份证号{ID}，热线{MOBILE}")})
    looked(edition)
    rows = ScreeningFinding.objects.filter(screening__revision=edition.revision)
    rows.filter(rule="id_number.18").update(decision="masked", decided_at=timezone.now())
    rows.filter(rule="mobile").update(decision="overruled", decided_at=timezone.now(), reason="热线")
    public_copies.make_for(edition.revision)
    public(edition)
    history_screening.run_some(start(cast).pk)
    result = HistoryResult.objects.get()
    assert (result.blocking, result.findings) == (0, []), "the public copy has no author either"
