"""政府信息公开 platform of every agency and government: 指南, 制度, 法定主动公开内容, 年报, 依申请公开 (国办公开办函〔2019〕61号)."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from gongkai.agencies import guides
from gongkai.agencies.models import Agency, GuideVersion
from gongkai.agencies.queries import public_agencies
from gongkai.portal import entries
from gongkai.portal.accountability_cache import answered_cheaply
from gongkai.portal.platform import blocks, guide_file, holdings
from gongkai.twins import hosting

PER_PAGE = 50
INDEX_PER_PAGE = 200
LATEST = 10
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
JSON = {"ensure_ascii": False}


def _agency(code: str) -> Agency:
    """Living, with its place and profile; 404 for everybody else."""
    found = public_agencies().select_related("profile", "successor").filter(code=code[:40]).first()
    if found is None:
        raise Http404("没有这个单位的公开平台")
    return found


def _frame(agency: Agency, block: str = "") -> dict[str, Any]:
    """What every page of the platform needs: whose it is, and the blocks at the left."""
    found = blocks.blocks_on(timezone.localdate())
    return {
        "agency": agency,
        "blocks": [
            {"code": one.code, "name": one.name, "url": reverse(f"portal:platform:{one.code}", args=[agency.code])} for one in found.blocks
        ],
        "platform": found,
        "current": block,
        "block_name": found.named(block),
        "government": holdings.is_government(agency),
    }


@require_safe
@answered_cheaply
def index(request: HttpRequest) -> HttpResponse:
    """The platform of every government and agency, by place."""
    rows = public_agencies().filter(hosting.here(), kind__in=guides.rules().kinds).order_by("jurisdiction__code", "code")
    page = Paginator(rows, INDEX_PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "portal/platform/index.html", {"page_obj": page, "platform": blocks.blocks_on(timezone.localdate())})


@require_safe
@answered_cheaply
def home(request: HttpRequest, code: str) -> HttpResponse:
    """The blocks with what stands in each, and the newest."""
    agency = _agency(code)
    held = holdings.by_item(agency)
    version = guides.latest(agency)
    context = _frame(agency) | {
        "version": version,
        "latest": list(holdings.listed(holdings.editions(agency))[:LATEST]),
        "held": sum(1 for one in held if one.count),
        "asked": len(held),
        "reports": holdings.years_of(agency)[:3],
        "rules": list(holdings.rules_of(agency)[:3]),
    }
    return render(request, "portal/platform/home.html", context)


# -- 指南 -------------------------------------------------------------------------------------------------------------


def _version(agency: Agency, number: int | None = None) -> GuideVersion:
    rows = GuideVersion.objects.filter(agency=agency).order_by("-number")
    found = (rows.filter(number=number) if number is not None else rows).first()
    if found is None:
        raise Http404("没有这一版指南")
    found.agency = agency
    return found


@require_safe
@answered_cheaply
def guide(request: HttpRequest, code: str, number: int | None = None) -> HttpResponse:
    """The guide in force, or an earlier version of it marked as such."""
    agency = _agency(code)
    history = list(GuideVersion.objects.filter(agency=agency).defer("content").order_by("-number"))
    version = _version(agency, number) if history or number is not None else None
    context = _frame(agency, "guide") | {
        "version": version,
        "history": history,
        "past": bool(version and history and version.number != history[0].number),
        "profile": guides.profile_of(agency),
        "rules": guides.rules(),
    }
    return render(request, "portal/platform/guide.html", context)


@require_safe
@answered_cheaply
def guide_docx(request: HttpRequest, code: str) -> HttpResponse:
    version = _version(_agency(code))
    name = f"{version.agency.name}政府信息公开指南.docx"
    return HttpResponse(
        guide_file.docx(version), content_type=DOCX, headers={"Content-Disposition": content_disposition_header(True, name)}
    )


@require_safe
@answered_cheaply
def guide_json(request: HttpRequest, code: str) -> HttpResponse:
    agency = _agency(code)
    version = _version(agency)
    found = {
        "agency": {"code": agency.code, "name": agency.name},
        "version": version.number,
        "on": version.on,
        "confirmed_on": guides.profile_of(agency).confirmed_on,
        "parts": version.content,
        "url": request.build_absolute_uri(reverse("portal:platform:guide", args=[agency.code])),
    }
    return JsonResponse(found, json_dumps_params=JSON)


# -- 制度, 法定主动公开内容, 年报, 依申请公开 -----------------------------------------------------------------------------


@require_safe
@answered_cheaply
def rules(request: HttpRequest, code: str) -> HttpResponse:
    agency = _agency(code)
    page = Paginator(holdings.rules_of(agency), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "portal/platform/rules.html", _frame(agency, "rules") | {"page_obj": page})


@require_safe
@answered_cheaply
def content(request: HttpRequest, code: str) -> HttpResponse:
    """What the law says must be published with how much of it is, then the agency's own catalogue."""
    agency = _agency(code)
    page = Paginator(holdings.catalogue_items(agency), PER_PAGE).get_page(request.GET.get("page"))
    context = _frame(agency, "content") | {
        "held": holdings.by_item(agency),
        "citation": blocks.content_citation(),
        "page_obj": page,
        "items": holdings.held_items(page.object_list),
    }
    return render(request, "portal/platform/content.html", context)


@require_safe
@answered_cheaply
def content_json(request: HttpRequest, code: str) -> HttpResponse:
    agency = _agency(code)
    found = {
        "agency": {"code": agency.code, "name": agency.name},
        "citation": blocks.content_citation(),
        "items": [
            {
                "code": held.item.code,
                "name": held.item.name,
                "article": held.item.article,
                "documents": held.count,
                "last_published_on": held.last,
                "url": request.build_absolute_uri(reverse("portal:platform:item", args=[agency.code, held.item.code])),
            }
            for held in holdings.by_item(agency)
        ],
    }
    return JsonResponse(found, json_dumps_params=JSON)


@require_safe
@answered_cheaply
def item(request: HttpRequest, code: str, item: str) -> HttpResponse:
    """The documents of one item of the law."""
    agency = _agency(code)
    asked = blocks.item(item)
    if asked is None or not asked.asked_of(agency.jurisdiction.level):
        raise Http404("没有这一项")
    page = Paginator(holdings.of_item(agency, asked), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "portal/platform/item.html", _frame(agency, "content") | {"item": asked, "page_obj": page})


@require_safe
@answered_cheaply
def annual(request: HttpRequest, code: str) -> HttpResponse:
    agency = _agency(code)
    return render(request, "portal/platform/annual.html", _frame(agency, "annual") | {"years": holdings.years_of(agency)})


@require_safe
@answered_cheaply
def requests(request: HttpRequest, code: str) -> HttpResponse:
    """How to ask: what the guide says of it, and the entry of the app that takes requests in (portal/entries.py)."""
    agency = _agency(code)
    version = guides.latest(agency)
    parts = {part["code"]: part for part in version.content} if version else {}
    context = _frame(agency, "requests") | {
        "entries": entries.request_entries(agency),
        "organ": parts.get("organ"),
        "parts": [parts[name] for name in ("requests", "fees", "remedies") if name in parts],
    }
    return render(request, "portal/platform/requests.html", context)
