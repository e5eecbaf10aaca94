"""The difference of two texts: complete, within a line by characters, safe, and quick for long ones."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.publications.actions.writing import text_of_revision
from gongkai.publications.public.comparing import compare, compare_texts, lines, within
from gongkai.publications.tests import making

words = st.text("甲乙丙丁<&>1 ", min_size=1, max_size=20)
paragraphs = st.lists(st.text("甲乙丙丁1<", min_size=1, max_size=12), max_size=12)


def plain(html: str, without: str) -> str:
    """The words of a side, with what the other side alone has left out."""
    return unescape(re.sub(r"</?(?:ins|del)>", "", re.sub(f"<{without}>.*?</{without}>", "", html)))


@given(words, words)
def test_both_lines_can_be_read_off_what_is_marked(old, new):
    left, right = within(old, new)
    assert plain(left, "ins") == old and plain(right, "del") == new
    assert "<ins>" not in left and "<del>" not in right
    assert plain(left, "del") == plain(right, "ins")  # what is unmarked is the same on both sides


@given(paragraphs, paragraphs)
def test_every_line_that_left_or_came_is_shown(old, new):
    rows = lines("\n".join(old), "\n".join(new))
    removed = [unescape(row.old) for row in rows if row.kind == "removed"]
    added = [unescape(row.new) for row in rows if row.kind == "added"]
    changed_old = [plain(row.old, "ins") for row in rows if row.kind == "changed"]
    changed_new = [plain(row.new, "del") for row in rows if row.kind == "changed"]
    same = sum(row.n or row.kind == "same" for row in rows)
    assert len(removed) + len(changed_old) + same == len(old) or old == new
    assert len(added) + len(changed_new) + same == len(new) or old == new
    assert set(removed + changed_old) <= set(old) and set(added + changed_new) <= set(new)


@pytest.mark.django_db
def test_metadata_in_words(cast):
    edition = making.draft(cast.reform, cast.drafter, theme="0201", attribute="proactive")
    first = edition.revision
    second = making.revise(edition, cast.drafter, theme="0203", attribute="on_request", body="<p>正文。</p><p>新的。</p>")
    found = compare_texts(text_of_revision(first), text_of_revision(second))
    assert found.fields == [("主题分类", "综合政务\\政务公开", "综合政务\\应急管理"), ("公开属性", "主动公开", "依申请公开")]
    assert [row.kind for row in found.rows] == ["same", "added"]
    assert compare(first, first).is_same


@pytest.mark.django_db
def test_a_long_text_is_compared_quickly(cast):
    edition = making.draft(cast.reform, cast.drafter)
    text = text_of_revision(edition.revision)
    body = "".join(f"<p>第{n}条 各单位应当按照要求办理第{n * 7}项工作，于{n % 12 + 1}月底前完成。</p>" for n in range(4000))
    other = body.replace("第70项", "第71项").replace("<p>第99条", "<p>插入一段。</p><p>第99条")
    started = process_time()
    found = compare_texts(replace(text, fields={**text.fields, "body": body}), replace(text, fields={**text.fields, "body": other}))
    assert process_time() - started < 2
    assert sum(row.kind not in ("same", "gap") for row in found.rows) == 2
