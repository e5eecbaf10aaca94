"""The page of one reply: the letter as it would go out, its files, what screening found, what changed, reviews, and what may be done."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from gongkai.agencies.actor import actor_of
from gongkai.disclosure_requests import access
from gongkai.disclosure_requests.actions import replying, serving
from gongkai.disclosure_requests.actions.base import no_role
from gongkai.disclosure_requests.letters import content
from gongkai.disclosure_requests.letters.wording import NEED_WORDS
from gongkai.disclosure_requests.models import CaseFile, DisclosureRequest, Reply, ReplyReview
from gongkai.disclosure_requests.replying import choosing, gate
from gongkai.disclosure_requests.replying.forms import (
    SERVICE_VERBS,
    VERBS,
    AttachForm,
    ClearForm,
    PlainForm,
    ReviewForm,
)
from gongkai.formats.annual_report.outcomes import outcomes
from gongkai.obligations.forms import KeyForm
from gongkai.publications.public.comparing import Comparison, lines

Step, Conclusion = ReplyReview.Step, ReplyReview.Conclusion
LABELS = {"propose": "送审", "recall": "收回", "sign": "签发", "send": "发出", "send_again": "重新发出"}
SERVICE_LABELS = {"served": "登记送达", "not_served": "登记没有送达"}
BASES = {
    Step.SECRECY: "保密法第二十五条；条例第十七条",
    Step.CONTENT: "条例第三十六条",
    Step.SECOND: "条例第十三条至第十六条",
}
Bound = tuple[str, KeyForm] | None


def show(request: HttpRequest, row: Reply, bound: Bound = None, status: int = 200) -> HttpResponse:
    actor = actor_of(request)
    case = row.request
    handles = access.handles(actor, case)
    if handles:
        access.look(actor, case, "答复文书")
    found = gate.found(row)
    context = {
        "row": row,
        "case": case,
        "outcome": outcomes()[row.outcome],
        "choice": choosing.choice_of(row.outcome, row.situation),
        "letter": content.of_reply(row, named=handles),
        "answers": [(NEED_WORDS[need], row.answers.get(need, "")) for need in replying.asked_of(outcomes()[row.outcome], row.situation)],
        "handles": handles,
        "may_write": not no_role(actor, case) and not replying.draft_reasons(case) and row.replaced_at is None,
        "files": _files(row, actor),
        "sources": _sources(row),
        "attach": bound[1] if bound and bound[0] == "attach" else AttachForm(auto_id="attach_%s"),
        "plain": PlainForm(auto_id="plain_%s"),
        "steps": _steps(row, actor),
        "reviews": _reviews(row, actor, bound),
        "verbs": _verbs(row, actor, bound),
        "findings": found,
        "clear": _clear(row, actor, found, bound),
        "comparison": comparison(row),
        "services": _services(row, actor, bound),
        "history": row.reviews.select_related("reviewer").order_by("-at", "-pk"),
    }
    return render(request, "disclosure_requests/replying/reply.html", context, status=status)


def _files(row: Reply, actor: Any) -> list[dict[str, Any]]:
    return [
        {"file": file, "waiting": file.made_at is None and not file.failed, "form": PlainForm(auto_id=f"file{file.pk}_%s")}
        for file in row.files.select_related("source")
    ]


def _sources(row: Reply) -> list[CaseFile]:
    """What was found and is not given yet."""
    given = row.files.values("source")
    return list(CaseFile.objects.filter(request=row.request, kind=CaseFile.Kind.FOUND, removed_at__isnull=True).exclude(pk__in=given))


def _steps(row: Reply, actor: Any) -> list[dict[str, Any]]:
    done = replying.passed(row)
    found = []
    for step in replying.steps_of(row):
        first = step != Step.SECOND or Step.CONTENT in done
        turn = row.proposed_at is not None and row.signed_at is None and step not in done and first
        found.append({"label": Step(step).label, "review": done.get(step), "turn": turn})
    return found


def _reviews(row: Reply, actor: Any, bound: Bound) -> list[dict[str, Any]]:
    """A form for each step that is this person's; what stands in the way in its place."""
    if row.proposed_at is None or row.signed_at is not None or row.replaced_at is not None:
        return []
    found, done = [], replying.passed(row)
    for step in replying.steps_of(row):
        mine = bound is not None and bound[0] == f"review-{step}"
        if replying.may_review(actor, row, step) or (step in done and not mine):
            continue
        reasons = replying.review_reasons(row, step)
        if mine and bound is not None:
            form: Any = bound[1]
        else:
            form = ReviewForm(reply=row, step=step, basis=BASES[Step(step)], auto_id=f"{step}_%s")
        found.append({"step": step, "label": Step(step).label, "form": form, "reasons": [] if mine else reasons})
    return found


