from __future__ import annotations

from datetime import date

from gongkai.agencies import queries
from gongkai.agencies.models import Agency, AgencyAlias, AgencySuggestion


def test_agencies_are_found_by_any_of_their_names(cast):
    AgencyAlias.objects.create(agency=cast.reform, jurisdiction=cast.city, text="市计委")
    for q in ("发展和改革", "市发改委", "计委", "990100-003"):
        assert list(queries.agency_rows(cast.user("drafter"), q)) == [cast.reform]
    assert not queries.agency_rows(cast.user("nobody"), "计委").exists()
    assert queries.agency_rows(cast.user("drafter"), jurisdiction=cast.east.pk).count() == 3


def test_the_public_directory_leaves_out_what_is_abolished(cast):
    Agency.objects.filter(pk=cast.finance.pk).update(valid_to=date(2020, 1, 1))
    Agency.objects.filter(pk=cast.human.pk).update(valid_from=date(2999, 1, 1))
    shown = set(queries.public_agencies())
    assert cast.reform in shown
    assert not {cast.finance, cast.human} & shown


def test_suggestion_rows_cost_the_same_for_many(cast, django_assert_num_queries):
    user = cast.user("openness_officer")
    AgencySuggestion.objects.bulk_create(AgencySuggestion(jurisdiction=cast.city, text=f"市人力资源{n}局") for n in range(40))
    with django_assert_num_queries(7):
        rows = queries.suggestion_rows(user)
    assert len(rows) == 40
    assert rows[0].match.suggestions[0].agency == cast.human
    assert queries.suggestion_rows(cast.user("county_officer")) == []
