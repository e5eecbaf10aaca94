"""Forms of the reply. Every one carries its key; what may be done is the actions' to say."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils import timezone

from gongkai.disclosure_requests.actions.replying import LONGEST, asked_of
from gongkai.disclosure_requests.letters.wording import NEED_WORDS
from gongkai.disclosure_requests.models import DisclosureRequest, Reply, ReplyReview
from gongkai.disclosure_requests.replying.choosing import Choice, ground_choices
from gongkai.obligations.forms import DateInput, FilesField, KeyForm

Conclusion = ReplyReview.Conclusion
HELP = {
    "route": "例如：请登录某网站下载；本件随附；自行领取的地址和时间。",
    "search": "写明检索了哪些系统、档案和科室，用了哪些词，谁在哪一天检索。",
    "secrecy": "写明依据哪一项保密事项范围定密，定密的程序。",
    "law": "写明法律、行政法规的名称和条款。",
    "earlier_reply": "例如：清发改公开〔2026〕3号，2026年2月1日。",
}


class DraftForm(KeyForm):
    """What the outcome asks, and the text. `version` is the one that was being edited."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    made = forms.CharField(widget=forms.HiddenInput, required=False, strip=False, max_length=LONGEST)
    """The text as it was generated last: an edited one is not overwritten without asking."""
    text = forms.CharField(
        label="正文",
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 14}),
        help_text="不写标题、称谓、落款和救济途径，生成文书时自动加上。",
    )

    def __init__(self, data: Any = None, *, choice: Choice, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.needs = asked_of(choice.outcome, choice.situation)
        for need in self.needs:
            self.fields[f"need_{need}"] = forms.CharField(
                label=NEED_WORDS[need],
                required=False,
                max_length=3000,
                help_text=HELP.get(need, ""),
                widget=forms.Textarea(attrs={"rows": 3}),
            )
        offered = ground_choices(choice.outcome.code)
        if offered:
            self.fields["grounds"] = forms.MultipleChoiceField(
                label="不予公开的依据",
                choices=offered,
                required=len(offered) > 1,
                widget=forms.CheckboxSelectMultiple,
                initial=[offered[0][0]] if len(offered) == 1 else None,
                error_messages={"required": "请勾选不予公开的依据"},
            )
        self.order_fields([*(f"need_{need}" for need in self.needs), "grounds", "text"])

    def answers(self) -> dict[str, str]:
        return {need: self.cleaned_data.get(f"need_{need}", "") for need in self.needs}

    def grounds(self) -> list[str]:
        return list(self.cleaned_data.get("grounds") or [])


def draft_initial(reply: Reply | None, choice: Choice) -> dict[str, Any]:
    if reply is None:
        return {"version": 0}
    found: dict[str, Any] = {"version": reply.version}
    found |= {f"need_{need}": words for need, words in reply.answers.items()}
    if (reply.outcome, reply.situation) == (choice.outcome.code, choice.situation):
        found |= {"text": reply.text, "grounds": reply.grounds, "made": reply.text}
    return found


class ReviewForm(KeyForm):
    """One step. A secrecy review says it of every part: the text, then each file."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    conclusion = forms.ChoiceField(label="结论", choices=Conclusion.choices, widget=forms.RadioSelect)
    basis = forms.CharField(label="依据", max_length=300)
    opinion = forms.CharField(
        label="意见", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3}), help_text="退回的，写明怎样修改。"
    )

    def __init__(self, data: Any = None, *, reply: Reply, step: str, basis: str = "", **kwargs: Any) -> None:
        kwargs.setdefault("initial", {}).update(version=reply.version, basis=basis)
        super().__init__(data, **kwargs)
        self.parts: dict[str, str] = {}
        if step == ReplyReview.Step.SECRECY:
            self.parts = {"text": "答复正文", **{str(file.pk): file.given_name or file.source.name for file in reply.files.all()}}
        for part, name in self.parts.items():
            self.fields[f"part_{part}"] = forms.ChoiceField(label=f"逐项：{name}", choices=[("", "请选择"), *Conclusion.choices])
            self.fields[f"part_{part}_basis"] = forms.CharField(label=f"依据：{name}", max_length=300, initial=basis)
            self.fields[f"part_{part}_note"] = forms.CharField(label=f"说明：{name}", max_length=500, required=False)
        last = ["conclusion", "basis", "opinion"]
        self.order_fields([name for name in self.fields if name not in last] + last)

    @property
    def part_rows(self) -> list[tuple[str, Any, Any, Any]]:
        """(name, conclusion, basis, note) for the table of the page."""
        return [(name, self[f"part_{part}"], self[f"part_{part}_basis"], self[f"part_{part}_note"]) for part, name in self.parts.items()]

    def arguments(self) -> dict[str, Any]:
        data = self.cleaned_data
        items = [
            {
                "file": int(part) if part.isdigit() else None,
                "name": name,
                "conclusion": data[f"part_{part}"],
                "basis": data[f"part_{part}_basis"],
                "note": data[f"part_{part}_note"],
            }
            for part, name in self.parts.items()
        ]
        return {**{name: data[name] for name in ("version", "conclusion", "basis", "opinion")}, "items": items}


class PlainForm(KeyForm):
    """A button with nothing to fill in."""


class RecallForm(KeyForm):
    reason = forms.CharField(label="收回的理由", required=False, max_length=300)


class SendForm(KeyForm):
    route = forms.ChoiceField(label="送达途径", choices=DisclosureRequest.Route.choices)
    on = forms.DateField(label="发出日期", widget=DateInput(), initial=timezone.localdate)
    proof = forms.CharField(label="凭证", required=False, max_length=200, help_text="例如挂号信的邮件号；以后可以在“登记送达”里填写。")


class SendAgainForm(KeyForm):
    route = forms.ChoiceField(label="送达途径", choices=DisclosureRequest.Route.choices)
    on = forms.DateField(label="发出日期", widget=DateInput(), initial=timezone.localdate)


class ServedForm(KeyForm):
    on = forms.DateField(label="送达日期", widget=DateInput(), initial=timezone.localdate)
    proof = forms.CharField(label="凭证", max_length=200, help_text="邮件号、签收人、回执编号。")


class NotServedForm(KeyForm):
    reason = forms.CharField(label="没有送达的原因", max_length=200, help_text="例如：查无此人，退回。")


class AttachForm(KeyForm):
    files = FilesField(label="检索到的政府信息")  # type: ignore[assignment]


class ClearForm(KeyForm):
    findings = forms.MultipleChoiceField(
        label="筛查结果", widget=forms.CheckboxSelectMultiple, error_messages={"required": "请勾选要认定的筛查结果"}
    )
    reason = forms.CharField(label="可以提供的理由和依据", max_length=500, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, data: Any = None, *, offered: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["findings"].choices = list(offered)  # type: ignore[attr-defined]


VERBS: dict[str, type[KeyForm]] = {
    "propose": PlainForm,
    "recall": RecallForm,
    "sign": PlainForm,
    "send": SendForm,
    "send_again": SendAgainForm,
}
SERVICE_VERBS: dict[str, type[KeyForm]] = {"served": ServedForm, "not_served": NotServedForm}
