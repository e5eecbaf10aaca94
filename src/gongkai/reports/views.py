"""年度报告 in the workbench: the list, the page of a report, its verbs and its files."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_GET, require_POST

from gongkai.agencies.actor import actor_of
from gongkai.agencies.auth import staff_required
from gongkai.agencies.models import Agency
from gongkai.deeds.pages import attempt, back, status_of, try_or_tell
from gongkai.formats.annual_report.checking import LAST_YEAR, Compared
from gongkai.formats.annual_report.layout import TableName
from gongkai.formats.annual_report.printing import TABLE_SECTIONS
from gongkai.formats.annual_report.writing_html import table as table_html
from gongkai.obligations.forms import KeyForm
from gongkai.publications.topics.booklets_pdf import NoBooklet
from gongkai.reports import counting, files, queries
from gongkai.reports.access import access_report, agencies_of, may_write
from gongkai.reports.actions import publishing, writing
from gongkai.reports.actions.importing import remarks_of
from gongkai.reports.board import differences
from gongkai.reports.cells import linker, words_of
from gongkai.reports.composing import checked, composed, live
from gongkai.reports.counting import Span
from gongkai.reports.forms import BeginForm, OnForm, ReasonForm, SectionsForm
from gongkai.reports.models import AnnualReport
from gongkai.reports.sentences import reminders, sentences
from gongkai.reports.states import CSS, STATES, state_of
from gongkai.reports.views_board import sees_board

PER_PAGE = 50
DONE = {"propose": "已提交，由本单位负责人批准。", "approve": "已批准，可以公布。", "publish": "已公布。", "return": "已退回修改。"}
CONFLICT = "别人刚刚保存过"
ALIKE_SHOWN = 10
"""Reports of other agencies shown with the share of text they have in common; all of the place are compared."""


def offered(request: HttpRequest) -> list[Agency]:
    return list(agencies_of(request.user).order_by("code"))


def begin_form(request: HttpRequest, data: Any = None, form: type[BeginForm] = BeginForm, sent: Any = None, **kwargs: Any) -> BeginForm:
    agencies = offered(request)
    government = any(one.kind == Agency.Kind.GOVERNMENT for one in agencies)
    return form(data, sent, agencies=[(one.pk, one.name) for one in agencies], government=government, **kwargs)


def _listed(request: HttpRequest, form: Any, status: int = 200) -> HttpResponse:
    page = Paginator(queries.listed(request.user), PER_PAGE).get_page(request.GET.get("page"))
    context = {"page_obj": page, "rows": queries.with_states(page.object_list), "form": form, "board": sees_board(request.user)}
    return render(request, "reports/list.html", context | {"opened": "begin" if status != 200 else ""}, status=status)


@staff_required
@require_GET
def report_list(request: HttpRequest) -> HttpResponse:
    return _listed(request, begin_form(request, auto_id="begin_%s") if offered(request) else None)


@staff_required
@require_POST
def begin(request: HttpRequest) -> HttpResponse:
    form = begin_form(request, request.POST, auto_id="begin_%s")

    def deed() -> AnnualReport:
        values = form.arguments()
        agency = agencies_of(request.user).get(pk=values.pop("agency"))
        return writing.begin(agency, actor_of(request), key=str(form.cleaned_data["key"]), **values)

    made = attempt(request, form, deed, "可以编制了。")
    return back("reports:report", made.pk) if made else _listed(request, form, status_of(form))


# -- the page of a report ----------------------------------------------------------------------------------------------


def day_asked(request: HttpRequest) -> tuple[OnForm, date | None]:
    form = OnForm(request.GET if "on" in request.GET else None)
    return form, form.day()


def verbs(report: AnnualReport, user: Any, failures: list[str]) -> list[dict[str, Any]]:
    """The buttons that lead on, with what stands in their way; `failures`: what the checks say against it today."""
    state = state_of(report)
    able = may_write(user, report.agency)
    approver = publishing.approve_role(user, report)
    found: list[dict[str, Any]] = []
    if state == "drafting" and able:
        found.append({"verb": "propose", "label": "提交批准", "reasons": failures})
    if state == "proposed":
        found.append({"verb": "approve", "label": "批准", "reasons": [approver] if approver else []})
    if state == "approved" and able:
        found.append({"verb": "publish", "label": "公布", "reasons": publishing.publish_reasons(report, failures)})
    if (state == "proposed" and not approver) or (state == "approved" and able):
        found.append({"verb": "return", "label": "退回修改", "reasons": [], "form": ReasonForm(auto_id="return_%s")})
    return found


def most_alike(likenesses: Sequence[Compared]) -> list[Compared]:
    """Last year's report, then the others of the place, the most alike first, as many as a person looks at."""
    last = [one for one in likenesses if one.name == LAST_YEAR]
    others = sorted((one for one in likenesses if one.name != LAST_YEAR), key=lambda one: -one.whole.score)
    return [*last, *others[:ALIKE_SHOWN]]


