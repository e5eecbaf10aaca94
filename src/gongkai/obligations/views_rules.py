"""The rules of law: which there are, which are in use here, and switching them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from gongkai.agencies.access import scope_of
from gongkai.agencies.actor import actor_of
from gongkai.agencies.auth import staff_required
from gongkai.agencies.errors import ActionRefused, NotAllowed
from gongkai.agencies.models import Agency, Jurisdiction
from gongkai.clocks.periods import CADENCES
from gongkai.obligations import switching
from gongkai.obligations.facts import vocabulary
from gongkai.obligations.forms_rules import RuleFilter, SwitchOffForm, SwitchOnForm
from gongkai.obligations.models import RuleSwitch
from gongkai.obligations.statutes import (
    CERTAINTY,
    CHECKS,
    SETTINGS,
    TOLD,
    Rule,
    areas_of,
    current,
    owner_words,
    rules,
    trigger_words,
    versions,
)

VERBS = ("switch_on", "switch_off")


@dataclass(frozen=True)
class Row:
    """One rule as the pages show it, in one place."""

    rule: Rule
    switch: RuleSwitch | None
    state: str

    @property
    def words(self) -> tuple[str, str, str]:
        return switching.STATES[self.state]

    @property
    def proof(self) -> str:
        records = vocabulary().records
        return "、".join(records[kind] for kind in self.rule.proof.get("kinds", ()))

    @property
    def checks(self) -> str:
        return "、".join(CHECKS[check] for check in self.rule.proof.get("checks", ()))

    @property
    def certainty(self) -> str:
        return CERTAINTY[self.rule.certainty]

    @property
    def trigger(self) -> str:
        return trigger_words(self.rule)

    @property
    def helpers(self) -> str:
        return "、".join(owner_words(owner) for owner in self.rule.helpers)

    @property
    def told(self) -> str:
        return "、".join(TOLD[one] for one in self.rule.told)

    @property
    def quota(self) -> str:
        return f"每期不少于 {self.rule.quota[1]} {self.rule.quota[2]}" if self.rule.quota else ""

    @property
    def own_values(self) -> list[str]:
        """What the place set for itself, in words."""
        values = self.switch.values if self.switch and self.switch.on else {}
        return [f"{SETTINGS[key]} {'、'.join(value) if key == 'agencies' else CADENCES.get(value, value)}" for key, value in values.items()]


def _places(user: Any) -> list[Jurisdiction]:
    """The places of one's own agencies. One query."""
    return list(Jurisdiction.objects.filter(agencies__in=scope_of(user).agency_ids).distinct())


def _place(request: HttpRequest) -> tuple[Jurisdiction, list[Jurisdiction]]:
    """The place asked for, or the first of one's own. Http404 for any other."""
    places = _places(request.user)
    asked = request.POST.get("place") or request.GET.get("place") or ""
    if not asked:
        return places[0], places
    for place in places:
        if str(place.pk) == asked:
            return place, places
    raise Http404("没有这个行政区划，或者不在您的范围内")


def _row(rule: Rule, switches: dict[str, RuleSwitch]) -> Row:
    switch = switches.get(rule.id)
    return Row(rule, switch, switching.state_of(rule, switch, timezone.localdate()))


def _switches(place: Jurisdiction, *ids: str) -> dict[str, RuleSwitch]:
    rows = RuleSwitch.objects.filter(jurisdiction=place).select_related("decided_by")
    return {row.rule: row for row in (rows.filter(rule__in=ids) if ids else rows)}


def _matches(row: Row, chosen: dict[str, str]) -> bool:
    text = row.rule.name + row.rule.text + row.rule.article
    return (
        chosen.get("area", row.rule.area) == row.rule.area
        and chosen.get("state", row.state) == row.state
        and chosen.get("certainty", row.rule.certainty) == row.rule.certainty
        and all(word in text for word in chosen.get("q", "").split())
    )


