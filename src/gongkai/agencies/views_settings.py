"""The settings of a place, for those who answer for it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from gongkai.agencies.access import scope_of
from gongkai.agencies.actor import actor_of
from gongkai.agencies.auth import staff_required
from gongkai.agencies.models import Jurisdiction
from gongkai.agencies.place_settings import LONGEST, set_lights


class LightsForm(forms.Form):
    """One place; an empty field takes the system's value, which is named beside it."""

    due_soon_days = forms.IntegerField(label="黄灯：期限前几个工作日", required=False, min_value=0, max_value=LONGEST)
    escalate_days = forms.IntegerField(label="逾期几个工作日后报告上级", required=False, min_value=0, max_value=LONGEST)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["due_soon_days"].help_text = f"留空按系统设置：{settings.DUE_SOON_DAYS} 个工作日。当天到期的也是黄灯，过了期限是红灯。"
        self.fields[
            "escalate_days"
        ].help_text = f"留空按系统设置：{settings.ESCALATE_DAYS} 个工作日。到时报告责任单位负责人和本级主管部门。"


def _places(user: Any) -> list[Jurisdiction]:
    scope = scope_of(user)
    return list(Jurisdiction.objects.filter(pk__in=scope.office_ids | scope.competent_head_ids).order_by("code"))


@staff_required
@require_http_methods(["GET", "HEAD", "POST"])
def place(request: HttpRequest) -> HttpResponse:
    """The lights of the places one answers for; a post sets those of one. Http404 for everybody else."""
    places = _places(request.user)
    if not places:
        raise Http404("地区设置由政务公开主管部门维护")
    sent = next((one for one in places if request.POST.get("place") == str(one.pk)), None)
    if request.method == "POST" and sent is None:
        raise Http404("没有这个地区，或者不在您的范围内")
    rows, status = [], 200
    for one in places:
        bound = request.POST if sent is one else None
        initial = {"due_soon_days": one.due_soon_days, "escalate_days": one.escalate_days}
        form = LightsForm(bound, initial=initial, auto_id=f"p{one.pk}_%s")
        if sent is one:
            if form.is_valid():
                changed = set_lights(one, actor_of(request), form.cleaned_data["due_soon_days"], form.cleaned_data["escalate_days"])
                messages.success(request, f"{one.name}的设置已保存。" if changed else f"{one.name}的设置没有变化。")
                return redirect(request.path)
            status = 422
        rows.append({"place": one, "form": form})
    return render(request, "agencies/place_settings.html", {"rows": rows, "soon": settings.DUE_SOON_DAYS}, status=status)
