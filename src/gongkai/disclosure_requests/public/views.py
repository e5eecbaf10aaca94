"""依申请公开 for everybody: which agency, the form, the receipt. No account is needed; nothing is lost when something is wrong."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_http_methods, require_safe

from gongkai.agencies import guides
from gongkai.agencies.errors import ActionRefused
from gongkai.agencies.models import Agency
from gongkai.agencies.queries import public_agencies
from gongkai.clocks.limits import limit
from gongkai.disclosure_requests import asked, numbers
from gongkai.disclosure_requests.actions import filing
from gongkai.disclosure_requests.asked import Asked
from gongkai.disclosure_requests.models import DisclosureRequest, OpenForm
from gongkai.disclosure_requests.public import gate, holding, identity, offering, receipts
from gongkai.disclosure_requests.public.forms import FilingForm
from gongkai.disclosure_requests.public.notice import notice_on
from gongkai.disclosure_requests.public.twins import links
from gongkai.obligations.too_large import dropped_files

PER_PAGE = 60
LONGEST_QUERY = 100
RECEIPT = "request_receipt"
WAY = (
    ("intake_name", "受理机构"),
    ("intake_address", "当面、邮寄地址"),
    ("intake_postal_code", "邮政编码"),
    ("intake_hours", "办公时间"),
    ("intake_phone", "电话"),
    ("intake_fax", "传真"),
    ("intake_email", "电子邮箱"),
)
"""Fields of the guide that say how to ask otherwise, in its words."""


def _agency(code: str) -> Agency:
    """One that answers requests; 404 for everybody else."""
    rows = public_agencies().filter(kind__in=guides.rules().kinds).select_related("profile", "successor")
    found = rows.filter(code=code[:40]).first()
    if found is None:
        raise Http404("没有这个受理机关")
    return found


def _way(agency: Agency) -> list[tuple[str, str]]:
    """The other ways of asking, as the guide has them."""
    profile, fields = guides.profile_of(agency), {field.name: field for field in guides.rules().fields}
    rows = [(label, guides.value_of(agency, profile, fields[name]) if name in fields else getattr(profile, name)) for name, label in WAY]
    return [(label, value) for label, value in rows if value]


def _days(today: date) -> dict[str, Any]:
    reply, clarify = limit("reply", today), limit("clarify", today)
    return {"reply": reply.n, "cap": reply.cap, "clarify": clarify.n}


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """Which agency: found by name, or given by the link (?agency=code); then how it is asked."""
    code = request.GET.get("agency", "")
    if code:
        agency = _agency(code)
        context = {
            "agency": agency,
            "way": _way(agency),
            "days": _days(timezone.localdate()),
            "settings": numbers.settings_of(agency.jurisdiction),
        }
        return render(request, "disclosure_requests/public/agency.html", context)
    q = " ".join(request.GET.get("q", "").replace("\x00", "").split())[:LONGEST_QUERY]
    rows = public_agencies().filter(kind__in=guides.rules().kinds).order_by("jurisdiction__code", "code")
    if q:
        named = Agency.objects.filter(aliases__text__icontains=q).values("pk")
        rows = rows.filter(name__icontains=q) | rows.filter(short_name__icontains=q) | rows.filter(pk__in=named)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "disclosure_requests/public/start.html", {"q": q, "page_obj": page, "days": _days(timezone.localdate())})


@never_cache
@ensure_csrf_cookie
@require_http_methods(["GET", "HEAD", "POST"])
def form(request: HttpRequest, code: str) -> HttpResponse:
    """The form; above it what is public already and may answer what is asked."""
    agency = _agency(code)
    if request.method != "POST":
        words = " ".join(request.GET.get("q", "").replace("\x00", "").split())[: asked.LONGEST]
        return _page(request, agency, FilingForm(initial={"description": words, **identity.known(request)}), None, words)
    bound = FilingForm(request.POST, request.FILES, dropped=dropped_files(request))
    good = bound.is_valid()
    if "key" not in bound.cleaned_data:
        bound.data = {**request.POST.dict(), "key": str(uuid.uuid4())}  # without it nothing could be sent again
        return _page(request, agency, bound, None, bound.data.get("description", ""))
    opened = holding.form_of(str(bound.cleaned_data["key"]))
    if opened.number:
        return _receipt(request, opened)
    try:
        if "website" in bound.errors:
            raise ActionRefused([str(error) for error in bound.errors["website"]])
        gate.let_in(request, opened, agency, request.POST.get("altcha", ""))
        holding.let_go(opened, request.POST.getlist("drop"))
        too_many = [line for part in holding.Part.values for line in holding.hold(opened, part, bound.cleaned_data.get(part) or [])]
        told = _told(agency, bound, opened, request)
        bound.refuse([*dict.fromkeys(too_many), *asked.reasons(told)])
        if good and bound.is_valid():
            return _file(request, told, opened)
    except ActionRefused as error:
        for reason in error.reasons:
            bound.add_error(None, reason)
    if holding.sent_meanwhile(opened):
        return _receipt(request, opened)  # another press of the same button was quicker, and took the held files along
    return _page(request, agency, bound, opened, bound.data.get("description", ""))


def _told(agency: Agency, bound: FilingForm, opened: OpenForm, request: HttpRequest) -> Asked:
    told = bound.told()
    for name in ("kind", "name", "identity_kind", "description"):
        told.setdefault(name, bound.data.get(name, "") if name == "kind" else "")
    now = timezone.now()
    return Asked(
        agency=agency,
        channel=DisclosureRequest.Channel.ONLINE,
        consented_at=now,
        notice_version=notice_on(timezone.localdate(now)).version,
        offered=offering.counted(request),
        identity_files=holding.held(opened, holding.Part.IDENTITY),
        files=holding.held(opened, holding.Part.OTHER),
        **told,
    )


def _file(request: HttpRequest, told: Asked, opened: OpenForm) -> HttpResponse:
    """Once for a form, however often it is sent: who comes second waits for the first and is shown the same receipt."""
    with transaction.atomic():
        done = filing.file(told, None, key=holding.filing_key(opened))
        holding.filed(opened, done)
        receipts.send(done.request, told.email)
    holding.let_go(opened)
    offering.forget(request)
    identity.forget(request)
    return _receipt(request, opened)


def _receipt(request: HttpRequest, opened: OpenForm) -> HttpResponseRedirect:
    request.session[RECEIPT] = opened.key
    return redirect("requests:receipt")


def _page(request: HttpRequest, agency: Agency, bound: FilingForm, opened: OpenForm | None, words: str) -> HttpResponse:
    offers = offering.offers(words, agency)
    offering.note(request, shown=[row.key for row in offers.rows])
    place = numbers.settings_of(agency.jurisdiction)
    today = timezone.localdate()
    held = list(opened.held.all()) if opened is not None else []
    context = {
        "agency": agency,
        "form": bound,
        "offers": offers,
        "searched": bool(words.strip()),
        "held": {part: [row for row in held if row.part == part] for part in holding.Part.values},
        "notice": notice_on(today),
        "notice_lines": notice_on(today).said(place.retention_years),
        "without_script": place.without_script,
        "plain_most": place.plain_an_hour,
        "days": _days(today),
        "identity": identity.is_on(),
        "known": identity.known(request),
    }
    status = 422 if bound.is_bound else 200
    return render(request, "disclosure_requests/public/form.html", context, status=status)


@never_cache
@require_safe
def receipt(request: HttpRequest) -> HttpResponse:
    """Number and check code, in the browser that filed, for half an hour."""
    opened = holding.shown(request.session.get(RECEIPT, ""))
    if opened is None:
        return redirect("requests:progress")
    row = DisclosureRequest.objects.select_related("agency__jurisdiction", "obligation").get(number=opened.number)
    context = {
        "row": row,
        "code": opened.code,
        "picture": receipts.picture(row.number),
        "progress": receipts.progress_address(row.number),
        "days": _days(timezone.localdate()),
        "minutes": int(holding.SHOWN.total_seconds() // 60),
    }
    return render(request, "disclosure_requests/public/receipt.html", context)


@never_cache
@require_safe
def challenge(request: HttpRequest) -> HttpResponse:
    """A new proof of work for the widget; nothing is kept of it."""
    return JsonResponse(gate.challenge())


@never_cache
@require_safe
def suggest(request: HttpRequest) -> HttpResponse:
    """What may answer the words being typed: {down, rows: [{key, title, url, notes}]}. Counted as shown."""
    code = request.GET.get("agency", "")
    agency = public_agencies().filter(code=code[:40]).first() if code else None
    found = offering.offers(request.GET.get("q", "")[:1000], agency)
    offering.note(request, shown=[row.key for row in found.rows])
    return JsonResponse({"down": found.down, "rows": [row.as_json() for row in found.rows]}, json_dumps_params={"ensure_ascii": False})


@never_cache
@require_safe
def seen(request: HttpRequest) -> HttpResponse:
    """An offer is opened: counted, and led on to its own page. Nothing leads anywhere else."""
    key = request.GET.get("key", "")[:60]
    where = offering.target(key)
    if not where:
        raise Http404("这条信息已经不公开")
    offering.note(request, clicked=[key])
    return redirect(where)


@require_safe
def answers(request: HttpRequest) -> HttpResponse:
    """常见问题, the newest first."""
    code = request.GET.get("agency", "")
    rows = offering.published().order_by("-published_at", "-pk")
    agency = _agency(code) if code else None
    if agency is not None:
        rows = rows.filter(agency=agency)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "disclosure_requests/public/answers.html", {"page_obj": page, "agency": agency, "twins": links(code)})
