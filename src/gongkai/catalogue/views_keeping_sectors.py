"""公共企事业单位 for staff: who is of which sector, whose catalogue lacks what, a catalogue from the sector's items."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gongkai.agencies.access import scope_of
from gongkai.agencies.actor import actor_of
from gongkai.agencies.auth import staff_required
from gongkai.agencies.errors import NotAllowed
from gongkai.agencies.models import Agency
from gongkai.catalogue import sectors
from gongkai.catalogue.forms_keeping import BodyForm, agencies_at
from gongkai.catalogue.models import CatalogueVersion, PublicBody
from gongkai.deeds.pages import attempt, back, status_of, try_or_tell
from gongkai.obligations.forms import KeyForm


@staff_required
@require_GET
def body_list(request: HttpRequest) -> HttpResponse:
    bodies = sectors.bodies_for(request.user)
    rows = sectors.rows_of(bodies, timezone.localdate())
    context = {
        "rows": [(row, None if row.catalogue or sectors.make_role(row.body, request.user) else KeyForm(auto_id=False)) for row in rows],
        "is_office": bool(scope_of(request.user).office_ids),
        "table": sectors.table(),
    }
    return render(request, "catalogue/keeping/sectors.html", context)


@staff_required
@require_http_methods(["GET", "HEAD", "POST"])
def set_body(request: HttpRequest) -> HttpResponse:
    scope = scope_of(request.user)
    if not scope.office_ids:
        raise NotAllowed("公共企事业单位由政务公开主管部门登记")
    here = agencies_at(scope.office_ids)
    bodies = here.filter(kind=Agency.Kind.PUBLIC)
    form = BodyForm(request.POST if request.method == "POST" else None, bodies=bodies, departments=here.exclude(kind=Agency.Kind.PUBLIC))
    if form.is_bound:

        def deed() -> PublicBody:
            data = form.arguments()
            return sectors.set_body(data.pop("agency"), actor_of(request), key=str(form.cleaned_data["key"]), **data)

        if attempt(request, form, deed, "已登记行业和主管部门。") is not None:
            return back("catalogue_keeping:sectors")
    guesses = [
        (body, sectors.sectors()[found].name) for body in bodies.filter(public_body__isnull=True) if (found := sectors.suggested(body.name))
    ]
    context = {"form": form, "guesses": guesses, "any": bodies.exists()}
    return render(request, "catalogue/keeping/set_body.html", context, status=status_of(form) if form.errors else 200)


@staff_required
@require_POST
def make(request: HttpRequest, pk: int) -> HttpResponse:
    """One press makes the draft; where it goes on is the catalogue's own page."""
    body = sectors.access_body(request.user, pk)
    if role := sectors.make_role(body, request.user):
        raise NotAllowed(role)
    form = KeyForm(request.POST)

    def deed() -> CatalogueVersion:
        return sectors.make_catalogue(body, actor_of(request), key=str(form.cleaned_data["key"]))

    try_or_tell(request, form, deed, "已按行业模板建立目录初稿，请按本单位情况修改，批准后公开。")
    return back("catalogue_keeping:sectors")
