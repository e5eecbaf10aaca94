"""The verbs of the page of a case as data: the form each asks for, why it cannot be pressed yet, what it runs and what is said then."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from gongkai.agencies.errors import ActionRefused
from gongkai.clocks.limits import limit
from gongkai.disclosure_requests import access
from gongkai.disclosure_requests.actions import (
    assigning,
    charging,
    clarifying,
    consulting,
    extending,
    filing,
    frequency,
    intake,
    serving,
    sorting,
)
from gongkai.disclosure_requests.actions.base import no_role
from gongkai.disclosure_requests.handling import forms
from gongkai.disclosure_requests.models import (
    Assignment,
    Clarification,
    Consultation,
    DisclosureRequest,
    Extension,
    FeeNotice,
    FrequencyCheck,
    Service,
)

Run = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Spec:
    """`on`: the record of the case it is pressed on, None for the case itself. `reasons` is given that record. `run` is the action."""

    label: str
    form: type[forms.CaseForm]
    reasons: Callable[[Any], list[str]]
    run: Run
    done: str
    anchor: str
    on: type[Any] | None = None
    role: Callable[[Any, DisclosureRequest], str] = no_role
    words: str = ""
    danger: bool = False

    @property
    def is_plain(self) -> bool:
        return self.form is forms.PlainForm

    @property
    def said(self) -> str:
        """`words` with the days of the limits that hold today."""
        today = timezone.localdate()
        return self.words.format(clarify=limit("clarify", today).n, longer=limit("reply", today).cap)


def _match(case: DisclosureRequest, actor: Any, *, key: str, number: str) -> Any:
    other = access.requests_for(actor).filter(agency=case.agency_id, number=number.strip()).first()
    if other is None:
        raise ActionRefused(f"本机关没有编号为“{number.strip()[:80]}”的申请，请核对")
    return sorting.match(case, actor, key=key, other=other)


def _withdraw_reasons(case: DisclosureRequest) -> list[str]:
    return intake.open_reasons(case)


def _opinion(row: Consultation, actor: Any, **given: Any) -> Any:
    return consulting.respond(row, actor, **given)


def _refuse_reasons(row: Extension) -> list[str]:
    return extending.approve_reasons(row)[:1] if row.approved_at else intake.open_reasons(row.request)


VERBS: dict[str, Spec] = {
    "times": Spec(
        "补记时间",
        forms.TimesForm,
        intake.times_reasons,
        intake.complete_times,
        "时间已经记下。",
        "receipt",
        words="平常信函、传真、网上和邮件申请以双方确认之日为收到之日，挂号信以签收之日为收到之日（条例第三十一条）。",
    ),
    "confirm": Spec("确认收到", forms.ConfirmForm, filing.confirm_reasons, filing.confirm, "双方已经确认，期限开始计算。", "receipt"),
    "register": Spec("登记", forms.RegisterForm, filing.register_reasons, filing.register, "已登记。", "receipt"),
    "amend": Spec("更正登记", forms.AmendForm, intake.amend_reasons, intake.amend, "登记已经更正，改动记入记录。", "receipt"),
    "accept": Spec("签收", forms.PlainForm, filing.accept_reasons, filing.accept, "已签收。", "receipt"),
    "withdraw": Spec(
        "申请人撤回",
        forms.ReasonForm,
        _withdraw_reasons,
        filing.withdraw,
        "已按申请人撤回办结。",
        "receipt",
        words="写明申请人怎样提出撤回。撤回以后不再办理，年报里计入其他处理。",
        danger=True,
    ),
    "assign": Spec("交办", forms.AssignForm, assigning.assign_reasons, assigning.assign, "已交办。", "assignments"),
    "answer": Spec("承办回复", forms.AnswerForm, assigning.answer_reasons, assigning.answer, "已回复。", "assignments", Assignment),
    "take_back": Spec("收回", forms.ReasonForm, assigning.answer_reasons, assigning.take_back, "已收回。", "assignments", Assignment),
    "transfer": Spec(
        "转办",
        forms.TransferForm,
        assigning.transfer_reasons,
        assigning.transfer,
        "已转办，本机关不再办理。",
        "assignments",
        words="转出以后本机关不再看到这件申请。不属于本地区机关的，答复申请人并告知有权机关。",
        danger=True,
    ),
    "clarify": Spec(
        "告知补正",
        forms.ClarifyForm,
        clarifying.ask_reasons,
        clarifying.ask,
        "补正告知书已经发出，期限中止。",
        "clarification",
        words="自收到申请之日起 {clarify} 个工作日内一次性告知（条例第三十条）；收到补正的次日起重新计算答复期限。",
    ),
    "clarified": Spec(
        "收到补正",
        forms.ClarifiedForm,
        clarifying.answer_reasons,
        clarifying.answer,
        "补正已登记，期限重新计算。",
        "clarification",
        Clarification,
    ),
    "lapse": Spec(
        "视为放弃",
        forms.NoteForm,
        clarifying.lapse_reasons,
        clarifying.lapse,
        "已认定逾期不补正，请拟写告知。",
        "clarification",
        Clarification,
        danger=True,
    ),
    "consult": Spec(
        "征求意见",
        forms.ConsultForm,
        consulting.ask_reasons,
        consulting.ask,
        "征求意见书已登记，期限中止。",
        "consultations",
        words="第三方逾期不提出的由本机关决定（第三十二条）；共同制作机关逾期视为同意（第三十四条）。征求意见的时间不计算在答复期限内（第三十三条）。",
    ),
    "consulted": Spec(
        "对方收到", forms.ReachedForm, consulting.served_reasons, consulting.served, "收到日期已登记。", "consultations", Consultation
    ),
    "opinion": Spec("登记意见", forms.OpinionForm, consulting.respond_reasons, _opinion, "意见已登记。", "consultations", Consultation),
    "override": Spec(
        "决定公开",
        forms.OverrideForm,
        consulting.override_reasons,
        consulting.override,
        "已决定公开并登记告知第三方。",
        "consultations",
        Consultation,
        words="不公开可能对公共利益造成重大影响的，可以公开，并把决定公开的内容和理由书面告知第三方（第三十二条）。",
        danger=True,
    ),
    "extend": Spec(
        "提出延期",
        forms.ExtendForm,
        extending.ask_reasons,
        extending.ask,
        "已提出，等负责人批准。",
        "extension",
        words="经政府信息公开工作机构负责人同意并告知申请人，最长不超过 {longer} 个工作日，只有一次（第三十三条）。",
    ),
    "extend_approve": Spec(
        "同意延期",
        forms.PlainForm,
        extending.approve_reasons,
        extending.approve,
        "已同意，延期答复告知书已经发出。",
        "extension",
        Extension,
        extending.approve_role,
    ),
    "extend_refuse": Spec(
        "不同意", forms.ReasonForm, _refuse_reasons, extending.refuse, "已退回，期限不变。", "extension", Extension, extending.approve_role
    ),
    "charge": Spec(
        "发收费通知",
        forms.ChargeForm,
        charging.charge_reasons,
        charging.charge,
        "收费通知已经发出，期限中止。",
        "fee",
        words="申请的数量、频次明显超过合理范围的，可以按件或者按量收取信息处理费（第四十二条；国办函〔2020〕109号）。缴费的次日起重新计算答复期限。",
    ),
    "fee_served": Spec(
        "申请人收到",
        forms.ReachedForm,
        lambda row: ["已经登记收到日期"] if row.served_on else [],
        charging.served,
        "收到日期已登记。",
        "fee",
        FeeNotice,
    ),
    "fee_paid": Spec("登记缴费", forms.PaidForm, charging.pay_reasons, charging.paid, "缴费已登记，期限重新计算。", "fee", FeeNotice),
    "fee_lapse": Spec(
        "逾期未缴", forms.PlainForm, charging.lapse_reasons, charging.lapse, "已认定逾期未缴费，请拟写告知。", "fee", FeeNotice, danger=True
    ),
    "ask_reasons": Spec(
        "要求说明理由",
        forms.FrequencyForm,
        frequency.ask_reasons,
        frequency.ask,
        "说明理由通知书已经发出。",
        "frequency",
        words="数量、频次明显超过合理范围的，可以要求申请人说明理由（第三十五条）。期限照常计算。",
    ),
    "judge": Spec("认定理由", forms.JudgeForm, frequency.judge_reasons, frequency.judge, "认定已记下。", "frequency", FrequencyCheck),
    "split": Spec(
        "拆分",
        forms.SplitForm,
        sorting.split_reasons,
        sorting.split,
        "已拆分，各件都在列表里。",
        "alike",
        words="一事一申请，按最小合理单位拆分。",
    ),
    "match": Spec("认定相同", forms.MatchForm, sorting.match_reasons, _match, "已认定相同。", "alike"),
    "attach": Spec("加入文件", forms.AttachForm, intake.open_reasons, intake.attach, "文件已加入案卷。", "files"),
    "served": Spec("登记送达", forms.ServedForm, serving.served_reasons, serving.served, "送达已登记。", "letters", Service),
    "not_served": Spec(
        "没有送达", forms.ReasonForm, serving.served_reasons, serving.not_served, "已登记没有送达，请另行发出。", "letters", Service
    ),
    "resend": Spec("再次发出", forms.ResendForm, serving.resend_reasons, serving.resend, "已再次发出，等候送达。", "letters", Service),
}
