"""What leaves the compiler: JSON as the contract and the schema say, tables in every format."""

import io
import json
import re
import sys
import types
import zipfile
from datetime import date

import docx
import openpyxl
import pytest

from gongkai.reading import output, reader
from gongkai.reading.errors import ReadingError
from gongkai.reading.extracted import Extracted
from gongkai.reading.model import CitedDocument, Deadline, Mark, Plan, Quota, Task, Warning
from gongkai.reading.schema import plan_schema

CONTRACT = {
    "plan": ["source", "title", "issuer", "doc_number", "issued_on", "tasks", "cited_documents", "warnings"],
    "task": [
        "path",
        "text",
        "text_start",
        "text_end",
        "span",
        "lead",
        "responsible",
        "support",
        "joint",
        "deadlines",
        "channels",
        "quotas",
    ],
    "deadline": ["raw", "kind", "due", "every", "within", "span"],
    "quota": ["raw", "value", "unit", "op"],
    "cited_document": ["title", "number"],
    "warning": ["span", "message"],
}


def sample() -> Plan:
    task = Task(
        ["一、推进决策公开", "（一）财政信息"],
        "公开政府预算、决算和“三公”经费，年底前发布会不少于2次。",
        (10, 40),
        ["市财政局"],
        [],
        ["市审计局", "市税务局"],
        True,
        [Deadline("年底前", "absolute", (25, 28), date(2026, 12, 31)), Deadline("每季度", "recurring", (30, 33), None, "P3M")],
        ["政府网站"],
        [Quota("不少于2次", 2.0, "次", ">=", (31, 36))],
        [Mark("lead", "市财政局", (41, 45))],
        (41, 60),
        doubts=["单位不在名录"],
    )
    other = Task(["二、其他"], "=公开台账", (61, 66), responsible=["各县（区）人民政府"])
    title = "海云市人民政府办公室关于印发《海云市2026年政务公开工作要点》的通知"
    plan = Plan("plan.txt", "原文", title, "海云市人民政府办公室", "海政办发〔2026〕8号", date(2026, 3, 1), 2026, [task, other])
    plan.cited_documents = [CitedDocument("通知", "国办发〔2019〕14号", (1, 3))]
    plan.warnings = [Warning("两处日期不一致", (5, 9), "dates")]
    return plan


def check(value, schema, root, at="$") -> None:
    """A validator for the words this schema uses; an unknown word fails, so that the schema stays checkable."""
    known = {"$schema", "$id", "$defs", "$ref", "title", "description", "type", "properties", "required", "additionalProperties", "items"}
    assert set(schema) <= known | {"enum", "format", "pattern", "minItems", "maxItems", "maxLength", "minimum", "maximum", "anyOf"}, at
    if "$ref" in schema:
        check(value, root["$defs"][schema["$ref"].removeprefix("#/$defs/")], root, at)
    if "anyOf" in schema:
        for option in schema["anyOf"]:
            try:
                check(value, option, root, at)
                break
            except AssertionError:
                continue
        else:
            raise AssertionError(at)
    if "type" in schema:
        names = {"string": str, "integer": int, "number": (int, float), "boolean": bool, "array": list, "object": dict, "null": type(None)}
        types = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
        assert any(isinstance(value, names[t]) and (t == "boolean" or not isinstance(value, bool)) for t in types), (at, value)
    if "enum" in schema:
        assert value in schema["enum"], (at, value)
    if isinstance(value, str):
        assert len(value) <= schema.get("maxLength", len(value)) and re.search(schema.get("pattern", ""), value), (at, value)
    if isinstance(value, list):
        assert schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", len(value)), at
        for n, item in enumerate(value):
            check(item, schema.get("items", {}), root, f"{at}[{n}]")
    if isinstance(value, dict):
        assert set(schema.get("required", ())) <= set(value), (at, set(schema["required"]) - set(value))
        for key, item in value.items():
            check(item, schema.get("properties", {}).get(key, {}), root, f"{at}.{key}")


def test_json_satisfies_the_schema():
    schema = plan_schema()
    for plan in (sample(), Plan("empty.txt")):
        check(json.loads(output.json_pretty(plan.to_dict())), schema, schema)


def test_every_key_we_write_is_in_the_schema():
    data, schema = sample().to_dict(), plan_schema()
    places = {"plan": (data, schema), "task": (data["tasks"][0], schema["$defs"]["task"])}
    for name, key in (("deadline", "deadlines"), ("quota", "quotas"), ("mark", "marks")):
        places[name] = (data["tasks"][0][key][0], schema["$defs"][name])
    places["cited_document"] = (data["cited_documents"][0], schema["$defs"]["cited_document"])
    places["warning"] = (data["warnings"][0], schema["$defs"]["warning"])
    for name, (value, part) in places.items():
        assert set(value) == set(part["properties"]), name
        assert part["required"] == CONTRACT.get(name, part["required"]), name


