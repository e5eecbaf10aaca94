"""Random reports that are consistent: what a correct agency would publish."""

from __future__ import annotations

import random

from hypothesis import strategies as st

from gongkai.formats.annual_report.layout import CASES, layouts
from gongkai.formats.annual_report.model import Report, cells

WORDS = ["坚持以公开为常态", "围绕中心工作", "加强组织领导", "做好政策解读", "完善工作制度", "规范办理流程", "提升服务水平", "回应群众关切"]


def report(seed: int = 0, layout: str = "2021", year: int | None = None, largest: int = 9) -> Report:
    """A consistent report; the same seed gives the same one."""
    pick = random.Random(seed)
    form = layouts()[layout]
    three = {}
    columns = [column.code for column in form.three_columns if column.code != "total"]
    for column in columns:
        numbers = {row: pick.randint(0, largest) for row in form.outcome_rows}
        numbers["3.7"] = sum(numbers.values())
        numbers["4"] = pick.randint(0, largest)
        numbers["2"] = pick.randint(0, numbers["3.7"] + numbers["4"])
        numbers["1"] = numbers["3.7"] + numbers["4"] - numbers["2"]
        three.update({(row, column): number for row, number in numbers.items()})
    for row in {row for row, _ in three}:
        three[row, "total"] = sum(three[row, column] for column in columns)
    four = {}
    for group in form.four_groups:
        numbers = [pick.randint(0, largest) for _ in range(4)]
        for result, number in zip(form.four_results, [*numbers, sum(numbers)], strict=True):
            four[CASES, f"{group.code}.{result.code}"] = number
    places = form.places
    return Report(
        year=year or (2023 if layout == "2021" else 2019),
        agency="清川市水利局",
        layout=layout,
        sections={str(n): "\n".join(sentence(pick) for _ in range(pick.randint(0 if n in (2, 3, 4) else 1, 3))) for n in range(1, 7)},
        two=cells([(place, pick.randint(0, largest)) for place in places["two"]]),
        three=cells([(place, three[place]) for place in places["three"]]),
        four=cells([(place, four[place]) for place in places["four"]]),
    )


def sentence(pick: random.Random) -> str:
    return "，".join(pick.sample(WORDS, 3)) + "。"


def reports(layout: str | None = None) -> st.SearchStrategy[Report]:
    kinds = st.just(layout) if layout else st.sampled_from(["2021", "2019"])
    return st.builds(report, st.integers(0, 10**6), kinds, largest=st.sampled_from([0, 1, 9, 3000]))
