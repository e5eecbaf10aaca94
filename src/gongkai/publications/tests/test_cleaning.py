"""What html may stand in a body: nothing that runs, nothing that office programs left, all that is structure; clean stays clean."""

from __future__ import annotations

import re
from time import process_time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import html as parsed

from gongkai.publications.drafting.cleaning import clean, rules, text_of

NASTY = [
    "<script>alert(1)</script>文",
    "<SCRIPT SRC=//x.cn/a.js></SCRIPT>文",
    "<scr<script>ipt>alert(1)</scr</script>ipt>文",
    "<p onclick=\"alert(1)\" onmouseover='x'>文</p>",
    '<a href="javascript:alert(1)">文</a>',
    '<a href="&#106;avascript:alert(1)">文</a>',
    '<a href=" java\tscript:alert(1)">文</a>',
    '<a href="data:text/html;base64,PHNjcmlwdD4=">文</a>',
    '<a href="vbscript:x">文</a>',
    "<img src=x onerror=alert(1)>文",
    '<img src="data:image/svg+xml,<svg onload=alert(1)>">文',
    '<img src="//evil.cn/a.png">文',
    '<img src="https://evil.cn/a.png">文',
    "<svg><script>alert(1)</script></svg>文",
    "<math><mtext></mtext><mglyph><style><img src=x onerror=alert(1)></style></mglyph></math>文",
    '<iframe src="https://x.cn"></iframe>文',
    "<object data=x></object><embed src=x>文",
    "<form action=x><input name=a><button>b</button></form>文",
    "<style>@import url(x)</style>文",
    '<p style="background:url(javascript:x)">文</p>',
    "<link rel=stylesheet href=x><meta http-equiv=refresh content=0><base href=//x>文",
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>"></noscript>文',
    "<!--[if gte mso 9]><xml><w:x/></xml><script>x</script><![endif]-->文",
    "<template><script>x</script></template>文",
    '<table background="javascript:x"><tr><td background=x>文</td></tr></table>',
    '<p id="location" name="x">文</p>',
    "文<textarea><script>x</script></textarea>",
    "<title><script>x</script></title>文",
    "<a href=https://x.cn target=_blank>文</a>",
    "\x00<scri\x00pt>x</scri\x00pt>文",
    "<td colspan=999999999>文</td><table><tr><td rowspan=-1 colspan=abc>x</td></tr></table>",
]
HARM = re.compile(
    r"<script|<style|<iframe|<object|<embed|<svg|<form|<meta|<link|<base|javascript:|vbscript:|data:|\son\w+=|\sstyle=|evil", re.I
)

ODD = ["h1", "h6", "div", "span", "font", "center", "script", "o:p", "b", "section", "bogus"]
tags = st.sampled_from([*rules()["tags"], *rules()["headings"], *ODD])
OFFICE = [' class="MsoListParagraph"', ' style="mso-list:l0 level2 lfo1"', ' align="center"']
attributes = st.sampled_from(["", *OFFICE, ' onclick="x"', ' href="javascript:x"', ' colspan="2"'])
words = st.text(st.sampled_from("文字 \xa0&<>\"'·1.a\n"), max_size=6)
pieces = st.recursive(
    words,
    lambda inner: st.tuples(tags, attributes, st.lists(inner, max_size=4)).map(lambda t: f"<{t[0]}{t[1]}>{''.join(t[2])}</{t[0]}>"),
    max_leaves=14,
)
UNCLOSED = ["<", "</p>", "<p", "<table><tr>", "</div></div>", "<li>", "<td>", "<!--", "]]>", "<h3>"]
broken = st.lists(st.one_of(pieces, st.sampled_from(UNCLOSED)), max_size=6)


@pytest.mark.parametrize("source", NASTY)
def test_nothing_that_runs_is_left(source):
    found = clean(source)
    assert not HARM.search(found), found
    assert "文" in text_of(found)
    assert clean(found) == found


@settings(max_examples=80, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(broken.map("".join))
def test_clean_is_safe_and_stays_clean(source):
    found = clean(source)
    assert clean(found) == found
    tree = parsed.fragment_fromstring(found, create_parent="div")
    allowed = {*rules()["tags"], *rules()["headings"], "div"}
    assert {e.tag for e in tree.iter()} <= allowed
    assert not HARM.search(re.sub(r">[^<]*<", "><", found))
    levels = [int(e.tag[1]) for e in tree.iter() if re.fullmatch("h[1-6]", e.tag)]
    assert all(b <= a + 1 for a, b in zip([1, *levels], levels, strict=False))  # none is skipped


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200))
def test_plain_words_survive(source):
    kept = "".join(c for c in source if c.isalnum() and ord(c) < 0xFFFE)
    shown = text_of(clean("".join(f"&#{ord(c)};" if c.isalnum() and ord(c) < 0xFFFE else " " for c in source)))
    assert "".join(shown.split()) == "".join(kept.split())


