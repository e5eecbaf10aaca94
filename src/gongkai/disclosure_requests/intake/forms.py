"""The form by which staff take a request down, and those of the mailbox."""

from __future__ import annotations

from typing import Any

from django import forms

from gongkai.agencies.models import Agency
from gongkai.clocks.errors import ClockError
from gongkai.clocks.receipt import Receipt, receipt, rules
from gongkai.disclosure_requests.asked import Asked
from gongkai.disclosure_requests.clock import RECEIPT_CHANNELS
from gongkai.disclosure_requests.handling.forms import FILES, MomentInput
from gongkai.disclosure_requests.models import Applicant, DisclosureRequest
from gongkai.obligations.forms import FilesField, KeyForm

Channel = DisclosureRequest.Channel
CHANNELS = [(value, label) for value, label in Channel.choices if value != Channel.ONLINE]
PAPER = (Channel.REGISTERED_POST, Channel.ORDINARY_MAIL, Channel.FAX)


def receipt_rules() -> list[tuple[str, str]]:
    """(channel in words, which day counts and why) for those staff take down, as the law in force says."""
    now = {rule.channel: rule for rule in rules() if rule.effective_to is None}
    found = []
    for value, label in CHANNELS:
        rule = now[RECEIPT_CHANNELS[value]]
        found.append((str(label), f"{rule.words}（{rule.article}）"))
    return found


class IntakeForm(KeyForm):
    agency = forms.ModelChoiceField(Agency.objects.none(), label="受理机关", empty_label=None)
    channel = forms.ChoiceField(label="渠道", choices=CHANNELS)
    submitted_at = forms.DateTimeField(
        label="提交（寄出）时间", required=False, widget=MomentInput(), help_text="当面、口头申请留空为现在；信函为寄出时间。"
    )
    arrived_at = forms.DateTimeField(
        label="到达（签收）时间", required=False, widget=MomentInput(), help_text="信函、传真、邮件到达的时间；挂号信为签收时间。"
    )
    confirmed_at = forms.DateTimeField(
        label="双方确认时间", required=False, widget=MomentInput(), help_text="已经与申请人联系确认的填写；还没有的以后在申请页补记。"
    )
    kind = forms.ChoiceField(label="申请人类别", choices=Applicant.Kind.choices)
    name = forms.CharField(label="姓名或者名称", max_length=200)
    identity_kind = forms.ChoiceField(label="证件类型", choices=Applicant.Identity.choices)
    identity_number = forms.CharField(label="证件号码", required=False, max_length=60)
    shown = forms.BooleanField(label="当面出示了证件，不留复印件", required=False)
    representative = forms.CharField(label="法定代表人或者负责人", required=False, max_length=100)
    contact = forms.CharField(label="联系人", required=False, max_length=100, help_text="法人和其他组织要填。")
    phone = forms.CharField(label="联系电话", required=False, max_length=60)
    email = forms.CharField(label="电子邮箱", required=False, max_length=120)
    address = forms.CharField(label="通信地址", required=False, max_length=300)
    postcode = forms.CharField(label="邮政编码", required=False, max_length=10)
    help_needed = forms.CharField(label="需要的帮助", required=False, max_length=300, help_text="阅读困难、视听障碍等（条例第四十三条）。")
    subject = forms.CharField(
        label="申请事项", required=False, max_length=120, help_text="列表里显示的一句话，空着由系统取内容的开头；不要写申请人的姓名和号码。"
    )
    description = forms.CharField(
        label="所需信息的内容",
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="照申请书原话；口头申请由您代填，念给申请人听过。",
    )
    wanted_number = forms.CharField(label="文号", required=False, max_length=120)
    features = forms.CharField(label="便于查询的其他特征", required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 2}))
    form = forms.ChoiceField(label="获取形式", choices=DisclosureRequest.Form.choices)
    route = forms.ChoiceField(label="获取途径", choices=DisclosureRequest.Route.choices)
    suggests_opening = forms.BooleanField(label="申请人建议主动公开", required=False)
    identity_files = FilesField(label="身份证明", required=False, help_text=FILES)
    files_of_letter = FilesField(label="申请书扫描件", required=False, help_text=FILES)

    GROUPS = (
        ("怎么来的", ("agency", "channel", "submitted_at", "arrived_at", "confirmed_at")),
        (
            "申请人",
            (
                *("kind", "name", "identity_kind", "identity_number", "shown", "identity_files", "representative", "contact"),
                *("phone", "email", "address", "postcode", "help_needed"),
            ),
        ),
        (
            "要什么",
            ("description", "subject", "wanted_number", "features", "files_of_letter", "form", "route", "suggests_opening"),
        ),
    )

    def __init__(self, data: Any = None, files: Any = None, *, agencies: Any, **kwargs: Any) -> None:
        super().__init__(data, files, **kwargs)
        self.fields["agency"].queryset = agencies.order_by("jurisdiction__code", "code")  # type: ignore[attr-defined]

    def groups(self) -> list[tuple[str, list[Any]]]:
        return [(title, [self[name] for name in names]) for title, names in self.GROUPS]

    def told(self) -> Asked:
        data = {name: value for name, value in self.cleaned_data.items() if name not in ("key", "files_of_letter")}
        return Asked(**data, files=self.cleaned_data["files_of_letter"])

    def receipt(self) -> tuple[Receipt | None, str]:
        """Which day counts with what is filled in, and a sentence why, or why it is not known yet."""
        self.is_valid()
        data = self.cleaned_data
        channel = data.get("channel")
        if not channel:
            return None, "请先选择渠道。"
        times = {"submitted": data.get("submitted_at"), "received": data.get("arrived_at"), "confirmed": data.get("confirmed_at")}
        if channel in (Channel.COUNTER, Channel.ORAL) and not times["submitted"]:
            from django.utils import timezone

            times["submitted"] = timezone.now()
        if not any(times.values()):
            return None, "还没有填写时间。"
        try:
            found = receipt(RECEIPT_CHANNELS[channel], **times)
        except ClockError as error:
            return None, str(error)
        return found, f"收到申请之日是 {found.on}：{found.why}。"


class AsideForm(KeyForm):
    reason = forms.CharField(label="为什么不作申请处理", max_length=300, widget=forms.Textarea(attrs={"rows": 2}))


class CodeForm(KeyForm):
    code = forms.CharField(label="回执码", max_length=20, help_text="试信标题里 GK- 后面的八个字。")
