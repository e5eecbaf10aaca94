"""The responsibility matrix as a workbook: where marks stand, what is frozen, what Excel must not run."""

from __future__ import annotations

import io

import openpyxl
import pytest

from gongkai.formats.xlsx_matrix import Matrix, MatrixRow, write

WORDS = ["牵头", "负责", "配合"]


@pytest.fixture
def sheet():
    matrix = Matrix(
        title="责任分工矩阵",
        columns=["市财政局", "市教育局", "=市司法局"],
        rows=[
            MatrixRow(1, "公开预算", "2026-04-30", {0: "牵头", 1: "配合"}, ("一、公开", "（一）财政")),
            MatrixRow(2, "公开招生", "", {1: "负责"}, ("一、公开", "（二）教育")),
            MatrixRow(3, "=1+1", "每月", {0: "配合", 2: "牵头"}, ("二、保障",)),
        ],
        words=WORDS,
        under="清政办发〔2026〕1号",
        notes=["共 3 项"],
    )
    buffer = io.BytesIO()
    write(matrix, buffer)
    return openpyxl.load_workbook(buffer).active


def test_marks_stand_where_task_and_unit_meet(sheet):
    grid = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=3, max_row=10)]
    assert grid[0] == ["序号", "任务", "时限", "市财政局", "市教育局", "=市司法局"]
    assert grid[1][0] == "一、公开"
    assert grid[2][0] == "　（一）财政"
    assert grid[3] == [1, "公开预算", "2026-04-30", "牵头", "配合", None]
    assert grid[4][0] == "　（二）教育"
    assert grid[5] == [2, "公开招生", None, None, "负责", None]
    assert grid[6][0] == "二、保障"
    assert grid[7] == [3, "=1+1", "每月", "配合", None, "牵头"]


def test_what_was_written_is_text_and_only_the_sums_are_formulas(sheet):
    formulas = [cell.coordinate for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    assert formulas == [f"{column}{row}" for row in (11, 12, 13) for column in "DEF"]
    assert sheet["D11"].value == '=COUNTIF(D4:D10,"牵头")'
    assert sheet["B10"].quotePrefix


def test_units_are_written_downwards_and_the_heads_stay(sheet):
    assert {sheet.cell(3, n).alignment.textRotation for n in (4, 5, 6)} == {255}
    assert sheet.cell(3, 2).alignment.textRotation == 0
    assert sheet.freeze_panes == "D4"
    assert sheet.print_title_rows == "$3:$3"
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.column_dimensions["D"].width < 7 < sheet.column_dimensions["B"].width


def test_a_plan_without_tasks_is_a_sheet_without_rows():
    buffer = io.BytesIO()
    write(Matrix("空", [], [], WORDS), buffer)
    sheet = openpyxl.load_workbook(buffer).active
    assert [cell.value for cell in sheet[3]] == ["序号", "任务", "时限"]