@staff_required
@require_GET
def rule_list(request: HttpRequest) -> HttpResponse:
    place, places = _place(request)
    in_force = rules(timezone.localdate())
    form = RuleFilter(request.GET, in_force)
    chosen = form.chosen()
    switches = _switches(place)
    every = [_row(rule, switches) for rule in in_force]
    shown = [row for row in every if _matches(row, chosen)]
    query = request.GET.copy()
    figures = []
    for state, (word, *_rest) in switching.STATES.items():
        if n := sum(row.state == state for row in every):
            query["state"] = state
            figures.append({"label": word, "n": n, "url": f"?{query.urlencode()}", "current": chosen.get("state") == state})
    context = {
        "place": place,
        "places": places,
        "form": form,
        "filtered": bool(chosen),
        "figures": figures,
        "n": len(shown),
        "areas": [(area, [row for row in shown if row.rule.area == area]) for area in areas_of(row.rule for row in shown)],
    }
    return render(request, "obligations/rules.html", context)


def _page(
    request: HttpRequest, rule_id: str, bound: tuple[str, forms.Form] | None = None, reasons: list[str] | None = None, status: int = 200
) -> HttpResponse:
    today = timezone.localdate()
    rule = current(rule_id, today)
    if rule is None:
        raise Http404("没有这条规则")
    place, places = _place(request)
    row = _row(rule, _switches(place, rule_id))
    actor = actor_of(request)
    verbs = []
    for verb in VERBS:
        if verb == "switch_on" and row.state == "on" and not rule.settings:
            continue
        refused = switching.failure_reasons(verb, rule, place, actor, row.switch)
        form = None if refused else bound[1] if bound and bound[0] == verb else _form(verb, rule, place, row.switch)
        label = "修改参数" if verb == "switch_on" and row.state == "on" else switching.LABELS[verb]
        mine = bound is not None and bound[0] == verb
        verbs.append({"name": verb, "label": label, "refused": refused, "form": form, "reasons": reasons if mine else None, "open": mine})
    context = {"row": row, "rule": rule, "place": place, "places": places, "verbs": verbs, "versions": versions(rule_id), "today": today}
    return render(request, "obligations/rule.html", context, status=status)


def _form(verb: str, rule: Rule, place: Jurisdiction, switch: RuleSwitch | None, data: Any = None) -> forms.Form:
    if verb == "switch_off":
        return SwitchOffForm(data)
    agencies = Agency.objects.none()
    if "agencies" in rule.settings:
        agencies = Agency.objects.filter(jurisdiction=place, valid_to__isnull=True).order_by("code")
    kept = {"since": switch.since, **switch.values} if switch is not None and switch.on else {}
    return SwitchOnForm(data, rule, kept, agencies)


@staff_required
@require_GET
def detail(request: HttpRequest, rule: str) -> HttpResponse:
    return _page(request, rule)


@staff_required
@require_POST
def verb(request: HttpRequest, rule: str, verb: str) -> HttpResponse:
    """Switching; a mistake or a refusal brings the page back with everything typed."""
    found = current(rule, timezone.localdate())
    if found is None or verb not in VERBS:
        raise Http404("没有这条规则或者这个操作")
    place, _places_there = _place(request)
    actor = actor_of(request)
    if reason := switching.role_reason(verb, place, actor):
        raise NotAllowed(reason)
    form = _form(verb, found, place, None, request.POST)
    if not form.is_valid():
        return _page(request, rule, (verb, form), status=422)
    try:
        if isinstance(form, SwitchOnForm):
            switching.switch_on(rule, place, actor, since=form.cleaned_data["since"], values=form.values())
        else:
            switching.switch_off(rule, place, actor, reason=form.cleaned_data["reason"])
    except ActionRefused as error:
        return _page(request, rule, (verb, form), error.reasons, status=409)
    messages.success(request, "已启用，参数已保存。" if verb == "switch_on" else "已停用，理由记入记录。")
    return redirect(f"{reverse('rules:detail', args=[rule])}?place={place.pk}")
