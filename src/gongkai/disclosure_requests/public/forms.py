"""The citizen's forms. What a request must say is asked.py's to judge; here its sentences find their fields."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.conf import settings

from gongkai.disclosure_requests import asked
from gongkai.disclosure_requests.actions import clarifying, frequency
from gongkai.disclosure_requests.casefiles import file_reasons
from gongkai.disclosure_requests.models import Applicant, DisclosureRequest
from gongkai.obligations.forms import FilesField, KeyForm
from gongkai.screening.checksums import is_credit_code

Kind, Identity = Applicant.Kind, Applicant.Identity
FIELDS = (
    ("身份证明的扫描件", "identity_files"),
    ("营业执照", "identity_files"),
    ("请填写证件号码", "identity_number"),
    ("居民身份证号码", "identity_number"),
    ("统一社会信用代码不对", "identity_number"),
    ("自然人请选", "identity_kind"),
    ("请填写联系人", "contact"),
    ("请至少填写", "phone"),
    ("联系电话", "phone"),
    ("电子邮箱的写法", "email"),
    ("选择以电子邮件", "email"),
    ("选择邮寄", "address"),
    ("请写明所需", "description"),
    ("请填写申请人", "name"),
)
"""How a sentence of asked.py begins, or what stands in it → the field it is shown at."""
FILES_HELP = "可以选多个；pdf、docx、ofd、jpg、png 等，每个不超过 {mb} MB。"
ROUTES = [(value, label) for value, label in DisclosureRequest.Route.choices if value != DisclosureRequest.Route.FAX]


class Words(forms.CharField):
    """A text with a limit said in plain words, and the bytes of another encoding refused: a browser that sends GBK loses what was typed."""

    def __init__(self, *, most: int, **kwargs: Any) -> None:
        self.most = most
        super().__init__(**kwargs)
        self.widget.attrs["maxlength"] = str(most)

    def validate(self, value: Any) -> None:
        super().validate(value)
        if len(value) > self.most:
            raise forms.ValidationError(f"最多 {self.most} 个字，现在有 {len(value)} 个")
        if "\ufffd" in value:
            raise forms.ValidationError("有认不出的字符，请用 UTF-8 编码重新输入")


def _needed(words: str) -> dict[str, str]:
    return {"required": words, "invalid_choice": words}


def _area(rows: int, **attrs: str) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, **attrs})


class FilingForm(KeyForm):
    """`told()` is what asked.Asked takes, without agency, channel and files."""

    use_required_attribute = False

    kind = forms.ChoiceField(
        label="申请人类别", choices=Kind.choices, initial=Kind.NATURAL, widget=forms.RadioSelect, error_messages=_needed("请选择申请人类别")
    )
    name = Words(label="姓名或者名称", most=100, error_messages=_needed("请填写申请人的姓名或者名称"))
    identity_kind = forms.ChoiceField(
        label="证件类型", choices=Identity.choices, initial=Identity.ID_CARD, error_messages=_needed("请选择证件类型")
    )
    identity_number = Words(label="证件号码", most=60, error_messages=_needed("请填写证件号码"))
    identity_files = FilesField(label="身份证明的扫描件或者照片", required=False)
    representative = Words(label="法定代表人或者负责人", most=60, required=False)
    contact = Words(label="联系人", most=60, required=False)
    phone = Words(label="联系电话", most=30, required=False)
    email = Words(label="电子邮箱", most=120, required=False, help_text="收件回执会发到这里；不填也可以。")
    address = Words(label="通信地址", most=200, required=False)
    postcode = Words(label="邮政编码", most=10, required=False)
    description = Words(
        label="您要什么信息",
        most=asked.LONGEST,
        required=False,
        widget=_area(7),
        help_text="写清是什么文件或者数据、哪个地方、哪几年。越具体，找得越快；一份申请只问一件事。",
    )
    wanted_number = Words(label="文号", most=120, required=False, help_text="知道的话填，例如“清政发〔2025〕3号”。")
    features = Words(label="便于查询的其他特征", most=2000, required=False, widget=_area(2), help_text="例如发文时间、项目名称、谁经办的。")
    files = FilesField(label="有助于查找的材料", required=False)  # type: ignore[assignment]
    form = forms.ChoiceField(
        label="希望得到的形式",
        choices=DisclosureRequest.Form.choices,
        initial="electronic",
        widget=forms.RadioSelect,
        error_messages=_needed("请选择形式"),
    )
    route = forms.ChoiceField(
        label="希望怎样拿到", choices=ROUTES, initial="online", widget=forms.RadioSelect, error_messages=_needed("请选择途径")
    )
    help_needed = Words(
        label="阅读、视听有困难，需要什么帮助",
        most=500,
        required=False,
        widget=_area(2),
        help_text="机关要为有困难的申请人提供必要的帮助（条例第四十三条），例如大字版、读给您听、代填表格。",
    )
    suggests_opening = forms.BooleanField(label="我建议把这类信息改为主动公开，让大家都能看到（条例第四十四条）", required=False)
    consent = forms.BooleanField(
        label="我已阅读个人信息处理告知，同意为办理本申请处理我的个人信息，包括身份证件号码和图片",
        error_messages=_needed("请阅读个人信息处理告知并勾选同意"),
    )
    website = forms.CharField(
        required=False, label="网址（请留空）", widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"})
    )

    def __init__(self, data: Any = None, files: Any = None, *, dropped: Any = (), **kwargs: Any) -> None:
        super().__init__(data, files, **kwargs)
        self.dropped = list(dropped)
        for name in ("identity_files", "files"):
            self.fields[name].help_text = FILES_HELP.format(mb=settings.UPLOAD_MB)
        for name, hint in AUTOCOMPLETE.items():
            self.fields[name].widget.attrs["autocomplete"] = hint
        self.fields["phone"].widget.input_type = "tel"
        self.fields["phone"].help_text = "电话、邮箱、地址至少填一项。"
        self.fields["contact"].help_text = "单位申请的必填。"

    def clean_website(self) -> str:
        if self.cleaned_data["website"]:
            raise forms.ValidationError("“网址”一栏要留空，请清空后再提交")
        return ""

    def _files(self, name: str) -> list[Any]:
        """The good ones; each bad one has its sentence at its field."""
        good = []
        for file in self.cleaned_data.get(name) or []:
            if reasons := file_reasons([file]):
                self.add_error(name, reasons)
            else:
                good.append(file)
        self.cleaned_data[name] = good
        return good

    def clean_identity_files(self) -> list[Any]:
        return self._files("identity_files")

    def clean_files(self) -> list[Any]:
        return self._files("files")

    def add_error(self, field: str | None, error: Any) -> None:
        """Keeps the files that were good: one bad file does not lose the others."""
        good = self.cleaned_data.get(field) if field in ("identity_files", "files") else None
        super().add_error(field, error)
        if good is not None and field is not None:
            self.cleaned_data[field] = good

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for name in self.dropped:
            self.add_error(None, f"“{name}”超过 {settings.UPLOAD_MB} MB，没有收下；请压缩或者拆开后再传")
        if data.get("kind", Kind.NATURAL) != Kind.NATURAL and is_credit_code(data.get("identity_number", "").strip().upper()):
            data["identity_kind"] = Identity.CREDIT_CODE  # what was typed says it plainer than the choice
        return data

    def told(self) -> dict[str, Any]:
        return {
            name: value for name, value in self.cleaned_data.items() if name not in ("key", "consent", "website", "files", "identity_files")
        }

    def refuse(self, sentences: Any) -> None:
        """Each sentence at its field; a field where something was wrong before has one already."""
        before = set(self.errors)
        for sentence in sentences:
            name = next((field for words, field in FIELDS if words in sentence), None)
            if name is None or name not in before:
                self.add_error(name, sentence)


AUTOCOMPLETE: Mapping[str, str] = {
    "name": "name",
    "phone": "tel",
    "email": "email",
    "address": "street-address",
    "postcode": "postal-code",
    "identity_number": "off",
}


class LookupForm(forms.Form):
    number = Words(label="申请编号", most=80, error_messages=_needed("请填写申请编号"))
    code = Words(label="查询码", most=40, error_messages=_needed("请填写查询码"), help_text="提交申请后显示的 8 位字母和数字，不分大小写。")
    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs.update({"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"})

    def clean_number(self) -> str:
        return re.sub(r"\s", "", self.cleaned_data["number"])


class ClarifyForm(KeyForm):
    use_required_attribute = False
    words = Words(
        label="补正内容", most=clarifying.LONGEST, required=False, widget=_area(6), help_text="写在这里，或者上传材料，至少一项。"
    )
    files = FilesField(label="补正材料", required=False)  # type: ignore[assignment]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["files"].help_text = FILES_HELP.format(mb=settings.UPLOAD_MB)


class ReasonsForm(KeyForm):
    use_required_attribute = False
    words = Words(label="申请较多的理由", most=frequency.LONGEST, widget=_area(4), error_messages=_needed("请写明申请较多的理由"))


class WithdrawForm(KeyForm):
    use_required_attribute = False
    reason = Words(label="撤回的原因", most=300, required=False, widget=_area(2))
    sure = forms.BooleanField(label="我确定撤回；撤回后这件申请不再办理，要信息需要重新申请", error_messages=_needed("请勾选确定撤回"))


class RateForm(KeyForm):
    use_required_attribute = False
    value = forms.TypedChoiceField(
        label="满意程度",
        coerce=int,
        choices=[(5, "很满意"), (4, "满意"), (3, "一般"), (2, "不满意"), (1, "很不满意")],
        widget=forms.RadioSelect,
        error_messages=_needed("请选择满意程度"),
    )
    words = Words(label="想说的话", most=1000, required=False, widget=_area(3))
