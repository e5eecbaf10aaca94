"""政府网站 for staff: the list, one with its course, opening, changing, merging, closing."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gongkai.agencies.access import scope_of
from gongkai.agencies.actor import actor_of
from gongkai.agencies.auth import staff_required
from gongkai.agencies.errors import NotAllowed
from gongkai.catalogue import hosts, sites
from gongkai.catalogue.forms_keeping import EndSiteForm, MergeSiteForm, OpenSiteForm, SiteForm, agencies_at
from gongkai.catalogue.models import Deed, Site, SiteCheck
from gongkai.deeds.pages import attempt, back, status_of
from gongkai.obligations.forms import KeyForm

CHECKS, FINDINGS = 92, 100
"""Days of a list, findings of a page."""
VERBS = {"change": ("变更", "已保存。"), "merge": ("整合迁移", "已登记整合，原地址会转到新地址。"), "close": ("关停", "已登记关停。")}


@staff_required
@require_GET
def site_list(request: HttpRequest) -> HttpResponse:
    context = {"rows": sites.sites_for(request.user), "is_office": bool(scope_of(request.user).office_ids)}
    return render(request, "catalogue/keeping/sites.html", context)


@staff_required
@require_GET
def check_list(request: HttpRequest) -> HttpResponse:
    """What the daily look at the public site found; `?on=` an earlier day."""
    if not scope_of(request.user).is_staff_member:
        raise NotAllowed("网站检查给工作人员看")
    rows = list(SiteCheck.objects.filter(site__isnull=True)[:CHECKS])
    chosen = next((row for row in rows if row.on.isoformat() == request.GET.get("on")), rows[0] if rows else None)
    page = Paginator(chosen.findings if chosen else [], FINDINGS).get_page(request.GET.get("page"))
    return render(request, "catalogue/keeping/checks.html", {"rows": rows, "chosen": chosen, "page_obj": page})


@staff_required
@require_http_methods(["GET", "HEAD", "POST"])
def open_site(request: HttpRequest) -> HttpResponse:
    scope = scope_of(request.user)
    if not scope.office_ids:
        raise NotAllowed("网站由政务公开主管部门登记")
    form = OpenSiteForm(request.POST if request.method == "POST" else None, agencies=agencies_at(scope.office_ids))
    if form.is_bound:

        def deed() -> Site:
            data = form.arguments()
            return sites.open_site(data.pop("agency"), actor_of(request), key=str(form.cleaned_data["key"]), **data)

        made = attempt(request, form, deed, "网站已登记，公众网站的名单里可以看到。")
        if made is not None:
            return back("catalogue_keeping:site", made.pk)
    return render(request, "catalogue/keeping/open_site.html", {"form": form}, status=status_of(form) if form.errors else 200)


def _form(verb: str, site: Site, user: Any, data: Any = None) -> KeyForm:
    auto_id = f"{verb}_%s"
    if verb == "change":
        initial = {name: getattr(site, name) for name in ("name", "kind", "id_code", *sites.LOOK)}
        return SiteForm(data, auto_id=auto_id, initial=initial)
    if verb == "merge":
        others = sites.sites_for(user).filter(state=Site.State.OPEN).exclude(pk=site.pk)
        return MergeSiteForm(data, auto_id=auto_id, sites=others)
    return EndSiteForm(data, auto_id=auto_id)


def _page(request: HttpRequest, site: Site, bound: tuple[str, KeyForm] | None = None, status: int = 200) -> HttpResponse:
    stands = sites.failure_reasons(site, request.user)
    folds = []
    if not stands:
        for verb, (label, _done) in VERBS.items():
            mine = bound is not None and bound[0] == verb
            form = bound[1] if bound is not None and mine else _form(verb, site, request.user)
            folds.append({"verb": verb, "label": label, "form": form, "open": mine, "danger": verb != "change"})
    context = {
        "row": site,
        "folds": folds,
        "stands": stands if site.state == Site.State.OPEN else [],
        "answers": site.state == Site.State.OPEN and not hosts.is_main(site.host),
        "still_answered": site.state != Site.State.OPEN and sites.still_answered(site),
        "deeds": Deed.objects.filter(subject="site", subject_id=site.pk).select_related("actor", "agency").order_by("at", "pk"),
    }
    return render(request, "catalogue/keeping/site.html", context, status=status)


@staff_required
@require_GET
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, sites.access_site(request.user, pk))


@staff_required
@require_POST
def verb(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    site = sites.access_site(request.user, pk)
    if verb not in VERBS:
        raise Http404("没有这种操作")
    if role := sites.role_reason(site.agency, request.user):
        raise NotAllowed(role)
    form = _form(verb, site, request.user, request.POST)

    def deed() -> Site:
        action: Any = getattr(sites, verb)
        return action(site, actor_of(request), key=str(form.cleaned_data["key"]), **form.arguments())

    if attempt(request, form, deed, VERBS[verb][1]) is None:
        return _page(request, site, (verb, form), status_of(form))
    return back("catalogue_keeping:site", pk)
