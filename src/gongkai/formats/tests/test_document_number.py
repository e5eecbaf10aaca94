"""Document numbers in every dress, found in running text and brought back to the one form of GB/T 9704-2012."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.formats.document_number import DocumentNumber, canonical, find_all, parse, same

BRACKETS = ["〔〕", "[]", "［］", "【】", "（）", "()", "﹝﹞", "〖〗", "〔]", "[〕"]
CODES = [
    "国办发",
    "国发",
    "卫政办发",
    "国办公开办函",
    "内政办发",
    "通党办字",
    "农经发",
    "渝府发",
    "皖政办秘",
    "财税",
    "发改办财金",
    "市监稽发",
    "厅字",
    "和政办发",
    "银保监办便函",
]
BEFORE = [
    "",
    "根据",
    "（",
    "《关于进一步做好政务公开工作的通知》（",
    "按照",
    "贯彻落实",
    "实施意见",
    "2019年5月28日，",
    "电话：0951-2017001，见",
    "转发",
    "国务院办公厅",
    "一是",
    "国发〔2016〕1号和",
]
AFTER = ["", "）要求", "文件", "文", "，结合我市实际", "各县（区）", "\n各市、县人民政府：", "》", "规定，自2017年1月1日起施行"]
FULL = str.maketrans("0123456789", "０１２３４５６７８９")

codes = st.sampled_from(CODES)
years = st.integers(1980, 2035)
serials = st.integers(1, 9999)


@st.composite
def dressed(draw) -> tuple[str, str]:
    """A number as somebody might type it, and its canonical form."""
    code, year, serial = draw(codes), draw(years), draw(serials)
    left, right = draw(st.sampled_from(BRACKETS))
    gap = draw(st.sampled_from(["", "", " ", "\u3000"]))
    printed_serial = f"{serial:03d}" if draw(st.booleans()) else str(serial)
    the = draw(st.sampled_from(["", "", "第"]))
    mark = draw(st.sampled_from(["号", "號"]))
    text = f"{code}{gap}{left}{year}{right}{gap}{the}{printed_serial}{gap}{mark}"
    if draw(st.booleans()):
        text = text.translate(FULL)
    return text, f"{code}〔{year}〕{serial}号"


@given(dressed(), st.sampled_from(BEFORE), st.sampled_from(AFTER))
def test_found_inside_running_text(number, before, after):
    text, expected = number
    hits = [(start, end, hit.canonical) for start, end, hit in find_all(before + text + after)]
    assert (len(before), len(before) + len(text), expected) in hits
    others = [hit for hit in hits if hit[2] != expected]
    assert [hit[2] for hit in others if hit[0] != len(before)] == (["国发〔2016〕1号"] if before.startswith("国发") else [])


@given(dressed(), dressed())
def test_canonical_is_stable_and_same_is_equality_of_it(one, other):
    assert canonical(one[0]) == one[1] == canonical(one[1])
    assert same(one[0], one[1])
    assert same(one[0], other[0]) == (one[1] == other[1])


@given(st.lists(dressed(), min_size=2, max_size=5))
def test_several_numbers_in_a_row(numbers):
    text = "、".join(text for text, _ in numbers)
    assert [hit.canonical for _, _, hit in find_all(text)] == [expected for _, expected in numbers]


@given(codes, years, serials)
def test_missing_brackets(code, year, serial):
    expected = f"{code}〔{year}〕{serial}号"
    assert canonical(f"{code}{year}〕{serial}号") == expected or code[-1] not in "发函字规秘电"
    assert canonical(f"{code}〔{year}{serial}号") == expected or code[-1] not in "发函字规秘电"
    assert canonical(f"{code}{year} {serial}号") == expected or code[-1] not in "发函字规秘电"


@given(st.text(alphabet="国务院令发办函字〔〕[]（）()【】0123456789第号年月日、 \n一二十公告的据", max_size=120))
def test_never_fails_and_spans_are_ordered(text):
    end = 0
    for start, stop, number in find_all(text):
        assert end <= start < stop <= len(text)
        assert parse(number.canonical) == number
        end = stop


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("国辦公開辦函〔202130", "国办公开办函〔2021〕30号"),
        ("国办发2019 14号", "国办发〔2019〕14号"),
        ("南宁市政务公开领导小组文件[2017]1号", "南宁市政务公开领导小组文件〔2017〕1号"),
        ("国务院令第711号", "国务院令第711号"),
        ("国令第713号", "国务院令第713号"),
        ("国务院第711号令", "国务院令第711号"),
        ("中华人民共和国国务院令第711号", "国务院令第711号"),
        ("中华人民共和国主席令第三十四号", "主席令第34号"),
        ("广西壮族自治区政府令第58号", "广西壮族自治区政府令第58号"),
        ("国家发展改革委、商务部令2020年第32号", "国家发展改革委、商务部令2020年第32号"),
        ("国家税务总局公告2018年第28号", "国家税务总局公告2018年第28号"),
        ("文号：国办发〔2019〕14号", "国办发〔2019〕14号"),
        ("（国办发〔2019〕14号）", "国办发〔2019〕14号"),
        ("国办发〔98〕12号", "国办发〔1998〕12号"),
        ("國辦發〔２０１９〕１４號", "国办发〔2019〕14号"),
    ],
)
def test_canonical_form(text, expected):
    assert canonical(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "2017年1号", "第3号楼", "2019年5月28日", "（2019年5月28日印发）", "电话：0951-2019123", "13800002019", "联系电话20191234567号",
        "附件〔2019〕1号", "转发〔2019〕14号", "印发2019 14号", "年度计划（2020）1号", "市政府（2020）3个", "市政办〔2020〕5号楼",
        "禁令第1号", "总司令第3号", "第1号", "国办发〔2019〕0号", "", "号", "〔2019〕14号", "人民路2019号", "到2020年，10号线",
        "共〔12〕3", "国家税务总局公告3号", "2号令", "一号令", "10分（2020）5号",
    ],
)  # fmt: skip
def test_not_a_number(text):
    assert find_all(text) == []
    assert parse(text) is None
    assert canonical(text) == text.strip()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("《关于…的意见渝府发〔2019〕17号各区县（自治县）", ["渝府发〔2019〕17号"]),
        ("国发〔2018〕3、44号", ["国发〔2018〕3号", "国发〔2018〕44号"]),
        ("国发〔2018〕3号、44号文件", ["国发〔2018〕3号", "国发〔2018〕44号"]),
        ("为进一步推动全市范围内的各项工作通政办字〔2017〕157号", ["通政办字〔2017〕157号"]),
        ("以国务院令第711号公布、经国务院令第588号修订", ["国务院令第711号", "国务院令第588号"]),
        ("根据2019年国办发〔2019〕14号", ["国办发〔2019〕14号"]),
        ("国办发〔2019〕14号、国务院令第711号、财税〔2019〕13号", ["国办发〔2019〕14号", "国务院令第711号", "财税〔2019〕13号"]),
    ],
)
def test_in_sentences(text, expected):
    hits = find_all(text)
    assert [hit.canonical for _, _, hit in hits] == expected


def test_parts():
    assert parse("国办发[2019]14号") == DocumentNumber("国办发", 2019, 14)
    assert parse("国令第713号") == DocumentNumber("国务院", None, 713, "令")
    assert str(parse("国令第713号")) == "国务院令第713号"
    assert not same("国办发〔2019〕14号", "国办函〔2019〕14号")


@pytest.mark.parametrize(
    "piece", ["国办发〔2019〕14号，", "国" * 50, "〔2019", "2019 ", "令第", "、", "〔〔〔〔", "第一二三四五六七八九号令", "3、" * 40]
)
def test_hostile_text_of_200_000_characters(piece):
    text = (piece * (200_000 // len(piece) + 1))[:200_000]
    assert len(find_all(text)) in {0, text.count("国办发〔2019〕14号")}
