"""A row of the review as HTML. Written here and not as a template: three hundred rows are made on every turn of the page, and a template
takes three times as long. Everything a person or a document wrote passes through `escape`.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from gongkai.plans.models import Task
from gongkai.plans.rows import DeadlineView, RowView, UnitView


def row_html(row: RowView, quote: SafeString, body: SafeString, errors: Iterable[str] = ()) -> SafeString:
    """The row with its folded quotation. `body` is what stands at its foot: buttons(), or the form that is open in it."""
    task = row.task
    css = f"row {task.review}{' attend' if row.attend else ''}"
    refused = "".join(f"<p>{escape(line)}</p>" for line in errors)
    notice = f'<div class="notice late" role="alert">{refused}</div>' if refused else ""
    return mark_safe(
        f'<li id="task-{task.pk}" class="{css}" data-t="{task.pk}" tabindex="-1">{_head(row)}{notice}'
        f'<details class="quote-fold"><summary>原文</summary><blockquote>{quote}</blockquote></details>'
        f'<p class="row-text">{escape(task.text)}</p><dl class="facts">{_facts(row)}</dl>{body}</li>\n'
    )


def _unit_html(unit: UnitView) -> str:
    text = escape(unit.text)
    if not unit.resolved:
        return f'<span class="unknown">{text} <small>不在名录</small></span>'
    return f"<span>{escape(unit.name)}{f' <small>原文：{text}</small>' if unit.renamed else ''}</span>"


def _limit_html(limit: DeadlineView) -> str:
    raw = f" <small>原文：{escape(limit.raw)}</small>" if limit.raw != limit.words else ""
    rule = f" <small>{escape(limit.rule)}</small>" if limit.rule else ""
    return f"<span>{escape(limit.words)}{rule}{raw}</span>"


def _facts(row: RowView) -> SafeString:
    task = row.task
    facts = [
        (label + ("（分别）" if task.joint and role == "lead" else ""), "".join(map(_unit_html, units))) for role, label, units in row.units
    ]
    facts += [
        ("时限", "".join(map(_limit_html, row.deadlines))),
        ("渠道", escape("、".join(task.channels or []))),
        ("数量", escape("；".join(row.quotas))),
        ("说明", escape(task.note)),
    ]
    return mark_safe("".join(f"<div><dt>{label}</dt><dd>{value}</dd></div>" for label, value in facts if value))


def _head(row: RowView) -> SafeString:
    """The number (a link to the original), the headings above, and where the row stands in the review."""
    task = row.task
    parts = [f'<a class="num" href="#s{task.pk}" title="到原文"><span class="vh">原文第 </span>{row.number}</a>']
    if task.path:
        parts.append(f'<span class="path">{escape(" › ".join(task.path))}</span>')
    if task.review == Task.Review.CONFIRMED:
        parts.append('<span class="state ok">已确认</span>')
    elif task.review == Task.Review.NOT_A_TASK:
        parts.append('<span class="state wait">不是任务</span>')
    elif row.attend:
        parts.append('<span class="state warn">请看一眼</span>')
    if task.origin != Task.Origin.READ:
        parts.append(f'<span class="muted">{escape(task.get_origin_display())}</span>')
    reasons = "".join(f"<li>{escape(reason)}</li>" for reason in row.reasons) if row.attend else ""
    listed = f'<ul class="reasons">{reasons}</ul>' if reasons else ""
    return mark_safe(f'<p class="row-head">{" ".join(parts)}</p>{listed}')


_BUTTON = '<button class="button{}" form="rows" formaction="{}{}/{}/" data-verb="{}"{}>{}</button>'
_LINK = '<a class="button" href="?task={0}&amp;do={1}#task-{0}" data-do="{1}">{2}</a>'


def buttons(row: RowView, base: str) -> SafeString:
    """What may be done with the row. Buttons belong to the one form `rows`; links open a form in the row."""
    pk, review = row.task.pk, row.task.review

    def button(verb: str, label: str, css: str = "", more: str = "") -> str:
        return _BUTTON.format(css, base, pk, verb, verb, more, label)

    if review == Task.Review.NOT_A_TASK:
        return mark_safe(f'<p class="row-buttons">{button("restore", "恢复为任务")}</p>')
    parts = [button("accept", "确认", " primary")] if review == Task.Review.PENDING else []
    parts += [_LINK.format(pk, "edit", "修改"), _LINK.format(pk, "split", "拆分")]
    if row.following:
        parts.append(button("merge", "与下一项合并", "", f' name="with" value="{row.following}"'))
    parts += [_LINK.format(pk, "reassign", "改派"), _LINK.format(pk, "exclude", "不是任务")]
    if review == Task.Review.CONFIRMED:
        parts.append(button("restore", "撤销确认"))
    return mark_safe(f'<p class="row-buttons">{"".join(parts)}</p>')
