"""Forms between draft and public. Every one carries its key; what may be done is the actions' to say."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from gongkai.agencies.models import Membership
from gongkai.obligations.forms import DateInput, KeyForm
from gongkai.publications.actions.reviewing import Verdict, parts_of
from gongkai.publications.models import Edition, Review, Revision
from gongkai.publications.reviewing import workflow

Conclusion = Review.Conclusion
LINES = 8
"""Steps that can be set on the page."""


class TextForm(KeyForm):
    text = forms.CharField(label="说明", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2}))


class ReasonForm(KeyForm):
    reason = forms.CharField(label="理由", max_length=500, widget=forms.Textarea(attrs={"rows": 2}))


class OpinionForm(KeyForm):
    opinion = forms.CharField(label="补审意见", max_length=2000, widget=forms.Textarea(attrs={"rows": 2}))


class ScheduleForm(KeyForm):
    publish_at = forms.SplitDateTimeField(
        label="发布时间",
        widget=forms.SplitDateTimeWidget(
            date_attrs={"type": "date"}, time_attrs={"type": "time"}, date_format="%Y-%m-%d", time_format="%H:%M"
        ),
        help_text="到时间由系统发布；那时如果有妨碍，会写明原因等人处理。",
    )


class InquiryForm(KeyForm):
    to_words = forms.CharField(label="送请单位", max_length=120, help_text="有关主管部门，或者保密行政管理部门。")
    question = forms.CharField(label="请求确定的问题", max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))


class DetermineForm(KeyForm):
    allowed = forms.TypedChoiceField(
        label="结论", choices=[("yes", "可以公开"), ("no", "不能公开")], widget=forms.RadioSelect, coerce=lambda value: value == "yes"
    )
    answer = forms.CharField(label="确定意见", max_length=5000, widget=forms.Textarea(attrs={"rows": 3}))
    on = forms.DateField(label="答复日期", widget=DateInput(), initial=timezone.localdate)


class ReviewForm(KeyForm):
    """One step. A secrecy review asks the same of every part: the text, then each attachment."""

    revision_id = forms.IntegerField(widget=forms.HiddenInput)
    step = forms.CharField(max_length=20, widget=forms.HiddenInput)
    conclusion = forms.ChoiceField(label="结论", widget=forms.RadioSelect)
    basis = forms.CharField(label="依据", max_length=300)
    opinion = forms.CharField(
        label="意见",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="退回的，写明怎样修改；删减的，写明删什么。",
    )

    def __init__(self, data: Any = None, *, edition: Edition, step: workflow.WorkStep, **kwargs: Any) -> None:
        basis = step.basis.partition("；")[0][:300]
        kwargs.setdefault("initial", {}).update(revision_id=edition.revision_id, step=step.id, basis=basis)
        super().__init__(data, **kwargs)
        assert edition.revision is not None
        choices = conclusions(edition.revision)
        self.fields["conclusion"].choices = choices  # type: ignore[attr-defined]
        self.parts = parts_of(edition.revision) if step.kind == workflow.SECRECY else {}
        if not self.parts:
            return
        offered = [choice for choice in choices if choice[0] != Conclusion.RETURNED]
        for part, name in self.parts.items():
            field = f"part_{part or 'text'}"
            self.fields[field] = forms.ChoiceField(label=f"逐项：{name}", choices=[("", "请选择"), *offered], required=False)
            self.fields[f"{field}_basis"] = forms.CharField(label=f"依据：{name}", max_length=300, initial=basis, required=False)
            self.fields[f"{field}_note"] = forms.CharField(label=f"说明：{name}", max_length=500, required=False)
        last = ["conclusion", "basis", "opinion"]
        self.order_fields([name for name in self.fields if name not in last] + last)

    @property
    def part_rows(self) -> list[tuple[str, Any, Any, Any]]:
        """(name, conclusion, basis, note) for the table of the page."""
        rows = [(name, f"part_{part or 'text'}") for part, name in self.parts.items()]
        return [(name, self[field], self[f"{field}_basis"], self[f"{field}_note"]) for name, field in rows]

    def items(self) -> list[Verdict]:
        found = []
        for part in self.parts:
            field = f"part_{part or 'text'}"
            if self.cleaned_data.get(field):
                basis, note = self.cleaned_data[f"{field}_basis"], self.cleaned_data[f"{field}_note"]
                found.append(Verdict(part, self.cleaned_data[field], basis, note))
        return found

    def arguments(self) -> dict[str, Any]:
        names = ("revision_id", "step", "conclusion", "basis", "opinion")
        return {**{name: self.cleaned_data[name] for name in names}, "items": self.items()}


def conclusions(revision: Revision) -> list[tuple[str, str]]:
    """What can be concluded of a text, in the order in which it stands; what it says of itself comes first."""
    if revision.attribute == Revision.Attribute.WITHHELD:
        wanted = [(Conclusion.WITHHELD, "同意不予公开"), (Conclusion.PASSED, "应当公开，退回修改"), (Conclusion.RETURNED, "退回修改")]
        return [(value.value, label) for value, label in wanted]
    redact = "同意删减后公开" if revision.redacted else "删减后可以公开，退回删减"
    agree = "同意依申请公开" if revision.attribute == Revision.Attribute.ON_REQUEST else "同意公开"
    withhold = "不予公开，退回改为不予公开"
    wanted = [(Conclusion.PASSED, agree), (Conclusion.REDACT, redact), (Conclusion.RETURNED, "退回修改"), (Conclusion.WITHHELD, withhold)]
    return [(value.value, label) for value, label in wanted]


class WorkflowForm(KeyForm):
    """The steps line by line; empty lines are left out. No step at all: the usual flow holds again."""

    def __init__(self, data: Any = None, *, steps: list[workflow.WorkStep], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        roles = [("", "—"), *Membership.Role.choices]
        kinds = [("content", "内容审核"), ("secrecy", "保密审查")]
        for n in range(LINES):
            step = steps[n] if n < len(steps) else None
            words = f"第 {n + 1} 步"
            first = step.name if step else ""
            self.fields[f"name_{n}"] = forms.CharField(label=f"{words}名称", max_length=20, required=False, initial=first)
            self.fields[f"role_{n}"] = forms.ChoiceField(
                label=f"{words}由谁办", choices=roles, required=False, initial=step.role if step else ""
            )
            self.fields[f"kind_{n}"] = forms.ChoiceField(label=f"{words}类别", choices=kinds, initial=step.kind if step else "content")
            self.fields[f"id_{n}"] = forms.CharField(
                widget=forms.HiddenInput, required=False, max_length=20, initial=step.id if step else ""
            )

    @property
    def lines(self) -> list[tuple[int, Any, Any, Any]]:
        return [(n + 1, self[f"name_{n}"], self[f"role_{n}"], self[f"kind_{n}"]) for n in range(LINES)]

    def steps(self) -> list[dict[str, str]]:
        """A step keeps its id while its line stays, so that what was reviewed by it still counts."""
        found: list[dict[str, str]] = []
        taken = {self.cleaned_data[f"id_{n}"] for n in range(LINES)}
        for n in range(LINES):
            name = self.cleaned_data[f"name_{n}"].strip()
            if not name:
                continue
            free = next(f"step{m}" for m in range(1, 99) if f"step{m}" not in taken)
            ident = self.cleaned_data[f"id_{n}"] or free
            taken.add(ident)
            found.append({"id": ident, "name": name, "role": self.cleaned_data[f"role_{n}"], "kind": self.cleaned_data[f"kind_{n}"]})
        return found