@pytest.mark.parametrize("spoil", [("title", 3), ("issued_on", "2026年3月1日"), ("tasks", None), ("warnings", [{"message": "x"}])])
def test_schema_refuses(spoil):
    schema, data = plan_schema(), sample().to_dict()
    data[spoil[0]] = spoil[1]
    with pytest.raises(AssertionError):
        check(data, schema, schema)


def test_one_plan_is_pretty_and_several_are_lines():
    one, many = io.BytesIO(), io.BytesIO()
    output.write_plans([sample()], "json", one)
    output.write_plans([sample(), Plan("b.txt")], "json", many)
    assert one.getvalue().startswith(b"{\n  ") and json.loads(one.getvalue())["source"] == "plan.txt"
    lines = many.getvalue().decode().splitlines()
    assert [json.loads(line)["source"] for line in lines] == ["plan.txt", "b.txt"] and "政务公开" in lines[0]


def written(form: str, *plans: Plan) -> io.BytesIO:
    stream = io.BytesIO()
    output.write_plans(list(plans) or [sample()], form, stream)
    stream.seek(0)
    return stream


def test_spreadsheet_has_every_field():
    sheet = openpyxl.load_workbook(written("xlsx")).worksheets[0]
    header = [cell.value for cell in sheet[3]]
    row = dict(zip(header, [cell.value for cell in sheet[4]], strict=True))
    assert (
        row["所属部分"] == "一、推进决策公开 / （一）财政信息" and row["牵头单位"] == "市财政局" and row["配合单位"] == "市审计局、市税务局"
    )
    assert row["时限"] == "年底前（2026-12-31）；每季度" and row["最后期限"].date() == date(2026, 12, 31) and row["频次"] == "每季度"
    assert (
        row["分工方式"] == "按职责分工" and row["数量要求"] == "不少于2次" and row["渠道"] == "政府网站" and row["待核对"] == "单位不在名录"
    )
    assert "'=公开台账" in written("csv").getvalue().decode("utf-8-sig")


def test_assignment_table_is_titled_by_the_plan():
    document = docx.Document(written("docx"))
    assert document.paragraphs[0].text == "海云市2026年政务公开工作要点\n任务分工表"
    assert [c.text for c in document.tables[0].rows[0].cells] == ["序号", "任务", "牵头单位", "责任单位", "配合单位", "时限", "渠道"]
    assert document.paragraphs[1].text == "海政办发〔2026〕8号" and document.paragraphs[-1].text == "2026年3月1日"


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("关于印发《甲市方案》的通知", "甲市方案"),
        ("甲市办公厅关于印发甲市2026年要点的通知", "甲市2026年要点"),
        ("甲市办公室转发《乙方案》的通知", "乙方案"),
        ("甲市2026年要点", "甲市2026年要点"),
    ],
)
def test_plan_name(title, name):
    assert output.plan_name(title) == name


def test_terminal():
    stream = io.StringIO()
    output.print_plans([sample(), Plan("neg.txt")], stream, 100)
    text = stream.getvalue()
    assert "市财政局" in text and "共 2 项任务，2 项写明单位，1 项有时限，1 项需要核对。" in text and "提示：两处日期不一致" in text
    assert "没有读到任务" in text


def test_unknown_format():
    with pytest.raises(ValueError):
        output.write_plans([sample()], "odt", io.BytesIO())


def test_reader_turns_every_failure_into_a_sentence(monkeypatch):
    import gongkai.reading.files as files

    compiler = types.ModuleType("gongkai.reading.compiler")
    monkeypatch.setitem(sys.modules, "gongkai.reading.compiler", compiler)

    def documents(data, name):
        yield Extracted("a.txt", "一、任务")
        yield ReadingError("z!b.txt", "文件损坏", "重新下载")
        yield Extracted("c.txt", "坏")
        yield Extracted("d.txt", "二、任务")
        raise zipfile.BadZipFile("truncated")

    def compile_plan(extracted):
        if extracted.name == "c.txt":
            raise KeyError("defect")
        return Plan(extracted.name)

    monkeypatch.setattr(files, "extract_all", documents)
    compiler.compile_plan = compile_plan
    results = list(reader.read_plans(b"x", "z.zip"))
    assert [type(r).__name__ for r in results] == ["Plan", "ReadingError", "ReadingError", "Plan", "ReadingError"]
    assert "KeyError" in str(results[2]) and results[2].name == "c.txt" and "\n" not in str(results[4])
