"""答复: what waits for me, drafting, and one reply with its reviews, its verbs and what stands in the way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gongkai.agencies.access import scope_of
from gongkai.agencies.actor import actor_of
from gongkai.agencies.auth import staff_required
from gongkai.agencies.models import Jurisdiction
from gongkai.deeds.pages import attempt, back, status_of
from gongkai.disclosure_requests import access
from gongkai.disclosure_requests.actions import replying, serving
from gongkai.disclosure_requests.letters import content
from gongkai.disclosure_requests.letters.wording import wording
from gongkai.disclosure_requests.models import DisclosureRequest, Reply, ReplyReview
from gongkai.disclosure_requests.replying import choosing, page, queries
from gongkai.disclosure_requests.replying.access import access_reply
from gongkai.disclosure_requests.replying.choosing import Choice
from gongkai.disclosure_requests.replying.forms import VERBS, DraftForm, ReviewForm, draft_initial
from gongkai.obligations.forms import KeyForm
from gongkai.publications.public.comparing import Comparison, lines

DONE = {
    "propose": "已送审。",
    "recall": "已收回，可以继续修改。",
    "sign": "已签发，文号已经编好。",
    "send": "已发出，这件申请已经办结。",
    "send_again": "已重新发出。",
}
CONFLICT = "别人刚刚保存过这份答复。您写的都还在下面，请对照以后再保存；再次保存以您的为准。"


@staff_required
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    found = queries.queues(request.user)
    figures = [{"label": queue.title, "n": queue.total, "url": f"#{queue.key}"} for queue in found]
    context = {"queues": found, "figures": figures, "places": _places(request.user)}
    return render(request, "disclosure_requests/replying/home.html", context)


def _places(user: Any) -> list[Jurisdiction]:
    """Whose letters this person drafts or approves."""
    scope = scope_of(user)
    mine = scope.office_ids | scope.competent_head_ids
    return list(Jurisdiction.objects.filter(pk__in=mine)) if mine else []


@dataclass(slots=True)
class Desk:
    """What the form was told: its choice, the text it would generate, what it differs from."""

    case: DisclosureRequest
    reply: Reply | None
    choice: Choice


@staff_required
@require_http_methods(["GET", "HEAD", "POST"])
def draft(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose the outcome, then fill in what it asks. Only handlers: the page shows what the applicant wrote."""
    case = access.access_case(request.user, pk)
    access.look(request.user, case, "拟写答复")
    reply = replying.current(case)
    choice = _choice(request, reply)
    if reasons := replying.draft_reasons(case):
        return render(request, "disclosure_requests/replying/not_now.html", {"row": case, "reply": reply, "reasons": reasons}, status=409)
    if choice is None:
        hints = choosing.suggestions(case.description)
        context = {"row": case, "reply": reply, "groups": choosing.groups(), "hints": hints, "like": queries.like(case, request.user)}
        return render(request, "disclosure_requests/replying/choose.html", context)
    desk = Desk(case, reply, choice)
    if request.method != "POST":
        form = DraftForm(choice=choice, initial=draft_initial(reply, choice))
        return _desk(request, desk, form)
    form = DraftForm(request.POST, choice=choice)
    do = request.POST.get("do", "save")
    if do in ("generate", "take"):
        return _generated(request, desk, form, take=do == "take")
    return _save(request, desk, form)


def _choice(request: HttpRequest, reply: Reply | None) -> Choice | None:
    letter = request.POST.get("letter") or request.GET.get("letter", "")
    if letter:
        found = choosing.choices().get(letter)
        if found is None:
            raise Http404("没有这种处理结果")
        return found
    if reply is None or "choose" in request.GET:
        return None
    return choosing.choice_of(reply.outcome, reply.situation)


def _desk(request: HttpRequest, desk: Desk, form: DraftForm, status: int = 200, **more: Any) -> HttpResponse:
    context = {
        "row": desk.case,
        "reply": desk.reply,
        "choice": desk.choice,
        "form": form,
        "warnings": choosing.warnings(desk.choice),
        "state_reasons": replying.state_reasons(desk.case, desk.choice.outcome),
        "like": queries.like(desk.case, request.user),
        **more,
    }
    return render(request, "disclosure_requests/replying/draft.html", context, status=status)


def _proposed(desk: Desk, form: DraftForm) -> str:
    """The template's words with what the form has been told, saved or not."""
    reply = Reply(request=desk.case, outcome=desk.choice.outcome.code, situation=desk.choice.situation)
    reply.answers, reply.grounds = form.answers(), form.grounds()
    if desk.reply is not None:
        reply.pk = desk.reply.pk
    return content.proposed_text(desk.case, reply, timezone.localdate())[0]


