"""Template tags of both faces: navigation, states, clocks, pages."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from django import template
from django.conf import settings
from django.core.paginator import Page
from django.template import Context
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, get_script_prefix, get_urlconf, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from gongkai.agencies import auth
from gongkai.agencies.auth import memberships_of
from gongkai.obligations.queries import STATE_WORDS
from gongkai.workbench.clock import SHOWN, Clock, Day
from gongkai.workbench.clock import clock_of as obligation_clock

register = template.Library()

PORTAL_NAV = [
    ("portal:home", "首页"),
    ("documents:list", "信息公开"),
    ("public_plans:list", "承诺与进展"),
    ("catalogue_public:list", "公开目录"),
    ("requests:start", "依申请公开"),
    ("portal:agencies", "机构"),
    ("portal:search", "搜索"),
]
WORK_NAV = [
    ("workbench:home", "待办"),
    ("obligations:ledger", "台账"),
    ("rollup:page", "汇总"),
    ("workbench:calendar", "日历"),
    ("plans:list", "方案"),
    ("drafting:list", "信息发布"),
    ("reviewing:home", "审核"),
    ("request_cases:queue", "依申请公开"),
    ("reports:list", "年报"),
    ("coordination:home", "统筹"),
    ("catalogue:home", "公开目录"),
    ("agencies:list", "机构"),
]
WORK_MORE = [
    ("plans:compare", "对照"),
    ("validity:register", "有效性"),
    ("channels:home", "渠道"),
    ("rules:list", "法规"),
    ("workbench:deadline", "算期限"),
]
"""What is asked for less often: folded behind one word on a wide screen, in the same list on a phone."""
SQUARE = '<li class="{}"><span class="vh">{}</span><span aria-hidden="true">{}<br>{}</span></li>'
STEP_CLASSES = {"opened": "", "passed": "ok", "returned": "warn", "waived": "wait", "acknowledged": "ok"}


@dataclass(frozen=True, slots=True)
class NavItem:
    label: str
    url: str
    current: str  # value of aria-current: "page" on the page itself, "true" on a page below it
    more: bool = False


@lru_cache(maxsize=8)
def _addresses(names: tuple[tuple[str, str], ...], prefix: str, urlconf: Any) -> list[tuple[str, str]]:
    """Address and label of the pages that exist; the same for every page, so that they are asked for once."""
    found = []
    for name, label in names:
        try:
            found.append((reverse(name), label))
        except NoReverseMatch:
            continue
    return found


def _nav(path: str, names: list[tuple[str, str]]) -> list[NavItem]:
    """Only pages that exist; the longest address that the present one begins with is the current one."""
    found = _addresses(tuple(names), get_script_prefix(), get_urlconf() or settings.ROOT_URLCONF)
    roots = {found[0][0]} if found else set()
    here = max(
        (url for url, _ in found if path == url or (url not in roots and path.startswith(url.rstrip("/") + "/"))), key=len, default=""
    )
    more = {label for _name, label in WORK_MORE}
    return [NavItem(label, url, ("page" if url == path else "true") if url == here else "", label in more) for url, label in found]


@register.simple_tag(takes_context=True)
def portal_nav(context: Context) -> list[NavItem]:
    request = context.get("request")
    return _nav(request.path if request else "", PORTAL_NAV)


@register.simple_tag(takes_context=True)
def work_menu(context: Context) -> SafeString:
    """The navigation of the staff face: drawn once for each place a page can stand at, not once for each page."""
    request = context.get("request")
    return _drawn("workbench/nav.html", tuple(_nav(request.path if request else "", [*WORK_NAV, *WORK_MORE])))


@lru_cache(maxsize=256)
def _drawn(template_name: str, items: tuple[NavItem, ...]) -> SafeString:
    return mark_safe(render_to_string(template_name, {"items": items}))  # noqa: S308 — a template of ours, escaped as every other


@dataclass(frozen=True, slots=True)
class Staff:
    """Where a member of staff works, for the header: `place` in one line, `lines` one for each post."""

    place: str
    lines: list[str]
    office: bool = False
    """Openness office of some place: sees its journal."""


@register.simple_tag
def staff_of(user: Any) -> Staff:
    rows = memberships_of(user)
    posts: dict[str, list[str]] = {}
    for row in rows:
        name = row.agency.display_name + (f" · {row.section.name}" if row.section else "")
        posts.setdefault(name, []).append(row.get_role_display())
    office = any(row.role == row.Role.OFFICE and row.agency.is_competent for row in rows)
    return Staff(next(iter(posts), ""), [f"{name}　{'、'.join(roles)}" for name, roles in posts.items()], office)


def _words(state: str) -> tuple[str, str, str]:
    return STATE_WORDS[state]


@register.filter
def state_word(state: str) -> str:
    return _words(state)[0]


@register.filter
def state_class(state: str) -> str:
    """Colour and shape, as classes of .state."""
    return " ".join(_words(state)[1:])


@register.filter
def step_class(kind: str) -> str:
    return STEP_CLASSES.get(kind, "wait")


@register.simple_tag
def clock_of(obligation: Any, shown: int = SHOWN) -> Clock:
    """The clock of an obligation now: `{% clock_of ob as clock %}`, then include components/clock.html. `shown`: squares at most."""
    days = obligation.jurisdiction.due_soon_days
    return obligation_clock(obligation, soon=settings.DUE_SOON_DAYS if days is None else days, shown=shown)


@register.simple_tag(takes_context=True)
def return_address(context: Context) -> str:
    """Where a switch on this page comes back to; never an address that only takes forms."""
    return auth.return_address(context["request"])


@register.simple_tag
def new_key() -> str:
    """An idempotency key for a form of one button: submitted twice, it makes one record."""
    return str(uuid.uuid4())


@register.filter
def squares(days: Iterable[Day]) -> SafeString:
    """The days of a clock as items of a list. Written here: forty squares of ten nodes each would be half of what a page costs."""
    found: list[str] = []
    for day in days:
        if day.kind == "gap":
            found.append(format_html('<li class="month">{}</li>', day.label))
            continue
        if day.opens_month:
            found.append(format_html('<li class="month" aria-hidden="true">{}月</li>', day.on.month))
        words = f"{day.on} {day.why}"
        found.append(format_html(SQUARE, day.kind, words, day.on.day, day.label))
    return mark_safe("".join(found))  # noqa: S308 — each piece is escaped


@register.filter
def weekday(day: date | None) -> str:
    """周五."""
    return f"周{'一二三四五六日'[day.weekday()]}" if day else ""


@register.simple_tag(takes_context=True)
def page_url(context: Context, number: int, param: str = "page") -> str:
    """The present address with another page number."""
    query = context["request"].GET.copy()
    query[param or "page"] = str(number)
    return f"?{query.urlencode()}"


@register.filter
def page_numbers(page: Page) -> list[int]:
    """First, last and the neighbours of the present page; 0 stands for a gap."""
    last = page.paginator.num_pages
    wanted = sorted({1, last, *range(max(1, page.number - 2), min(last, page.number + 2) + 1)})
    numbers: list[int] = []
    for n in wanted:
        if numbers and n - numbers[-1] > 1:
            numbers.append(0)
        numbers.append(n)
    return numbers