WORD = """<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><style>p.MsoNormal{margin:0}</style></head><body>
<p class=MsoNormal style='mso-pagination:widow-orphan;text-indent:32.0pt'>
<span style='font-size:16.0pt;font-family:仿宋_GB2312'>各单位要<b>认真</b>落实。<o:p></o:p></span></p>
<p class=MsoListParagraph style='mso-list:l0 level1 lfo1'>
<![if !supportLists]><span style='mso-list:Ignore'>1.<span>&nbsp;&nbsp; </span></span><![endif]>甲</p>
<p class=MsoListParagraphCxSpMiddle style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>2.<span>&nbsp;</span></span>乙</p>
<p class=MsoListParagraph style='mso-list:l1 level1 lfo2'><span style='font-family:Symbol'>·<span>&nbsp;&nbsp;</span></span>丙</p>
<table class=MsoTableGrid border=1><tr><td><p class=MsoNormal><b>名称</b></p></td><td><p><b>数量</b></p></td></tr>
<tr><td>米</td><td>3</td></tr></table>
<p class=MsoNormal align=right style='text-align:right'><span>2026年1月5日</span></p>
<p class=MsoNormal><span>&nbsp;</span></p></body></html>"""


def test_what_word_leaves_is_put_right():
    head = '<tr><th scope="col">名称</th><th scope="col">数量</th></tr>'
    assert clean(WORD).replace("\n", "") == (
        "<p>各单位要<strong>认真</strong>落实。</p><ol><li>甲</li><li>乙</li></ol><ul><li>丙</li></ul>"
        f"<table><thead>{head}</thead><tbody><tr><td>米</td><td>3</td></tr></tbody></table>"
        '<p class="right">2026年1月5日</p>'
    )


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        ("<h1>一</h1><h3>（一）</h3><h3>（二）</h3><h1>二</h1>", "<h2>一</h2><h3>（一）</h3><h3>（二）</h3><h2>二</h2>"),
        ("<h4>直接四级</h4>", "<h2>直接四级</h2>"),
        ("<h2> </h2><p>文</p>", "<p>文</p>"),
        ("<table><tr><td><h2>格里</h2></td></tr></table>", "<table><tbody><tr><td><strong>格里</strong></td></tr></tbody></table>"),
        ("<div><div>一</div><div>二</div></div>", "<p>一</p><p>二</p>"),
        ("一<br>二", "<p>一<br>二</p>"),
        ("<center>题</center>", '<p class="center">题</p>'),
        ('<a href="/documents/1/">本站</a>', '<p><a href="/documents/1/" rel="noopener noreferrer">本站</a></p>'),
        ("<ul><li>甲<ul><li>乙</li></ul></li></ul>", "<ul><li>甲<ul><li>乙</li></ul></li></ul>"),
        ("<p>2<sup>3</sup> H<sub>2</sub>O</p>", "<p>2<sup>3</sup> H<sub>2</sub>O</p>"),
        ('<img src="https://x.cn/a.png" alt="组织架构图">', "<p>组织架构图</p>"),
        ("", ""),
        ("<p>&nbsp;</p><p></p>", ""),
    ],
)
def test_structure(source, wanted):
    assert clean(source) == wanted


def test_text_has_a_line_for_each_block():
    assert (
        text_of("<h2>一</h2><p>甲<strong>乙</strong></p><table><tr><td>1</td><td>2</td></tr></table><ul><li>丙</li></ul>")
        == "一\n甲乙\n1\t2\n丙"
    )


@pytest.mark.parametrize(
    "source",
    [
        "<div>" * 5_000 + "文",
        "<b>" * 5_000 + "文",
        "<ul><li>" * 3_000 + "文",
        "<table><tr><td>" * 300 + "文",
        "<p>文" * 8_000,
        "<" * 50_000 + "文",
    ],
)
def test_hostile_depth_and_length_end_soon(source):
    started = process_time()
    found = clean(source)
    assert process_time() - started < 3
    assert "文" in found
