"""Each component with the data its comment names; what it promises to assistive technology is there."""

import re
from datetime import date, datetime
from pathlib import Path
from types import SimpleNamespace

import django_tables2 as tables
import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import engines
from django.utils import timezone

from gongkai.obligations.queries import STATE_WORDS
from gongkai.workbench.clock import clock
from gongkai.workbench.templatetags import gongkai_ui


@pytest.fixture
def render(rf):
    def render_source(source, path="/work/x/", **context):
        return engines["django"].from_string(source).render(context, rf.get(path))

    return render_source


@pytest.mark.parametrize("state", list(STATE_WORDS))
def test_a_state_is_colour_word_and_shape(render, state):
    word, css, shape = STATE_WORDS[state]
    html = render('{% include "components/state.html" %}', state=state)
    assert html == f'<span class="state {css} {shape}">{word}</span>\n'
    assert "逾期 3" in render('{% include "components/state.html" with text="逾期 3 个工作日" %}', state=state)


def test_every_shape_is_drawn():
    from django.contrib.staticfiles import finders

    sheet = Path(str(finders.find("gongkai.css"))).read_text("utf-8")
    for _word, css, shape in STATE_WORDS.values():
        assert f".state.{css}" in sheet
        assert shape == "square" or f".state.{shape}::before" in sheet


def test_the_days_of_a_clock_are_spoken_in_full(render):
    html = render('{% include "components/clock.html" %}', clock=clock(date(2026, 3, 20), date(2026, 3, 13)))
    assert "还剩 5 个工作日" in html
    assert "2026-03-14 周六 周末，不计" in html
    assert html.count("aria-hidden") >= 8


def test_a_form_names_its_mistakes_on_top_and_at_the_field(render):
    class Form(forms.Form):
        key = forms.CharField(widget=forms.HiddenInput, initial="k-1")
        text = forms.CharField(label="进展", help_text="写明做了什么。")
        kind = forms.ChoiceField(label="类别", choices=[("a", "甲"), ("b", "乙")], widget=forms.RadioSelect)
        note = forms.CharField(label="备注", required=False)

    clean = render('{% include "components/form.html" %}', form=Form())
    assert 'value="k-1"' in clean
    assert 'aria-describedby="id_text_helptext"' in clean
    assert "备注 <span" in clean
    assert "error-summary" not in clean
    html = render('{% include "components/form.html" %}', form=Form({}))
    for target in re.findall(r'href="#([^"]+)"', html):
        assert f'id="{target}"' in html, target
    for refs in re.findall(r'aria-describedby="([^"]+)"', html):
        for ref in refs.split():
            assert f'id="{ref}"' in html, ref
    assert 'aria-invalid="true"' in html
    assert "<fieldset" in html
    assert "没有丢" in html


def test_refusals_are_listed_without_a_form(render):
    html = render('{% include "components/errors.html" %}', reasons=["还没有签收，请先签收。"])
    assert "还没有签收，请先签收。" in html
    assert 'role="alert"' in html


def test_the_pager_keeps_the_question_and_marks_the_page(render):
    page = Paginator(range(400), 20).page(7)
    html = render('{% include "components/pager.html" %}', "/work/x/?q=%E5%85%AC&page=7&state=overdue", page_obj=page)
    assert 'href="?q=%E5%85%AC&amp;page=8&amp;state=overdue"' in html
    assert 'rel="prev"' in html
    assert html.count('aria-current="page"') == 1
    assert "共 400 条，第 7 / 20 页" in html
    assert "nav" not in render('{% include "components/pager.html" %}', page_obj=Paginator(range(3), 20).page(1))


@pytest.mark.parametrize(
    ("number", "shown"), [(1, [1, 2, 3, 0, 20]), (7, [1, 0, 5, 6, 7, 8, 9, 0, 20]), (20, [1, 0, 18, 19, 20]), (3, [1, 2, 3, 4, 5, 0, 20])]
)
def test_numbers_of_the_pager(number, shown):
    assert gongkai_ui.page_numbers(Paginator(range(400), 20).page(number)) == shown


