"""The dated data hang together: rows, outcomes, needs."""

from __future__ import annotations

from gongkai.formats.annual_report.layout import layout_of, layouts
from gongkai.formats.annual_report.outcomes import NEEDS, by_row, outcomes


def test_the_2021_format_has_twenty_one_outcomes_and_175_cells():
    layout = layouts()["2021"]
    assert len(layout.outcome_rows) == 21
    assert {name: len(places) for name, places in layout.places.items()} == {"two": 10, "three": 175, "four": 15}
    assert layout.under("3.3") == tuple(f"3.3.{n}" for n in range(1, 9))
    assert (layout_of(2020).id, layout_of(2021).id, layout_of(2030).id) == ("2019", "2021", "2021")


def test_every_outcome_is_a_row_and_says_what_the_reply_must_ask():
    layout = layouts()["2021"]
    assert tuple(by_row()) == layout.outcome_rows
    assert {one.row_2019 for one in outcomes().values()} == set(layouts()["2019"].outcome_rows)
    for one in outcomes().values():
        label = layout.row_label("three", one.row)
        assert label.split(".")[-1].split("）", 1)[-1 if label.startswith("（") else 0] == one.title, (label, one.title)
        assert one.article and one.letter and one.needs and set(one.needs) <= NEEDS
        for situation in one.situations:
            assert situation.needs == one.asked(situation.code) and set(situation.needs) <= NEEDS


def test_reconsideration_comes_first_exactly_for_articles_14_to_16():
    first = {one.row for one in outcomes().values() if one.remedy == "review_first"}
    assert first == {"3.2", *(f"3.3.{n}" for n in range(1, 8))}
    assert {one.row for one in outcomes().values() if one.duty == "may"} == {"3.3.5", "3.3.6", "3.3.7"}
