"""My reminders and how I get them; the outbox of the openness office; the calendars."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from gongkai.agencies.access import scope_of
from gongkai.agencies.actor import actor_of
from gongkai.agencies.auth import staff_required
from gongkai.agencies.errors import ActionRefused
from gongkai.agencies.models import Agency, User
from gongkai.reminders import access, actions, feeds, queries
from gongkai.reminders.forms import HookForm, MessageFilter, PreferenceForm
from gongkai.reminders.kinds import words_of
from gongkai.reminders.masking import shown_address
from gongkai.reminders.models import Feed, Hook, Message, Preference

PER_PAGE = 20
LETTERS = 50


def _base(request: HttpRequest) -> str:
    return settings.BASE_URL or f"{request.scheme}://{request.get_host()}"


def _feeds(request: HttpRequest, user: User) -> list[dict[str, Any]]:
    """The person's calendars with their addresses, none made yet has none."""
    made = {feed.agency_id: feed for feed in Feed.objects.filter(person=user)}
    rows: list[tuple[int | None, str]] = [(None, "我承办的任务")]
    rows += [(agency.pk, f"{agency.display_name}的全部任务") for agency in access.own_agencies(user)]
    return [{"agency": pk, "name": name, "url": _feed_url(request, made.get(pk))} for pk, name in rows]


def _feed_url(request: HttpRequest, feed: Feed | None) -> str:
    return _base(request) + reverse("feeds:calendar", args=[feeds.token_of(feed)]) if feed else ""


def _page(
    request: HttpRequest, form: PreferenceForm | None = None, hook: tuple[int, list[str]] | None = None, status: int = 200
) -> HttpResponse:
    user = actor_of(request)
    preference = Preference.objects.filter(person=user).first() or Preference(person=user)
    page = Paginator(access.told_to(user), PER_PAGE).get_page(request.GET.get("page"))
    told = [{"row": row, "words": words_of(row.kind)} for row in page]
    hooks = {row.agency_id: row for row in Hook.objects.filter(agency__in=access.headed_agencies(user))}
    headed = [
        {
            "agency": agency,
            "hook": hooks.get(agency.pk),
            "reasons": hook[1] if hook and hook[0] == agency.pk else [],
            "form": HookForm(
                request.POST if hook and hook[0] == agency.pk else None,
                initial={"url": hooks[agency.pk].url if agency.pk in hooks else ""},
                auto_id=f"hook{agency.pk}_%s",
            ),
        }
        for agency in access.headed_agencies(user)
    ]
    context = {
        "page": page,
        "told": told,
        "form": form or PreferenceForm(preference=preference, account_mail=user.email),
        "address": preference.address or user.email,
        "mailing": preference.by_mail,
        "feeds": _feeds(request, user),
        "headed": headed if settings.WEBHOOK_HOSTS else [],
        "is_office": bool(scope_of(user).seen_ids),
    }
    return render(request, "reminders/home.html", context, status=status)


@staff_required
@require_http_methods(["GET", "HEAD", "POST"])
def home(request: HttpRequest) -> HttpResponse:
    """What I was told, and how I want to be told. POST: saves the preferences."""
    if request.method != "POST":
        return _page(request)
    user = actor_of(request)
    form = PreferenceForm(request.POST, preference=Preference(person=user), account_mail=user.email)
    if not form.is_valid():
        return _page(request, form, status=422)
    actions.save_preference(user, form.values())
    messages.success(request, "提醒设置已保存。")
    return redirect(reverse("reminders:home") + "#settings")


@staff_required
@require_POST
def hook(request: HttpRequest, pk: int) -> HttpResponse:
    agency = get_object_or_404(access.own_agencies(request.user), pk=pk)
    form = HookForm(request.POST)
    try:
        saved = actions.set_hook(agency, actor_of(request), form.cleaned_data["url"] if form.is_valid() else "\x00")
    except ActionRefused as error:
        return _page(request, hook=(pk, error.reasons), status=409)
    messages.success(request, "系统对接已设置，签名密钥在下面。" if saved else "系统对接已取消。")
    return redirect(reverse("reminders:home") + "#hook")


@staff_required
@require_POST
def feed(request: HttpRequest) -> HttpResponse:
    """Makes the calendar asked for, or gives it a new address."""
    agency: Agency | None = None
    if number := request.POST.get("agency", ""):
        if not number.isascii() or not number.isdigit() or len(number) > 18:
            raise Http404("没有这个机构")
        agency = get_object_or_404(access.own_agencies(request.user), pk=int(number))
    if request.POST.get("renew"):
        actions.renew_feed(actor_of(request), agency)
        messages.success(request, "日历地址已更换，旧地址从现在起打不开。")
    else:
        actions.own_feed(actor_of(request), agency)
        messages.success(request, "日历地址已生成。")
    return redirect(reverse("reminders:home") + "#calendars")


@staff_required
@require_GET
def outbox(request: HttpRequest) -> HttpResponse:
    """Letters sent, waiting and failed, for the openness office."""
    if not scope_of(request.user).seen_ids:
        raise PermissionDenied("发送记录由政务公开主管部门查看")
    form = MessageFilter(request.GET)
    chosen = {name: form.cleaned_data.get(name, "") for name in form.fields} if form.is_valid() else {}
    page = Paginator(queries.outbox(request.user, chosen), LETTERS).get_page(request.GET.get("page"))
    for letter in page.object_list:
        letter.shown_address = shown_address(letter, request.user)  # type: ignore[attr-defined]
    counts = queries.figures(request.user)
    state = chosen.get("state", "")
    figures = [
        {"label": label, "n": counts[value], "url": f"?state={value}", "current": state == value, "alarm": value == Message.State.FAILED}
        for value, label in Message.State.choices
    ]
    return render(request, "reminders/outbox.html", {"page": page, "figures": figures, "form": form, "filtered": any(chosen.values())})


@staff_required
@require_POST
def retry(request: HttpRequest, pk: int) -> HttpResponse:
    message = access.access_message(request.user, pk)
    try:
        actions.try_again(message, actor_of(request))
    except ActionRefused as error:
        messages.error(request, "；".join(error.reasons))
    else:
        messages.success(request, "已重新排队，马上发送。")
    return redirect(reverse("reminders:outbox") + "?state=failed")


@require_safe
def calendar(request: HttpRequest, token: str) -> HttpResponse:
    """The calendar behind a secret address; no login, a calendar program has none. 404 for every address that is not in force."""
    found = feeds.feed_of(token)
    if found is None:
        raise Http404("没有这个日历，或者地址已经更换")
    content = feeds.calendar_bytes(found, _base(request))
    tag = feeds.etag(content)
    if tag in [one.strip().removeprefix("W/") for one in request.headers.get("If-None-Match", "").split(",")]:
        response = HttpResponse(status=304)
    else:
        response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
        response["Content-Disposition"] = 'inline; filename="gongkai.ics"'
    response["ETag"] = tag
    response["Cache-Control"] = "private, no-cache"
    response["X-Robots-Tag"] = "noindex"
    return response