def test_counts_open_their_rows_and_one_is_red(render):
    items = [{"label": "已逾期", "n": 2, "url": "#a", "alarm": True}, {"label": "全部", "n": 9, "url": "#b", "current": True}]
    html = render('{% include "components/counts.html" with label="状态" %}', counts=items)
    assert html.count('class="alarm"') == 1
    assert 'aria-current="true"' in html
    items[0]["n"] = 0
    assert "alarm" not in render('{% include "components/counts.html" %}', counts=items)


def test_the_timeline_escapes_and_hides_people_from_the_public(render):
    steps = [
        SimpleNamespace(
            kind="returned",
            get_kind_display="退回",
            at=timezone.make_aware(datetime(2026, 3, 10, 10, 0)),
            actor="吴公开",
            agency=SimpleNamespace(display_name="市政府办公室"),
            text="<b>链接打不开</b>",
            link="",
            done_on=None,
            files=SimpleNamespace(all=list),
        )
    ]
    html = render('{% include "components/timeline.html" %}', steps=steps)
    assert "&lt;b&gt;" in html
    assert 'li class="warn"' in html
    assert "2026-03-10 10:00" in html
    assert "吴公开" in html
    assert "吴公开" not in render('{% include "components/timeline.html" with public=True %}', steps=steps)
    assert "还没有办理记录" in render('{% include "components/timeline.html" %}', steps=[])


class Table(tables.Table):
    caption = "共 3 项"
    title = tables.Column(verbose_name="事项")
    n = tables.Column(verbose_name="数", attrs={"td": {"class": "num"}})
    act = tables.TemplateColumn("<a href='#'>办理</a>", verbose_name="", orderable=False, attrs={"td": {"class": "act"}})


def test_the_table_sorts_aloud_and_labels_its_cells(render):
    table = Table([{"title": "<甲>", "n": 1}, {"title": "乙", "n": 2}, {"title": "丙", "n": 3}], order_by="-n")
    table.paginate(page=1, per_page=2)
    html = render("{% load render_table from django_tables2 %}{% render_table table %}", "/work/x/?q=a", table=table)
    assert html.count('aria-sort="descending"') == 1
    assert html.count('aria-sort="none"') == 1
    assert "<caption>共 3 项</caption>" in html
    assert 'data-label="事项"' in html
    assert "&lt;甲&gt;" not in html, "on the second page"
    assert "丙" in html
    assert "q=a&amp;page=2" in html
    assert '<span class="vh">操作</span>' in html
    assert 'class="num"' in html


def test_an_empty_table_says_so(render):
    html = render("{% load render_table from django_tables2 %}{% render_table table %}", table=Table([]))
    assert "没有符合条件的记录" in html


def test_the_current_place_in_the_navigation():
    names = [*gongkai_ui.WORK_NAV, *gongkai_ui.WORK_MORE]
    home = {item.label: item.current for item in gongkai_ui._nav("/work/", names)}
    assert home["待办"] == "page"
    assert [label for label, current in home.items() if current] == ["待办"]
    below = {item.label: item.current for item in gongkai_ui._nav("/work/plans/3/review/", names)}
    assert [label for label, current in below.items() if current] == ["方案"]
    assert below["方案"] == "true"
    compare = {item.label: item.current for item in gongkai_ui._nav("/work/plans/compare/", names)}
    assert [label for label, current in compare.items() if current] == ["对照"]
    assert not gongkai_ui._nav("/x/", [("no:such", "无")])


def test_the_header_names_places_and_roles(cast):
    staff = gongkai_ui.staff_of(cast.user("openness_officer"))
    assert staff.place == "市政府办公室"
    assert staff.lines == ["市政府办公室　政务公开办"]
    assert gongkai_ui.staff_of(cast.citizen).place == ""
