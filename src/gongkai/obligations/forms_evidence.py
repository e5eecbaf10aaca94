"""Forms of the evidence of one obligation: hand in a record, an address or a file; declare no change; judge; withdraw."""

from __future__ import annotations

from datetime import datetime, time
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone

from gongkai.obligations.forms import DateInput, KeyForm
from gongkai.obligations.fulfilment import in_hours
from gongkai.obligations.models import Evidence, Obligation
from gongkai.obligations.records import Candidate
from gongkai.obligations.uploads import ALLOWED_WORDS, CONTENT_TYPES

Kind = Evidence.Kind


class RecordForm(KeyForm):
    """The records come from what the owner has of the kinds that count; nobody types what the system knows."""

    record = forms.ChoiceField(label="记录", help_text="系统核对它是不是已经公开、由谁发布、哪一天、在哪个栏目。")

    def __init__(self, data: Any = None, files: Any = None, *, candidates: list[Candidate], **kwargs: Any) -> None:
        super().__init__(data, files, **kwargs)
        self.fields["record"].choices = [(one.value, one.words) for one in candidates]  # type: ignore[attr-defined]

    def arguments(self) -> dict[str, Any]:
        kind, _, number = self.cleaned_data["record"].rpartition(":")
        return {"kind": Kind.RECORD, "record": (kind, int(number))}


class _Shown(KeyForm):
    """What a person says of something the system cannot look at: what it proves, when, and how much where a quota counts."""

    proves = forms.CharField(label="证明什么", max_length=200)
    on = forms.DateField(label="做到的日期", widget=DateInput(), help_text="按这一天算是否逾期。")

    def __init__(self, data: Any = None, files: Any = None, *, obligation: Obligation, **kwargs: Any) -> None:
        super().__init__(data, files, **kwargs)
        if in_hours(obligation):
            self.fields["hour"] = forms.TimeField(
                label="做到的时刻", widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}), help_text="这项任务按小时计时。"
            )
        if obligation.quota_op:
            unit = obligation.quota_unit or "次"
            self.fields["quantity"] = forms.DecimalField(
                label=f"数量（{unit}）", min_value=Decimal("0.01"), max_digits=12, decimal_places=2, initial=1
            )

    def arguments(self) -> dict[str, Any]:
        given = super().arguments()
        hour: time | None = given.pop("hour", None)
        if hour is not None and given.get("on"):
            given["at"] = timezone.make_aware(datetime.combine(given["on"], hour))
        return given


class AddressForm(_Shown):
    url = forms.URLField(
        label="公开链接",
        max_length=500,
        assume_scheme="https",
        help_text="本系统公开页面的地址由系统自动核对；其他网站的由主管部门打开核对。",
    )
    field_order = ["key", "url"]

    def __init__(self, data: Any = None, files: Any = None, **kwargs: Any) -> None:
        super().__init__(data, files, **kwargs)
        for name in ("proves", "on", "hour"):  # a record of this system brings its own
            if name in self.fields:
                self.fields[name].required = False
        self.fields["on"].help_text = "外部网站的公开日期，按这一天算是否逾期；本系统的页面不用填。"

    def arguments(self) -> dict[str, Any]:
        return super().arguments() | {"kind": Kind.ADDRESS}


class FileForm(_Shown):
    file = forms.FileField(
        label="文件",
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ",".join(f".{kind}" for kind in CONTENT_TYPES)}),
        help_text=f"{ALLOWED_WORDS}，不超过 20 MB。由主管部门核查。",
    )
    field_order = ["key", "file"]

    def arguments(self) -> dict[str, Any]:
        return super().arguments() | {"kind": Kind.FILE}


class NoChangeForm(KeyForm):
    proves = forms.CharField(
        label="声明内容", max_length=200, initial="本期没有新内容", help_text="由本单位另一位负责人或审核人签署后生效，向社会公开。"
    )

    def arguments(self) -> dict[str, Any]:
        return super().arguments() | {"kind": Kind.NO_CHANGE}


class DeclareForm(KeyForm):
    text = forms.CharField(label="签署意见", required=False, max_length=200, help_text="签署后算作本期完成，并向社会公开。")


class JudgeForm(KeyForm):
    passed = forms.ChoiceField(label="核查结果", choices=[("yes", "符合"), ("no", "不符合")], widget=forms.RadioSelect)
    reason = forms.CharField(
        label="核查说明",
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="不符合的，写明为什么、怎么补。",
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("passed") == "no" and not (data.get("reason") or "").strip():
            self.add_error("reason", "请写明为什么不符合、怎么补")
        return data

    def arguments(self) -> dict[str, Any]:
        return {"passed": self.cleaned_data["passed"] == "yes", "reason": self.cleaned_data["reason"]}


class WithdrawForm(KeyForm):
    reason = forms.CharField(
        label="撤回理由", max_length=500, widget=forms.Textarea(attrs={"rows": 2}), help_text="撤回后，靠它办结的任务会重新打开。"
    )
