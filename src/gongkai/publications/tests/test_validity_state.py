"""The state of a document on a day: one rule, told twice (SQL and Python), the same on both databases."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gongkai.publications.models import Document, Edition, ValidityChange, ValidityTerm
from gongkai.publications.tests import making
from gongkai.publications.validity import state as validity
from gongkai.publications.validity.state import WORDS, may_be, state_of, with_validity, with_validity_live

DAY = date(2026, 6, 1)


def change(document: Document, effect: str, on: date, **values: Any) -> ValidityChange:
    values = {"cause_words": "清政发〔2026〕3号", "at": timezone.now()} | values
    return ValidityChange.objects.create(document=document, effect=effect, on=on, **values)


def both(document: Document, day: date = DAY) -> str:
    """The state in SQL, which must be the one in Python, and of what is live the one that the lists of the public are narrowed by."""
    code = with_validity(Document.objects.filter(pk=document.pk), day).get().validity
    assert code == state_of(document, day).code
    for edition in document.editions.filter(state="live"):
        same = with_validity_live(Edition.objects.filter(pk=edition.pk), day)
        told = [one for one in WORDS if same.filter(may_be(one, day), validity=one).exists()]
        assert told == [code]
    return code


@pytest.fixture
def normative(cast: Any) -> Any:
    def make(**content: Any) -> Document:
        values = {"effective_on": date(2024, 1, 1)} | content
        return making.live(cast.reform, cast.drafter, kind="normative", **values).document

    return make


def test_a_document_is_in_force_from_its_own_day(normative: Any) -> None:
    document = normative(effective_on=date(2026, 6, 2))
    assert both(document) == "not_yet"
    assert "2026-06-02" in state_of(document, DAY).why
    assert both(document, date(2026, 6, 2)) == "in_force"


def test_without_a_day_of_effect_the_day_of_issue_counts(normative: Any) -> None:
    document = normative(effective_on=None, issued_on=date(2026, 6, 2))
    assert both(document) == "not_yet"
    assert both(document, date(2026, 6, 2)) == "in_force"


def test_the_last_day_the_document_names_is_still_in_force(normative: Any) -> None:
    document = normative(repealed_on=DAY)
    assert both(document) == "in_force"
    assert both(document, DAY + timedelta(1)) == "lapsed"
    assert state_of(document, DAY + timedelta(1)).since == DAY + timedelta(1)


@pytest.mark.parametrize(("term", "last"), [("plain", date(2025, 12, 31)), ("trial", date(2022, 12, 31)), ("none", None)])
def test_a_term_ends_by_the_rule(normative: Any, term: str, last: date | None) -> None:
    """国办发〔2018〕37号: five years; 试行 two at most."""
    document = normative(effective_on=date(2021, 1, 1), term=term)
    if last is None:
        assert both(document, date(2090, 1, 1)) == "in_force"
        return
    assert both(document, last) == "in_force"
    assert state_of(document, last).until == last
    assert both(document, last + timedelta(1)) == "lapsed"


def test_a_place_sets_its_own_term(cast: Any, normative: Any) -> None:
    document = normative(effective_on=date(2021, 1, 1), term="trial")
    ValidityTerm.objects.create(jurisdiction=cast.city, term="trial", months=12, basis="清河市行政规范性文件管理办法")
    assert both(document, date(2021, 12, 31)) == "in_force"
    assert both(document, date(2022, 1, 1)) == "lapsed"


def test_the_end_of_february_is_counted_like_everywhere(normative: Any) -> None:
    document = normative(effective_on=date(2020, 2, 29), term="plain")
    assert both(document, date(2025, 2, 27)) == "in_force"
    assert both(document, date(2025, 2, 28)) == "lapsed"


@pytest.mark.parametrize("effect", ["repealed", "lapsed", "suspended"])
def test_a_decision_ends_force_from_its_day(normative: Any, effect: str) -> None:
    document = normative()
    made = change(document, effect, DAY)
    assert both(document, DAY - timedelta(1)) == "in_force"
    assert both(document) == effect
    state = state_of(document, DAY)
    assert state.change == made and state.since == DAY and not state.is_valid and "清政发〔2026〕3号" in state.why


def test_a_continuation_sets_a_new_end(normative: Any) -> None:
    document = normative(effective_on=date(2021, 1, 1), term="plain")
    change(document, "continued", date(2025, 12, 1), until=date(2027, 12, 31))
    assert both(document) == "in_force"
    assert state_of(document, DAY).until == date(2027, 12, 31)
    assert both(document, date(2028, 1, 1)) == "lapsed"


def test_a_further_record_takes_a_repeal_back(normative: Any) -> None:
    document = normative()
    change(document, "repealed", date(2026, 1, 1))
    change(document, "continued", date(2026, 3, 1))
    assert both(document, date(2026, 2, 1)) == "repealed"
    assert both(document) == "in_force"


def test_an_amended_document_stays_in_force_until_it_ends(normative: Any) -> None:
    document = normative()
    change(document, "amended", date(2026, 1, 1))
    assert both(document) == "amended" and state_of(document, DAY).is_valid
    change(document, "repealed", date(2026, 5, 1))
    assert both(document) == "repealed"


def test_what_is_not_a_policy_document_has_no_force_of_its_own(cast: Any) -> None:
    document = making.live(cast.reform, cast.drafter, kind="other", effective_on=date(2027, 1, 1)).document
    assert both(document) == "none" and not state_of(document, DAY).is_marked
    change(document, "repealed", date(2026, 1, 1))
    assert both(document) == "repealed"


def test_the_text_the_public_sees_speaks_for_the_document(cast: Any, normative: Any) -> None:
    document = normative()
    making.draft(cast.reform, cast.drafter, document=document, effective_on=date(2027, 1, 1))
    assert both(document) == "in_force"


DAYS = st.dates(date(2016, 1, 1), date(2030, 12, 31))
MAYBE = st.none() | DAYS


@given(
    kind=st.sampled_from(["rule", "normative", "policy", "other"]),
    issued=MAYBE,
    effective=MAYBE,
    repealed=MAYBE,
    term=st.sampled_from(["plain", "trial", "none"]),
    own=st.none() | st.integers(1, 40),
    changes=st.lists(st.tuples(st.sampled_from(ValidityChange.Effect.values), DAYS, MAYBE), max_size=4),
    days=st.lists(DAYS, min_size=1, max_size=4),
)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_sql_and_python_agree(cast: Any, kind, issued, effective, repealed, term, own, changes, days) -> None:  # type: ignore[no-untyped-def]
    if effective and repealed and repealed < effective:
        effective, repealed = repealed, effective
    dates = {"issued_on": issued, "effective_on": effective, "repealed_on": repealed}
    document = making.live(cast.reform, cast.drafter, kind=kind, term=term, **dates).document
    ValidityTerm.objects.all().delete()
    if own:
        ValidityTerm.objects.create(jurisdiction=cast.city, term="plain", months=own, basis="本地规定")
    for effect, on, until in changes:
        change(document, effect, on, until=until if until and until >= on and effect == "continued" else None)
    for day in days:
        both(document, day)


def test_a_page_of_documents_asks_once(cast: Any, normative: Any, django_assert_num_queries: Any) -> None:
    for _n in range(3):
        normative()
    with django_assert_num_queries(2):  # the places' terms, the documents
        assert {row.validity for row in with_validity(Document.objects.all(), DAY)} == {validity.IN_FORCE}
