"""机构改革: looked at first, then confirmed; it cannot be undone."""

from __future__ import annotations

import re
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from gongkai.agencies import access, reorganising
from gongkai.agencies.actor import actor_of
from gongkai.agencies.auth import staff_required
from gongkai.agencies.belongings import belongings
from gongkai.agencies.errors import ActionRefused, NotAllowed
from gongkai.agencies.forms_keeping import ENDS, FORMS, ReorganiseForm
from gongkai.agencies.models import Agency
from gongkai.agencies.reorganising import Order, Outcome

_GIVEN = re.compile(r"give-([a-z]+)-([0-9]{1,18})")
STAYS = "stay"


def _chosen(request: HttpRequest, parts: int) -> dict[tuple[str, int], int]:
    """What the table of a division says: (kind, pk) → index of the part. A value nobody offered is left to the rest."""
    found = {}
    for name, value in request.POST.items():
        match = _GIVEN.fullmatch(name)
        if match and isinstance(value, str) and value.isascii() and value.isdigit() and int(value[:4]) < parts:
            found[match[1], int(match[2])] = int(value[:4])
    return found


def _act(kind: str, agency: Agency, data: dict[str, Any], order: Order, chosen: dict[tuple[str, int], int]) -> Outcome:
    if kind == "merge":
        return reorganising.merge_agencies([agency, *data["others"]], data["into"], order, staff=data["staff"])
    if kind == "abolish":
        return reorganising.abolish_agency(agency, data["into"], order, staff=data["staff"])
    if kind == "section":
        return reorganising.move_section(data["section"], data["into"], order, staff=data["staff"])
    if kind == "rename":
        return reorganising.rename(agency, data["name"], data["short_name"], order)
    return reorganising.split_agency(agency, data["parts"], order, chosen=chosen, main=0 if data["rest"] == ENDS else None)


@staff_required
@require_http_methods(["GET", "HEAD", "POST"])
def reorganise(request: HttpRequest, pk: int) -> HttpResponse:
    """`kind` chooses the form; POST shows what will happen, and with `confirm` and the tick does it, if it is still what was shown."""
    agency = access.access_agency(request.user, pk)
    if not access.scope_of(request.user).is_office_of(agency.jurisdiction_id):
        raise NotAllowed("机构改革由本地区政务公开主管部门办理")
    reasons = reorganising.failure_reasons(agency, request.user)
    kind = request.POST.get("kind", "") or request.GET.get("kind", "")
    context: dict[str, Any] = {"agency": agency, "kinds": [(name, word, says) for name, (_f, word, says) in FORMS.items()]}
    if reasons or not kind:
        return render(request, "agencies/reorganise.html", {**context, "reasons": reasons}, status=409 if reasons else 200)
    if kind not in FORMS:
        raise Http404("没有这种机构改革")
    form_class, word, says = FORMS[kind]
    context |= {"kind": kind, "word": word, "says": says}
    if request.method != "POST":
        initial = {"short_name": agency.short_name, "name": agency.name} if kind == "rename" else {}
        return render(request, "agencies/reorganise.html", {**context, "form": form_class(agency=agency, initial=initial)})
    form = form_class(request.POST, agency=agency)
    if not form.is_valid():
        return render(request, "agencies/reorganise.html", {**context, "form": form}, status=422)
    return _preview_or_do(request, agency, form, context)


def _preview_or_do(request: HttpRequest, agency: Agency, form: ReorganiseForm, context: dict[str, Any]) -> HttpResponse:
    kind, data, actor = context["kind"], form.cleaned_data, actor_of(request)
    chosen = _chosen(request, len(data["parts"])) if kind == "split" else {}

    def order(dry_run: bool, expected: str = "") -> Order:
        return Order(actor, str(data["key"]), data["on"], data["basis"], dry_run, expected)

    confirming, sure = bool(request.POST.get("confirm")), bool(request.POST.get("sure"))
    problem, status = "", 200
    try:
        if confirming and sure:
            try:
                done = _act(kind, agency, data, order(False, data["expected"] or "-"), chosen)
            except ActionRefused as error:
                problem, status = str(error), 409
            else:
                messages.success(request, f"{done.names}：{done.sentence}。")
                return redirect(reverse("agencies:detail", args=[done.agencies[0].pk if done.agencies else agency.pk]))
        elif confirming:
            problem, status = "请先勾选“我看过了，确认办理”", 422
        seen = _act(kind, agency, data, order(True), chosen)
    except (ActionRefused, NotAllowed) as error:
        for reason in getattr(error, "reasons", [str(error)]):
            form.add_error(None, reason)
        return render(request, "agencies/reorganise.html", {**context, "form": form}, status=409)
    kept = [(name, value) for name, values in request.POST.lists() for value in values if _is_kept(name)]
    context |= {"seen": seen, "problem": problem, "kept": kept, "data": data}
    if kind == "split":
        names = [str(part.name) for part in data["parts"]]
        rest = "0" if data["rest"] == ENDS else STAYS
        context["parts"] = [(str(n), name) for n, name in enumerate(names)] + ([] if rest == "0" else [(STAYS, f"留在{agency.name}")])
        context["things"] = [
            (title, [(thing, str(chosen.get((thing.kind, thing.pk), rest))) for thing in things]) for title, things in belongings(agency)
        ]
    return render(request, "agencies/reorganise_preview.html", context, status=status)


def _is_kept(name: str) -> bool:
    return name not in ("csrfmiddlewaretoken", "expected", "confirm", "sure") and not _GIVEN.fullmatch(name)