def _generated(request: HttpRequest, desk: Desk, form: DraftForm, *, take: bool) -> HttpResponse:
    """正文 by the template. What a person changed stays until they say that it goes."""
    form.is_valid()
    fresh = _proposed(desk, form)
    data = request.POST.copy()
    mine, made = data.get("text", ""), data.get("made", "")
    if take or not mine.strip() or _same(mine, made) or _same(mine, fresh):
        data["text"] = data["made"] = fresh
        if _same(mine, fresh):
            messages.info(request, "正文已经是模板生成的内容。")
        return _desk(request, desk, _shown(data, desk.choice))
    comparison = Comparison([], lines(mine, fresh), [])
    return _desk(request, desk, _shown(data, desk.choice), fresh=fresh, comparison=comparison)


def _shown(data: Any, choice: Choice) -> DraftForm:
    """The same form again with nothing lost and nothing complained of: it was not saved."""
    names = [name for name in data if name not in ("csrfmiddlewaretoken", "do", "letter")]
    return DraftForm(choice=choice, initial={name: data.getlist(name) if name == "grounds" else data[name] for name in names})


def _same(one: str, other: str) -> bool:
    return one.split() == other.split()


def _save(request: HttpRequest, desk: Desk, form: DraftForm) -> HttpResponse:
    choice, held = desk.choice, desk.reply
    if form.is_valid() and held is not None and held.version != form.cleaned_data["version"] and not _is_again(form, held):
        comparison = Comparison([], lines(held.text, form.cleaned_data["text"]), [])
        data = request.POST.copy()
        data["version"] = str(held.version)
        messages.error(request, CONFLICT)
        return _desk(request, desk, _shown(data, choice), 409, conflict=held, comparison=comparison)

    def deed() -> Reply:
        words = wording(choice.letter, desk.case.jurisdiction, timezone.localdate())
        return replying.draft(
            desk.case,
            actor_of(request),
            key=str(form.cleaned_data["key"]),
            outcome=choice.outcome.code,
            situation=choice.situation,
            text=form.cleaned_data["text"],
            answers=form.answers(),
            grounds=form.grounds(),
            version=form.cleaned_data["version"],
            template=words.template,
            template_version=words.version,
        )

    made = attempt(request, form, deed, "答复已保存。")
    if made is None:
        return _desk(request, desk, form, status_of(form))
    return back("request_cases:reply", made.pk)


def _is_again(form: DraftForm, held: Reply) -> bool:
    """The same form sent twice: its key has been used, and the action answers with what it made."""
    return replying.Deed.objects.filter(key=str(form.cleaned_data["key"]), subject_id=held.pk).exists()


@staff_required
@require_GET
def reply(request: HttpRequest, pk: int) -> HttpResponse:
    return page.show(request, access_reply(request.user, pk))


@staff_required
@require_POST
def verb(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    row = access_reply(request.user, pk)
    if verb not in VERBS:
        raise Http404("没有这个操作")
    form: KeyForm = VERBS[verb](request.POST, auto_id=f"{verb}_%s")
    module = serving if verb in ("send", "send_again") else replying
    action = serving.send_reply if verb == "send" else getattr(module, verb)

    def deed() -> Any:
        return action(row, actor_of(request), key=str(form.cleaned_data["key"]), **form.arguments())

    if attempt(request, form, deed, DONE[verb]) is not None:
        return back("request_cases:reply", pk)
    return page.show(request, access_reply(request.user, pk), (verb, form), status_of(form))


@staff_required
@require_POST
def review(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    row = access_reply(request.user, pk)
    if step not in replying.STEP_ROLES:
        raise Http404("没有这一审核步骤")
    form = ReviewForm(request.POST, reply=row, step=step, auto_id=f"{step}_%s")

    def deed() -> ReplyReview:
        return replying.review(row, actor_of(request), key=str(form.cleaned_data["key"]), step=step, **form.arguments())

    if attempt(request, form, deed, f"{ReplyReview.Step(step).label}的结论已经记下。") is not None:
        return back("request_cases:reply", pk)
    return page.show(request, access_reply(request.user, pk), (f"review-{step}", form), status_of(form))


@staff_required
@require_POST
def clear(request: HttpRequest, pk: int) -> HttpResponse:
    row = access_reply(request.user, pk)
    form = page.clear_form(row, request.POST)

    def deed() -> Reply:
        return replying.clear(row, actor_of(request), key=str(form.cleaned_data["key"]), **form.arguments())

    if attempt(request, form, deed, "认定已经记下。") is not None:
        return back("request_cases:reply", pk, at="screening")
    return page.show(request, access_reply(request.user, pk), ("clear", form), status_of(form))
