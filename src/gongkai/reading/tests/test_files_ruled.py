"""Tables drawn with rules, in pdf and ofd, back into grids."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gongkai.reading.extracted import Extracted
from gongkai.reading.files import extract
from gongkai.reading.files.ruled import MAX_DRAWN, Rule, Rules
from gongkai.reading.tests import files_samples as make
from gongkai.reading.tests.test_files_docx import cells

WIDTHS = [50.0, 150.0, 90.0, 90.0]
ROWS: list[list[str | None]] = [
    ["序号", "工作任务", "牵头单位", "时限"],
    ["1", "加强政务公开平台建设，统一规范政府网站栏目设置，办好政府公报。", "市政府办公室", "长期"],
    ["2", "扩大公众参与，征求意见期限一般不少于30日，并公开意见采纳情况。", "市司法局、市发展和改革委员会", "6月底前"],
]


def written(kind: str, pages: list[tuple[list, list]]) -> Extracted:
    if kind == "pdf":
        return extract(make.pdf([texts for texts, _ in pages], rules=[rules for _, rules in pages]), "a.pdf")
    inner = [
        make.ofd_rules(rules)
        + "".join(make.ofd_text(x * 0.3528, (y - size) * 0.3528, text, size=size * 0.3528) for x, y, size, text in texts)
        for texts, rules in pages
    ]
    return extract(make.ofd(inner), "a.ofd")


kinds = pytest.mark.parametrize("kind", ["pdf", "ofd"])


@kinds
def test_cells_are_whole_and_in_their_places(kind: str) -> None:
    texts, rules = make.ruled_table(ROWS, left=80, top=150, widths=WIDTHS)
    before, after = (80.0, 120.0, 16.0, "任务分工表"), (80.0, 700.0, 16.0, "附件：略")
    got = written(kind, [([before, *texts, after], rules)])
    assert cells(got) == ROWS
    assert got.text.splitlines() == ["任务分工表", *[cell for row in ROWS for cell in row if cell], "附件：略"]


@kinds
def test_spans(kind: str) -> None:
    rows: list[list[str | None]] = [["领域", "任务", "<", "时限"], [None, "公开", "解读", "长期"], ["其他", "甲", "乙", "丙"]]
    got = written(kind, [make.ruled_table(rows, left=80, top=150, widths=WIDTHS)])
    assert cells(got) == [["领域", "任务", "任务", "时限"], ["领域", "公开", "解读", "长期"], ["其他", "甲", "乙", "丙"]]
    assert got.grids[0].rows[0][0] is got.grids[0].rows[1][0]


@kinds
def test_a_table_over_two_pages_is_one_and_its_repeated_heading_goes(kind: str) -> None:
    pages = [make.ruled_table(part, left=80, top=100, widths=WIDTHS) for part in (ROWS[:2], [ROWS[0], ROWS[2]])]
    got = written(kind, pages)
    assert [cells(got, at) for at in range(len(got.grids))] == [ROWS]
    apart = make.ruled_table([["甲", "乙"], ["丙", "丁"]], left=80, top=100, widths=[100.0, 100.0])
    assert len(written(kind, [pages[0], apart]).grids) == 2


@kinds
def test_a_frame_and_an_underline_are_no_tables(kind: str) -> None:
    frame = [
        (80.0, 80.0, 400.0, 80.0),
        (80.0, 300.0, 400.0, 300.0),
        (80.0, 80.0, 80.0, 300.0),
        (400.0, 80.0, 400.0, 300.0),
        (90.0, 400.0, 300.0, 400.0),
    ]
    got = written(kind, [([(100.0, 120.0, 16.0, "框内"), (100.0, 180.0, 16.0, "文字"), (100.0, 420.0, 16.0, "框外")], frame)])
    assert (got.grids, got.text) == ([], "框内\n文字\n框外\n")


@kinds
def test_the_same_head_of_many_tables_is_kept(kind: str) -> None:
    pages = [make.ruled_table([["甲", f"第{n}"], ["丙", "丁"]], left=80 + 30 * n, top=100, widths=[100.0, 100.0]) for n in range(4)]
    assert len(written(kind, pages).grids) == 4


@given(
    st.lists(
        st.lists(st.sampled_from(["", "任务", "市司法局", "三十日内办结的事项应当公开", "1"]), min_size=3, max_size=3),
        min_size=2,
        max_size=5,
    )
)
@settings(max_examples=25, deadline=None)
def test_any_table_comes_back(rows: list[list[str]]) -> None:
    full = [["表头", "表头二", "表头三"], *rows]
    for kind in ("pdf", "ofd"):
        got = written(kind, [make.ruled_table(full, left=80, top=100, widths=[60.0, 90.0, 120.0])])  # type: ignore[arg-type]
        assert cells(got) == full


def test_rules_in_pieces_become_one() -> None:
    edges = [(10.0, float(y), 10.0, y + 10.0) for y in range(0, 100, 10)] + [
        (10.4, 0.0, 10.4, 100.0),
        (0.0, 0.0, 50.0, 40.0),
        (1.0, 1.0, 1.2, 1.1),
    ]
    rules = Rules.drawn(edges, 200.0)
    assert (rules.vertical, rules.horizontal) == ([Rule(10.0, 0.0, 100.0)], [])


def test_a_drawing_is_no_table() -> None:
    assert Rules.drawn(((float(n % 500), 0.0, float(n % 500), 9.0) for n in range(MAX_DRAWN + 2)), 100.0).vertical == []
    assert Rules.drawn(((n * 2.0, 0.0, n * 2.0, 9.0) for n in range(500)), 100.0).vertical == []
