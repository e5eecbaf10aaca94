"""Forms of the verbs between receipt and reply. Each is made for one case, and where it is pressed on a record of the case, for that."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from gongkai.agencies.models import Agency, Section, User
from gongkai.disclosure_requests.actions import assigning, clarifying, extending
from gongkai.disclosure_requests.models import CaseFile, Consultation, DisclosureRequest, FeeNotice
from gongkai.obligations.forms import DateInput, FilesField, KeyForm
from gongkai.publications.drafting.attachments import ALLOWED_WORDS, MOST_FILES, limit_words

LONG = forms.Textarea(attrs={"rows": 3})
FILES = f"{ALLOWED_WORDS}，每个不超过 {limit_words()}，一次最多 {MOST_FILES} 个。"


class MomentInput(forms.DateTimeInput):
    input_type = "datetime-local"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M", **kwargs)


def words(label: str, help_text: str = "", *, required: bool = True, most: int = 500, rows: int = 3) -> forms.CharField:
    area = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, required=required, max_length=most, widget=area, help_text=help_text)


def day(label: str, help_text: str = "", *, required: bool = True) -> forms.DateField:
    return forms.DateField(label=label, required=required, widget=DateInput(), help_text=help_text)


class CaseForm(KeyForm):
    """`case` and, for a verb on one of its records, `target`."""

    def __init__(self, data: Any = None, files: Any = None, *, case: DisclosureRequest, target: Any = None, **kwargs: Any) -> None:
        self.case, self.target = case, target
        if data is None:
            kwargs["initial"] = {**self.first(), **kwargs.get("initial", {})}
        super().__init__(data, files, **kwargs)
        self.fill()

    def first(self) -> dict[str, Any]:
        """What the fields begin with."""
        return {}

    def fill(self) -> None:
        """Choices that depend on the case."""


class PlainForm(CaseForm):
    """A verb of one button."""


class ReasonForm(CaseForm):
    reason = words("理由")


class ConfirmForm(CaseForm):
    at = forms.DateTimeField(label="双方确认的时间", widget=MomentInput())
    how = words("怎样确认的", "例如“电话确认，接听人本人”。", most=300, rows=2)

    def first(self) -> dict[str, Any]:
        return {"at": timezone.localtime()}


class TimesForm(CaseForm):
    arrived_at = forms.DateTimeField(label="到达（签收）时间", required=False, widget=MomentInput())
    confirmed_at = forms.DateTimeField(label="双方确认时间", required=False, widget=MomentInput())

    def first(self) -> dict[str, Any]:
        return {"arrived_at": _local(self.case.arrived_at), "confirmed_at": _local(self.case.confirmed_at)}


def _local(at: Any) -> Any:
    return timezone.localtime(at) if at is not None else None


class RegisterForm(CaseForm):
    subject = forms.CharField(label="申请事项", max_length=120, help_text="列表里显示的一句话，不要写申请人的姓名和号码。")
    section = forms.ModelChoiceField(Section.objects.none(), label="承办科室", required=False, empty_label="以后再定")

    def first(self) -> dict[str, Any]:
        return {"subject": self.case.subject, "section": self.case.section_id}

    def fill(self) -> None:
        self.fields["section"].queryset = Section.objects.filter(agency=self.case.agency_id)  # type: ignore[attr-defined]


class AssignForm(CaseForm):
    section = forms.ModelChoiceField(Section.objects.none(), label="承办科室", required=False, empty_label="不指定")
    person = forms.ModelChoiceField(User.objects.none(), label="承办人", required=False, empty_label="不指定")
    task = words("承办内容", most=300, rows=2)
    due_on = day("内部期限", "本机关自己定的日期；答复的期限不因此改变。", required=False)

    def fill(self) -> None:
        self.fields["section"].queryset = Section.objects.filter(agency=self.case.agency_id)  # type: ignore[attr-defined]
        people = User.objects.filter(pk__in=[person.pk for person in assigning.handlers(self.case)])
        self.fields["person"].queryset = people  # type: ignore[attr-defined]


class AnswerForm(CaseForm):
    words = words("承办意见", "检索的范围、找到的信息和处理建议。", most=5000)


class TransferForm(CaseForm):
    to = forms.ModelChoiceField(Agency.objects.none(), label="转给", help_text="只能转给本地区的机关；期限照原来的算。")
    reason = words("转办的理由")

    def fill(self) -> None:
        place = Agency.objects.filter(jurisdiction=self.case.jurisdiction_id, valid_to__isnull=True).exclude(pk=self.case.agency_id)
        self.fields["to"].queryset = place.order_by("code")  # type: ignore[attr-defined]


class ClarifyForm(CaseForm):
    items = words("需要补正的事项", "只能告知一次，请写全。", most=5000, rows=5)
    due_on = day("补正期限", "给申请人合理的时间。")

    def first(self) -> dict[str, Any]:
        return {"due_on": clarifying.proposed_day(self.case)}


class ClarifiedForm(CaseForm):
    words = words("补正的内容", "申请人来信、来电补正的，照原话记下。", required=False, most=20_000, rows=5)
    files = FilesField(label="补正材料", required=False, help_text=FILES)  # type: ignore[assignment]
    on = day("收到补正的日期")

    def first(self) -> dict[str, Any]:
        return {"on": timezone.localdate()}


class NoteForm(CaseForm):
    note = words("怎样认定没有正当理由", "例如“期限内未收到材料，电话联系未说明理由”。", most=300)


class ConsultForm(CaseForm):
    kind = forms.ChoiceField(label="征求谁的意见", choices=Consultation.Kind.choices)
    agency = forms.ModelChoiceField(Agency.objects.none(), label="机关", required=False, empty_label="不在名录里，或者是第三方")
    party = forms.CharField(label="第三方或者机关的名称", required=False, max_length=200)
    contact = forms.CharField(label="联系方式", required=False, max_length=300)
    asked = words("征求意见的内容", most=5000)
    on = day("发出日期")

    def first(self) -> dict[str, Any]:
        return {"on": timezone.localdate()}

    def fill(self) -> None:
        place = Agency.objects.filter(jurisdiction=self.case.jurisdiction_id, valid_to__isnull=True).exclude(pk=self.case.agency_id)
        self.fields["agency"].queryset = place.order_by("code")  # type: ignore[attr-defined]


class ReachedForm(CaseForm):
    on = day("收到日期")

    def first(self) -> dict[str, Any]:
        return {"on": timezone.localdate()}


class OpinionForm(CaseForm):
    opinion = forms.ChoiceField(label="意见", choices=[("", "请选择"), *Consultation.Opinion.choices])
    reasons = words("对方的理由", required=False, most=5000)
    reasonable = forms.TypedChoiceField(
        label="理由是否合理",
        required=False,
        choices=[("", "不用认定"), ("yes", "合理"), ("no", "不合理")],
        coerce=lambda value: value == "yes",
        empty_value=None,
        help_text="第三方不同意公开的，由本机关认定（条例第三十二条）。",
    )
    on = day("收到意见的日期")

    def first(self) -> dict[str, Any]:
        return {"on": timezone.localdate()}


class OverrideForm(CaseForm):
    reason = words("不公开可能对公共利益造成的重大影响")
    on = day("书面告知第三方的日期")

    def first(self) -> dict[str, Any]:
        return {"on": timezone.localdate()}


class ExtendForm(CaseForm):
    n = forms.IntegerField(label="延长几个工作日", min_value=1, max_value=20)
    reason = words("延长的理由", "会写进给申请人的延期答复告知书。")

    def first(self) -> dict[str, Any]:
        return {"n": extending.cap(self.case)}


class ChargeForm(CaseForm):
    by = forms.ChoiceField(label="计收方式", choices=FeeNotice.By.choices, help_text="一件申请只按一种方式。")
    quantity = forms.IntegerField(label="件数或者页数", min_value=1, max_value=1_000_000)

    def first(self) -> dict[str, Any]:
        return {"quantity": 1}


class PaidForm(CaseForm):
    on = day("缴费日期")
    receipt_number = forms.CharField(label="财政票据号", max_length=60)

    def first(self) -> dict[str, Any]:
        return {"on": timezone.localdate()}


class SplitForm(CaseForm):
    contents = words("各项内容，每项一行", "第一项留在这件申请，其余各成一件；申请人、收到日和期限都相同。", most=20_000, rows=6)

    def arguments(self) -> dict[str, Any]:
        return {"contents": self.cleaned_data["contents"].splitlines()}


class MatchForm(CaseForm):
    number = forms.CharField(label="与之相同的申请", max_length=80, help_text="写申请编号。")


class FrequencyForm(CaseForm):
    facts = words("申请的数量和频次", "例如“本月第 12 件，均为同一项目的不同年份”。")


class JudgeForm(CaseForm):
    given = words("申请人说明的理由", required=False, most=5000)
    reasonable = forms.TypedChoiceField(
        label="理由是否合理", choices=[("yes", "合理"), ("no", "不合理，不予处理")], coerce=lambda value: value == "yes"
    )
    words = words("怎样认定的")
    delayed_to = day("延迟答复至", "理由合理、但不能按期答复的，确定合理的日期并告知申请人（条例第三十五条）。", required=False)


class ServedForm(CaseForm):
    on = day("送达日期")
    proof = forms.CharField(label="凭证", max_length=200, help_text="邮件号、签收人。")

    def first(self) -> dict[str, Any]:
        return {"on": timezone.localdate()}


class ResendForm(CaseForm):
    route = forms.ChoiceField(label="这次的途径", choices=DisclosureRequest.Route.choices)
    on = day("发出日期")

    def first(self) -> dict[str, Any]:
        return {"route": DisclosureRequest.Route.POST, "on": timezone.localdate()}


class AttachForm(CaseForm):
    kind = forms.ChoiceField(label="类别", choices=CaseFile.Kind.choices)
    files = FilesField(label="文件", required=False, help_text=FILES)  # type: ignore[assignment]

    def first(self) -> dict[str, Any]:
        return {"kind": CaseFile.Kind.FOUND}


class AmendForm(CaseForm):
    """更正登记: everything that was taken down, as it stands; what is left alone is not touched."""

    subject = forms.CharField(label="申请事项", max_length=120)
    description = words("内容描述", required=False, most=20_000, rows=5)
    wanted_number = forms.CharField(label="文号", required=False, max_length=120)
    form = forms.ChoiceField(label="获取形式", choices=DisclosureRequest.Form.choices)
    route = forms.ChoiceField(label="获取途径", choices=DisclosureRequest.Route.choices)
    submitted_at = forms.DateTimeField(label="提交（寄出）时间", required=False, widget=MomentInput())
    arrived_at = forms.DateTimeField(label="到达（签收）时间", required=False, widget=MomentInput())
    confirmed_at = forms.DateTimeField(label="双方确认时间", required=False, widget=MomentInput())
    name = forms.CharField(label="申请人姓名或者名称", max_length=200)
    phone = forms.CharField(label="联系电话", required=False, max_length=60)
    email = forms.CharField(label="电子邮箱", required=False, max_length=120)
    address = forms.CharField(label="通信地址", required=False, max_length=300)
    reason = words("原来错在哪里", "写进记录，不要写申请人的姓名和号码。")

    PERSON = ("name", "phone", "email", "address")
    CASE = ("subject", "description", "wanted_number", "form", "route")
    TIMES = ("submitted_at", "arrived_at", "confirmed_at")

    def first(self) -> dict[str, Any]:
        row, person = self.case, self.case.applicant
        found = {name: getattr(row, name) for name in self.CASE} | {name: getattr(person, name) for name in self.PERSON}
        return found | {name: _local(getattr(row, name)) for name in self.TIMES}

    def arguments(self) -> dict[str, Any]:
        data = self.cleaned_data
        changes = {name: data[name].strip() if isinstance(data[name], str) else data[name] for name in self.CASE}
        for name in self.TIMES:
            before = getattr(self.case, name)
            same = before is not None and data[name] is not None and _minute(before) == _minute(data[name])
            changes[name] = before if same else data[name]
        return {"reason": data["reason"], "changes": changes, "applicant": {name: data[name].strip() for name in self.PERSON}}


def _minute(at: Any) -> Any:
    """Fields of the browser know no seconds."""
    return timezone.localtime(at).replace(second=0, microsecond=0)
