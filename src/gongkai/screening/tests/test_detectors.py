"""Each detector on what it is for and on what looks like it; the whole on the labelled set."""

from __future__ import annotations

import time
from datetime import date

import pytest

from gongkai.screening import rules
from gongkai.screening.screening import screen_text
from gongkai.screening.text import scan
from tests.screening_set import I1, I2, I3, SENTENCES, U1, score

TODAY = date(2026, 11, 22)


def rules_of(text: str, header: str = "") -> list[str]:
    return [hit.rule for hit in scan(text, header)]


def test_precision_and_recall_on_the_labelled_set():
    found = [[(finding.kind, hit.start, hit.end) for hit, finding in screen_text(sentence.text, TODAY)] for sentence in SENTENCES]
    counts = score(found)
    right, hits, wanted = counts["all"]
    assert len(SENTENCES) >= 150 and 0.4 < sum(bool(sentence.spans) for sentence in SENTENCES) / len(SENTENCES) < 0.6
    assert right / wanted >= 0.97 and right / hits >= 0.97, counts
    for kind, (right, hits, wanted) in counts.items():
        assert right >= wanted - 1 and hits - right <= 1, (kind, right, hits, wanted)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"身份证{I1}", ["id_number.18"]),
        (f"X{I1}9", []),
        (f"第{I1}{I2}号", []),
        ("身份证号330102900307123", ["id_number.15"]),
        ("330102900307123", ["id_number.15_form"]),
        ("编号330102900307123", []),
        (f"身份证号 {I1[:17]}*", []),
        ("13812345678", ["mobile"]),
        ("12812345678", []),
        ("138123456789", []),
        ("A13812345678", []),
        ("13812345678人次", []),
        ("单号：13812345678", []),
        (f"代码{U1}", ["credit_code"]),
        ("wang@hz.gov.cn", ["email.office"]),
        ("a@b", []),
        ("咨询电话 0571-85123456", ["landline.office"]),
        ("0571-85123456", ["landline"]),
        ("住宅电话：85123456", ["landline.home"]),
        ("EA1234567", ["passport.form"]),
        ("护照EA1234567", ["passport"]),
        ("型号EA1234567", []),
        ("浙AB123", []),
        ("浙A·B1234", ["licence_plate"]),
        ("浙ABCDEF", []),
        ("机密★", ["secrecy.mark"]),
        ("机密\n通知", ["secrecy.mark"]),
        ("机密级以上", []),
        ("绝密、机密、秘密", []),
        ("内部明电", ["secrecy.internal_note"]),
        ("国办内部控制", []),
        ("（此件不公开）", ["secrecy.closed"]),
        ("（此件公开发布）", []),
        ("转发《甲办法（秘密）》", ["secrecy.quoted"]),
        ("《保守国家秘密法》", []),
    ],
)
def test_one_detector(text, expected):
    assert rules_of(text) == expected


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        (f"张三{I1}", f"张三{I1[:2]}*************{I1[-3:]}"),
        ("电话13812341234", "电话138****1234"),
        ("住址：东山县石桥镇柳树村三组12号。", "住址：东山县石桥镇***。"),
        ("家住临江区望江街道文昌路18号2幢402室，", "家住临江区望江街道***，"),
        ("邮箱lin@example.com", "邮箱l***@example.com"),
    ],
)
def test_masked_as_the_rules_say(text, masked):
    from gongkai.screening import masking
    from gongkai.screening.copies.values import personal

    assert masking.apply(text, personal(text)) == masked


def test_a_list_of_persons_is_a_finding_of_its_own():
    table = f"序号\t姓名\t身份证号码\n1\t林小舟\t{I1}\n2\t吴大川\t{I2}\n"
    cells = f"姓名\n身份证号码\n林小舟\n{I1}\n吴大川\n{I2}\n"
    assert rules_of(table).count("name_table") == rules_of(cells).count("name_table") == 1
    assert "name_table" not in rules_of(f"姓名和身份证号码须填写。\n林小舟 {I3}")
    assert "name_table" in rules_of(f"林小舟\t{I1}\n吴大川\t{I2}", header="姓名\t证件号码")


def test_the_column_says_what_a_number_is():
    assert rules_of("330102900307123", header="姓名\t身份证号") == ["id_number.15"]


def test_rules_have_a_basis_and_one_version_a_day():
    for day in (date(2022, 1, 1), TODAY):
        for rule in rules.in_force(day).values():
            assert rule.article and rule.certainty in rules.CERTAINTIES and rule.holds_on(day)
    assert "secrecy.mark" not in rules.in_force(date(2024, 4, 30)) and "secrecy.mark" in rules.in_force(date(2024, 5, 1))
    assert {hit.rule for sentence in SENTENCES for hit in scan(sentence.text)} <= set(rules.in_force(TODAY))


@pytest.mark.parametrize(
    "change",
    [
        ('severity = "block"', 'severity = "maybe"'),
        ('certainty = "read"', 'certainty = "hope"'),
        ("kind =", "kinds ="),
        ("[[rule]]", "[[rule]"),
    ],
)
def test_a_bad_table_is_one_sentence(change):
    row = (
        '[[rule]]\nid = "a"\nkind = "mobile"\nseverity = "block"\nname = "甲"\nwhy = "乙"\n'
        'article = "丙"\ncertainty = "read"\neffective_from = 2020-01-01\n'
    )
    assert len(rules.read(row.encode(), "t.toml")) == 1
    with pytest.raises(rules.RuleError, match="。$"):
        rules.read(row.replace(*change).encode(), "t.toml")
    with pytest.raises(rules.RuleError, match="同时有效"):
        rules.read((row + row).encode(), "t.toml")


@pytest.mark.parametrize(
    "piece",
    [
        "1 ",
        "1-",
        "12345 ",
        "密",
        "（不公开）",
        "《",
        "a@",
        "路1",
        "村一组",
        "浙A",
        "姓名 身份证 ",
        "E1",
        "1" * 40 + "X",
        "内部资料",
        f"姓名 身份证 {I1}\n",
        f"{U1} {I1} ",
    ],
)
def test_no_text_takes_long(piece):
    text = piece * (200_000 // len(piece))
    begin = time.process_time()
    scan(text)
    assert time.process_time() - begin < 10