def _reasons(verb: str, row: Reply) -> list[str]:
    checks = {
        "propose": replying.propose_reasons,
        "recall": replying.recall_reasons,
        "sign": replying.sign_reasons,
        "send": serving.send_reasons,
        "send_again": serving.send_again_reasons,
    }
    return list(checks[verb](row))


def _near(verb: str, row: Reply) -> bool:
    """Whether a verb belongs to the state of the reply, so that its reasons are worth showing."""
    case = row.request
    if row.replaced_at is not None or case.withdrawn_at is not None:
        return False
    proposed, signed = row.proposed_at is not None, row.signed_at is not None
    sent = signed and row.services.exists()
    return {
        "propose": not proposed,
        "recall": proposed and not signed,
        "sign": proposed and not signed,
        "send": signed and not sent,
        "send_again": sent and row.served_on is None and not row.services.filter(failed="").exists(),
    }[verb]


def _verbs(row: Reply, actor: Any, bound: Bound) -> list[dict[str, Any]]:
    found = []
    for verb, form_class in VERBS.items():
        mine = bound is not None and bound[0] == verb
        role = replying.sign_role(actor, row) if verb == "sign" else no_role(actor, row.request)
        if not mine and (role or not _near(verb, row)):
            continue
        initial = {"route": row.request.route} if verb in ("send", "send_again") else {}
        form = bound[1] if mine and bound else form_class(auto_id=f"{verb}_%s", initial=initial)
        found.append({"verb": verb, "label": LABELS[verb], "form": form, "reasons": [] if mine else _reasons(verb, row)})
    return found


def clear_form(row: Reply, data: Any = None) -> ClearForm:
    return _clear_form([one for one in gate.found(row) if one.blocks], data)


def _clear_form(blocking: list[gate.Found], data: Any = None) -> ClearForm:
    offered = [(one.digest, f"{one.name or '正文'}：{one.where} {one.row['masked']}（{one.row['why']}）") for one in blocking]
    return ClearForm(data, offered=list(dict(offered).items()), auto_id="clear_%s")


def _clear(row: Reply, actor: Any, found: list[gate.Found], bound: Bound) -> ClearForm | KeyForm | None:
    if bound is not None and bound[0] == "clear":
        return bound[1]
    blocking = [one for one in found if one.blocks]
    if not blocking or row.signed_at is not None or replying.clear_role(actor, row):
        return None
    return _clear_form(blocking)


def comparison(row: Reply) -> Comparison | None:
    """What differs from what was proposed before; None where nothing was."""
    kept = replying.snapshots(row)
    now = replying.snapshot(row)
    earlier = next((one for one in reversed(kept) if one["version"] != now["version"]), None)
    if earlier is None:
        return None
    fields = []
    for name, label in (
        ("outcome", "处理结果"),
        ("situation", "情形"),
        ("grounds", "依据"),
        ("answers", "各项内容"),
        ("files", "提供的文件"),
    ):
        before, after = _words(name, earlier), _words(name, now)
        if before != after:
            fields.append((label, before, after))
    return Comparison(fields, lines(earlier["text"], now["text"]), [])


def _words(name: str, kept: dict[str, Any]) -> str:
    value = kept[name]
    if name == "outcome":
        return outcomes()[value].title
    if name == "answers":
        return "；".join(f"{NEED_WORDS.get(need, need)}：{words}" for need, words in value.items())
    if name == "files":
        return "；".join(f"{file}（遮盖 {areas} 处）" if areas else str(file) for file, areas in value)
    if name == "situation":
        choice = choosing.choice_of(kept["outcome"], value)
        return choice.title if choice and value else ""
    return "、".join(content.values.ground_words(one) for one in value)


def _services(row: Reply, actor: Any, bound: Bound) -> list[dict[str, Any]]:
    found = []
    may = not no_role(actor, row.request)
    for service in row.services.all():
        service.request = row.request
        reasons = serving.served_reasons(service)
        forms: list[dict[str, Any]] = []
        for verb, form_class in SERVICE_VERBS.items() if may else ():
            name = f"{verb}-{service.pk}"
            mine = bound is not None and bound[0] == name
            if mine and bound is not None:
                forms.append({"verb": verb, "label": SERVICE_LABELS[verb], "form": bound[1], "open": True})
            elif not reasons:
                forms.append({"verb": verb, "label": SERVICE_LABELS[verb], "form": form_class(auto_id=f"{name}_%s"), "open": False})
        found.append({"service": service, "forms": forms, "route": DisclosureRequest.Route(service.route).label})
    return found
