"""Metadata: code lists, what is missing, what looks wrong, index numbers as given, what is proposed."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from gongkai.agencies.errors import ActionRefused
from gongkai.catalogue import grounds
from gongkai.publications import metadata
from gongkai.publications.drafting.proposing import abstract_of, keywords_of, said_in
from gongkai.publications.index_numbers import index_number_for, index_numbers_for, number_reasons
from gongkai.publications.models import Document, Edition, IndexPattern, PlaceLabels, Revision
from gongkai.publications.tests import making
from gongkai.publications.vocabularies import genre_of_title, genres, label_sets, required, theme_words, themes

FULL = {
    "title": "关于公布价格监测点的通知",
    "abstract": "公布全市价格监测点。",
    "issued_on": date(2026, 3, 1),
    "effective_on": date(2026, 4, 1),
    "theme": "0304",
    "genre": "notice",
    "doc_number": "清发改〔2026〕12号",
    "label": "此件公开发布",
}


def test_the_classes_of_the_state_council():
    classes = [theme for theme in themes().values() if not theme.parent]
    assert len(classes) == 22 and classes[-1].name == "其他"  # 21 and the rest
    general = [theme.name for theme in themes().values() if theme.parent == "02"]
    assert general == ["政务公开", "政务督查", "应急管理", "电子政务", "文秘工作", "保密工作", "信访", "参事、文史", "其他"]
    assert all(theme.certainty in ("V", "M-high", "M-med") for theme in themes().values())
    assert all(len(code) <= 20 for code in themes())
    assert theme_words("0201") == "综合政务\\政务公开" and theme_words("gone") == "gone"


def test_fifteen_kinds_of_official_documents():
    assert sum(genre.official for genre in genres().values()) == 15
    assert genre_of_title("清河市人民政府办公室关于印发《政务公开办法》的通知") == "notice"
    assert genre_of_title("清河市价格监测管理办法（试行）") == "regulation" or genre_of_title("清河市价格监测管理办法") == "regulation"
    assert genre_of_title("关于同意设立监测点的批复") == "reply"
    assert genre_of_title("一件没有体裁的信息") == ""


def test_every_label_maps_on_an_attribute_of_the_law():
    attributes = {value for value, _ in Revision.Attribute.choices}
    for one in label_sets().values():
        assert {label.attribute for label in one.labels} == attributes, one.code
        assert one.citation and one.certainty
    assert [label.text for label in label_sets()["four"].labels] == ["此件公开发布", "此件依申请公开", "此件删减后公开", "此件不公开"]
    assert next(iter(label_sets())) == "national"


def test_what_is_required_names_fields_that_are_there():
    names = {field.name for field in Revision._meta.fields}
    kinds, attributes = set(Document.Kind.values), set(Revision.Attribute.values)
    for need in required():
        assert need.field in names and need.kinds <= kinds and need.attributes <= attributes and need.citation


def test_a_full_text_lacks_nothing(cast):
    edition = making.draft(cast.reform, cast.drafter, kind="normative", **FULL)
    assert metadata.reasons(edition) == []
    assert metadata.warnings(edition) == []


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"abstract": ""}, "内容概述"),
        ({"issued_on": None}, "成文日期"),
        ({"theme": ""}, "主题分类"),
        ({"theme": "7777"}, "不在分类表"),
        ({"genre": ""}, "体裁"),
        ({"doc_number": ""}, "发文字号"),
        ({"doc_number": "清发改2026之12"}, "不合格式"),
        ({"label": ""}, "印制标识"),
        ({"label": "此件仅供参考"}, "不是本地区的标识"),
        ({"label": "此件依申请公开"}, "不一致"),
        ({"effective_on": date(2026, 2, 1)}, "早于成文日期"),
        ({"source": ""}, "信息来源"),
        ({"attribute": "withheld", "ground": "nonsense", "label": "此件不予公开"}, "法定理由"),
        ({"attribute": "withheld", "ground": "16.draft", "label": "此件不予公开"}, "写明具体理由"),
    ],
)
def test_what_is_missing_is_told(cast, changed, words):
    edition = making.draft(cast.reform, cast.drafter, kind="normative", **{**FULL, **changed})
    assert any(words in reason for reason in metadata.reasons(edition)), metadata.reasons(edition)


def test_what_is_withheld_needs_no_text_but_a_ground(cast):
    content = {
        **FULL,
        "body": "",
        "attribute": "withheld",
        "label": "此件不予公开",
        "ground": "16.draft",
        "ground_words": "讨论稿",
        "abstract": "",
    }
    edition = making.draft(cast.reform, cast.drafter, kind="policy", **content)
    assert metadata.reasons(edition) == []


def test_a_place_with_four_labels(cast):
    PlaceLabels.objects.create(jurisdiction=cast.city, labels="four")
    edition = making.draft(cast.reform, cast.drafter, kind="policy", **{**FULL, "label": "此件删减后公开", "redacted": True})
    assert metadata.reasons(edition) == []
    plain = making.revise(edition, cast.drafter, **{**FULL, "label": "此件删减后公开", "redacted": False})
    assert plain and any("删减后公开" in reason for reason in metadata.reasons(edition))
    assert metadata.label_of(cast.city, "此件不予公开") is None and metadata.label_of(cast.east, "此件不予公开") is not None


def test_warnings_on_the_number(cast):
    making.live(cast.finance, cast.other_officer, doc_number="清财发〔2026〕3号")
    making.live(cast.reform, cast.drafter, doc_number="清发改〔2026〕12号")
    edition = making.draft(cast.reform, cast.drafter, **{**FULL, "doc_number": "清财发〔2026〕9号"})
    assert any("此前是清河市财政局的文号" in words for words in metadata.warnings(edition))
    making.revise(edition, cast.drafter, **{**FULL, "doc_number": "清发改[2026]012号"})
    found = metadata.warnings(edition)
    assert any("规范写法是“清发改〔2026〕12号”" in words for words in found)
    assert any("已经有一件" in words for words in found)
    making.revise(edition, cast.drafter, **{**FULL, "doc_number": "清发改〔2019〕12号"})
    assert any("2019 年" in words for words in metadata.warnings(edition))


def test_signs_of_a_ground_are_told(cast):
    sign = next(row for row in grounds.grounds() if row.words).words[0]
    edition = making.draft(cast.reform, cast.drafter, **{**FULL, "title": f"{sign}的通知"})
    assert any(sign in words for words in metadata.warnings(edition))


def test_an_agency_counts_by_its_year(cast):
    made = [index_number_for(cast.reform, date(2026, 1, 1)) for _ in range(2)] + [index_number_for(cast.reform, date(2025, 12, 31))]
    code = cast.reform.code
    assert made == [f"{code}/2026-00001", f"{code}/2026-00002", f"{code}/2025-00001"]
    assert index_number_for(cast.finance, date(2026, 1, 1)) == f"{cast.finance.code}/2026-00001"


def test_a_number_that_came_in_from_elsewhere_is_passed_over(cast):
    code = cast.reform.code
    Document.objects.create(jurisdiction=cast.city, agency=cast.reform, index_number=f"{code}/2026-00001", created_by=cast.drafter)
    assert index_numbers_for(cast.reform, [date(2026, 1, 1)] * 3) == [f"{code}/2026-{n:05}" for n in (2, 3, 4)]
    assert number_reasons(f"{code}/2026-00001") and number_reasons("x/2021-None") and not number_reasons(f"{code}/2026-00009")


def test_a_pattern_that_cannot_be_used_gives_no_number(cast):
    IndexPattern.objects.create(jurisdiction=cast.city, pattern="{code}/{year}")
    with pytest.raises(ActionRefused, match="流水号"):
        index_number_for(cast.reform, date(2026, 1, 1))
    assert Document.objects.count() == 0


def test_nobody_proposes_what_is_not_there():
    assert abstract_of("") == "" and keywords_of("") == "" and said_in("").title == ""
    text = "清河市发展和改革委员会文件\n各县区：\n为规范价格监测，现公布监测点。请认真落实。\n"
    text += "一、范围\n全市十个农贸市场和二十家超市列为监测点，按月公布价格。"
    assert abstract_of(text).startswith("为规范价格监测，现公布监测点。")
    assert "一、" not in abstract_of(text)


def test_the_date_of_a_draft_that_lies_ahead_is_looked_at(cast):
    ahead = timezone.localdate() + timedelta(days=40)
    edition = making.draft(cast.reform, cast.drafter, **{**FULL, "issued_on": ahead, "effective_on": ahead})
    assert any("成文日期" in words for words in metadata.warnings(edition))
    assert metadata.reasons(Edition(document=edition.document)) == ["还没有保存过文稿"]
