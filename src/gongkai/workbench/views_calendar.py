"""日历: a month of what is due, for one's own agency, or for a place or an agency of one's choice in the openness office."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from gongkai.agencies.access import scope_of
from gongkai.agencies.auth import memberships_of, staff_required
from gongkai.agencies.models import Agency, Jurisdiction
from gongkai.clocks.calendar import current
from gongkai.obligations.clocking import calendar_of
from gongkai.workbench import month as months


class MonthForm(forms.Form):
    """Which month of whose duties. `whose`: a3 is an agency, p1 a place."""

    month = forms.CharField(label="月份", required=False, max_length=10, widget=forms.TextInput(attrs={"type": "month"}))
    whose = forms.ChoiceField(label="谁的", required=False, error_messages={"invalid_choice": "没有这个单位或地区，请从列表中选"})

    def __init__(self, data: Any, choices: list[tuple[str, Any]]) -> None:
        super().__init__(data)
        self.fields["whose"].choices = choices  # type: ignore[attr-defined]
        if len(choices) == 1:
            del self.fields["whose"]

    def clean_month(self) -> Any:
        first = months.month_of(self.cleaned_data["month"], timezone.localdate())
        if first is None:
            raise forms.ValidationError(f"看不懂这个月份，请写成 2026-11，在 {months.FIRST:%Y-%m} 到 {months.LAST:%Y-%m} 之间")
        return first


def whose_choices(user: Any) -> list[tuple[str, Any]]:
    """One's own agencies first; for an openness office its places and the agencies there."""
    own = {row.agency_id: row.agency for row in memberships_of(user)}
    choices: list[tuple[str, Any]] = [(f"a{pk}", agency.name) for pk, agency in own.items()]
    offices = scope_of(user).office_ids
    if offices:
        choices += [(f"p{pk}", f"{name}（全部单位）") for pk, name in Jurisdiction.objects.filter(pk__in=offices).values_list("pk", "name")]
        others = Agency.objects.filter(jurisdiction__in=offices, valid_to__isnull=True).exclude(pk__in=own).order_by("code")
        choices += [(f"a{pk}", name) for pk, name in others.values_list("pk", "name")]
    return choices


@require_safe
@staff_required
def calendar(request: HttpRequest) -> HttpResponse:
    """The month as a table, on a phone as a list of the days that have something to say."""
    today = timezone.localdate()
    choices = whose_choices(request.user)
    form = MonthForm({"month": f"{today:%Y-%m}", **request.GET.dict()}, choices)
    valid = form.is_valid()
    first = form.cleaned_data.get("month") or today.replace(day=1)
    whose = (form.cleaned_data.get("whose") if valid else "") or choices[0][0]
    chosen = {"agency" if whose[0] == "a" else "jurisdiction": int(whose[1:])}
    weeks = months.month(request.user, chosen, first, today, _calendar(whose))
    before, after = months.neighbours(first)
    suffix = f"&whose={whose}" if request.GET.get("whose") and valid else ""
    address = reverse("workbench:calendar")
    context = {
        "form": form,
        "first": first,
        "weeks": weeks,
        "name": dict(choices)[whose],
        "total": sum(cell.total for week in weeks for cell in week),
        "before": f"{address}?month={before:%Y-%m}{suffix}" if before >= months.FIRST else "",
        "after": f"{address}?month={after:%Y-%m}{suffix}" if after <= months.LAST else "",
        "this": f"{address}?month={today:%Y-%m}{suffix}" if first != today.replace(day=1) else "",
        "unannounced": first.year not in current().years,
    }
    return render(request, "workbench/calendar.html", context, status=200 if valid else 422)


def _calendar(whose: str) -> Any:
    """The working calendar of the place, with its local days off."""
    pk = int(whose[1:])
    places = Jurisdiction.objects.filter(pk=pk) if whose[0] == "p" else Jurisdiction.objects.filter(agencies=pk)
    return calendar_of(str(places.values_list("code", flat=True)[0]))