def _page(
    request: HttpRequest, report: AnnualReport, form: SectionsForm | None = None, status: int = 200, conflict: bool = False
) -> HttpResponse:
    on_form, on = day_asked(request)
    made = live(report, on) if on and not report.imported else composed(report)
    found = checked(report, made)
    writable = may_write(request.user, report.agency) and not writing.write_reasons(report)
    if writable and form is None:
        form = SectionsForm(report=report, auto_id="text_%s")
    agencies = counting.agencies_of(report.agency, report.covers_place, report.year)
    offers = {} if report.imported else sentences(made, counting.fees(agencies, Span.of(report.year, on or timezone.localdate())))
    link = linker(report, on)
    told = reminders(report)
    sections = []
    for n, title in enumerate(made.form.sections, 1):
        key = str(n)
        name: TableName | None = TABLE_SECTIONS.get(key)
        text = made.sections.get(key, "")
        sections.append(
            {
                "n": n,
                "field": form[f"s{n}"] if writable and form else None,
                "title": title,
                "text": text,
                # Drawn by the kernel, which escapes every word it prints.
                "table": mark_safe(table_html(made, name, link)) if name else "",  # noqa: S308
                "offer": offers.get(key, "") if offers.get(key, "") not in text else "",
                "reminders": [one for one in told if one.section == key],
                "kept": _kept(report, form, key) if conflict and form else None,
            }
        )
    state = state_of(report)
    context = {
        "report": report,
        "state_words": STATES[state],
        "state_css": CSS[state],
        "sections": sections,
        "form": form if writable else None,
        "on_form": on_form,
        "on": on,
        "checked": found,
        "additions": [(row, words_of(row)) for row in queries.kept_additions(report)],
        "verbs": verbs(report, request.user, publishing.failures(report) if on else [one.message for one in found.failures]),
        "likenesses": most_alike(found.likenesses),
        "key": KeyForm(auto_id="verb_%s"),
        "blanks": writing.blanks(report) if writable else [],
        "blanks_form": ReasonForm(auto_id="blanks_%s", initial={"reason": "本年度没有发生"}),
        "deeds": queries.deeds_of(report),
        "differs": differences(made, live(report)) if report.printed and not report.imported and not on else [],
        "remarks": remarks_of(report) if report.imported else [],
        "formats": list(files.TYPES),
        "conflict": conflict,
    }
    return render(request, "reports/report.html", context, status=status)


def _kept(report: AnnualReport, form: SectionsForm, key: str) -> str | None:
    """What another person saved of a section, where it is not what was typed."""
    kept = str(report.sections.get(key, ""))
    return None if str(form.data.get(f"s{key}", "")).replace("\r\n", "\n").strip() == kept else kept


@staff_required
@require_GET
def report(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, access_report(request.user, pk))


@staff_required
@require_POST
def write(request: HttpRequest, pk: int) -> HttpResponse:
    """Saves the six texts; the button of an offered sentence saves them with the sentence at the end of its section."""
    record = access_report(request.user, pk)
    form = SectionsForm(request.POST, report=record, auto_id="text_%s")
    take = request.POST.get("take", "")

    def deed() -> AnnualReport:
        texts = form.sections()
        if take:
            agencies = counting.agencies_of(record.agency, record.covers_place, record.year)
            offer = sentences(live(record), counting.fees(agencies, Span.of(record.year, timezone.localdate()))).get(take, "")
            if offer and offer not in texts[take]:
                texts[take] = f"{texts[take].rstrip()}\n{offer}".strip()
        arguments = {"sections": texts, "version": form.cleaned_data["version"]}
        return writing.write(record, actor_of(request), key=str(form.cleaned_data["key"]), **arguments)

    made = attempt(request, form, deed, "已保存。" if not take else "已保存，并把句子加在这一部分的最后。")
    if made:
        return back("reports:report", pk, at=f"section-{take}" if take in ("1", "3", "4", "6") else "text")
    record.refresh_from_db()
    conflict = any(CONFLICT in error for error in form.non_field_errors())
    if conflict:
        # What was typed stays in the fields; saved again, it is saved upon what the other person saved, which is shown beside it.
        data = request.POST.copy()
        data["version"] = str(record.version)
        errors = form.errors
        form = SectionsForm(data, report=record, auto_id="text_%s")
        form._errors = errors  # type: ignore[attr-defined]
        form.cleaned_data = {}
    return _page(request, record, form, status_of(form), conflict)


@staff_required
@require_POST
def press(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """propose, approve, return, publish."""
    record = access_report(request.user, pk)
    if verb not in DONE:
        raise Http404("没有这个操作")
    form = ReasonForm(request.POST) if verb == "return" else KeyForm(request.POST)

    def deed() -> AnnualReport:
        key, actor = str(form.cleaned_data["key"]), actor_of(request)
        if verb == "return":
            return publishing.give_back(record, actor, key=key, reason=form.cleaned_data["reason"])
        return {"propose": publishing.propose, "approve": publishing.approve, "publish": publishing.publish}[verb](record, actor, key=key)

    try_or_tell(request, form, deed, DONE[verb])
    return back("reports:report", pk)


@staff_required
@require_GET
def file(request: HttpRequest, pk: int, fmt: str) -> HttpResponse:
    record = access_report(request.user, pk)
    made = composed(record)
    try:
        return files.download(record, made, checked(record, made), fmt)
    except NoBooklet as error:
        messages.error(request, str(error))
        return back("reports:report", pk)
