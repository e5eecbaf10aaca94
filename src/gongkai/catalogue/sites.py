"""政府网站 from opening to closing (S4-52): open, change, merge into another, close. A site that ends is announced first, sends its readers
on or says where its archive is, and stays in the public list with its notice.
"""

from __future__ import annotations

import re
from datetime import date
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from django.db.models import QuerySet
from django.utils import timezone

from gongkai.agencies.access import scope_of
from gongkai.agencies.models import Agency, User
from gongkai.catalogue import hosts
from gongkai.catalogue.access import one, own
from gongkai.catalogue.models import Deed, Site
from gongkai.deeds import performing
from gongkai.deeds.performing import insist, lock, text_reasons
from gongkai.obligations.proving import record_proves
from gongkai.obligations.records import facts_of, is_own, record_at
from gongkai.obligations.triggers import Fact, happened

perform = partial(performing.perform, Deed)
LOOK = ("colour", "scope", "organ", "phone", "icp", "police", "errors_url")
"""What a site with a host of its own says in its footer, and what it shows."""
_HOST = re.compile(r"(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]")
MOST_REDIRECTS = 500


def sites_for(user: Any) -> QuerySet[Site]:
    scope = scope_of(user)
    rows = Site.objects.select_related("agency__jurisdiction", "merged_into")
    return rows.filter(own(scope)) if scope.is_staff_member else rows.none()


def access_site(user: Any, pk: int) -> Site:
    return one(sites_for(user), pk)


def role_reason(agency: Agency, actor: Any) -> str:
    return "" if scope_of(actor).is_office_of(agency.jurisdiction_id) else "网站的开办、变更、整合、关停由本地区政务公开主管部门办理"


def state_reasons(site: Site) -> list[str]:
    return [] if site.state == Site.State.OPEN else [f"已于 {site.ended_on} {site.get_state_display()}"]


def failure_reasons(site: Site, actor: Any) -> list[str]:
    """What stands between this person and changing, merging or closing it; empty means it may be done."""
    role = role_reason(site.agency, actor)
    return [role] if role else state_reasons(site)


def clean_host(host: str) -> str:
    """A host name as browsers send it: lower case, without scheme, port or path; empty for anything else."""
    words = host.strip().lower()
    try:
        name = urlsplit(words if "//" in words else f"//{words}").hostname or ""
        name = name.rstrip(".").encode("idna").decode("ascii")
    except (ValueError, UnicodeError):
        return ""
    return name if _HOST.fullmatch(name) else ""


def is_address(url: str) -> bool:
    """A whole http address somebody can be sent to."""
    try:
        parts = urlsplit(url.strip())
        return (
            parts.scheme in ("http", "https")
            and bool(parts.hostname)
            and "@" not in parts.netloc
            and not re.search(r"[\s\x00-\x1f\\]", url)
        )
    except ValueError:
        return False


def open_site(
    agency: Agency, actor: User, *, key: str, name: str, host: str, kind: str, id_code: str = "", opened_on: date | None = None, **look: str
) -> Site:
    """`look`: of LOOK, what is left out as the model has it."""
    cleaned = clean_host(host)
    look = _given(look)
    faults = _described(name, cleaned, kind, id_code)
    faults += _look_faults(look)
    day = opened_on or timezone.localdate()
    if day > timezone.localdate():
        faults.append("开办日期不能晚于今天")

    def work() -> Site:
        insist(role_reason(agency, actor), faults)
        own = {"name": name.strip(), "host": cleaned, "kind": kind, "id_code": id_code.strip(), "opened_on": day}
        return Site.objects.create(agency=agency, **own, **look)

    clash = f"{cleaned} 已经登记过；域名不重复使用，关停的网站也保留它的地址"
    return perform(Deed.Kind.SITE_OPENED, actor, key, None, work, text=name, agency_id=agency.pk, clash=clash)


def _described(name: str, host: str, kind: str, id_code: str) -> list[str]:
    faults = text_reasons(name, most=120)
    if not name.strip():
        faults.append("请填写网站名称")
    if not host:
        faults.append("域名写成 www.example.gov.cn 这样，不带 http 和路径")
    if kind not in Site.Kind.values:
        faults.append("请选择网站类别")
    if not re.fullmatch(r"[A-Za-z0-9]{0,20}", id_code.strip()):
        faults.append("网站标识码由数字和字母组成，不超过 20 位")
    return faults


def _given(look: dict[str, str]) -> dict[str, str]:
    """What may be set; scope and colour that nobody chose stay as they are."""
    return {name: value.strip() for name, value in look.items() if name in LOOK and (value or name not in ("scope", "colour"))}


def _look_faults(look: dict[str, str]) -> list[str]:
    faults = []
    for name, value in look.items():
        field: Any = Site._meta.get_field(name)
        faults += text_reasons(value, most=field.max_length or 300)
        if field.choices and value not in dict(field.choices):
            faults.append(f"请选择{field.verbose_name}")
    if look.get("errors_url") and not is_address(look["errors_url"]):
        faults.append("“我为政府网站找错”入口写成 https:// 开头的完整地址")
    return faults


def change(site: Site, actor: User, *, key: str, name: str, kind: str, id_code: str, **look: str) -> Site:
    """Name, kind, code and LOOK; the host is the site's identity and does not change."""
    look = _given(look)

    def work() -> Site:
        locked = lock(site)
        insist(
            role_reason(locked.agency, actor), state_reasons(locked) or [*_described(name, locked.host, kind, id_code), *_look_faults(look)]
        )
        locked.name, locked.kind, locked.id_code = name.strip(), kind, id_code.strip()
        for field, value in look.items():
            setattr(locked, field, value)
        locked.save(update_fields=["name", "kind", "id_code", *look])
        return locked

    return perform(Deed.Kind.SITE_CHANGED, actor, key, site, work, agency_id=site.agency_id)


def merge(
    site: Site,
    actor: User,
    *,
    key: str,
    into: Site,
    reason: str,
    notice_url: str,
    moved_to: str = "",
    redirects: list[list[str]] | None = None,
    archive: str = "",
) -> Site:
    """Its content goes into another open site; its addresses lead there."""
    address = moved_to.strip() or f"https://{into.host}/"

    def work() -> Site:
        locked = lock(site)
        faults = _ending(locked, reason, notice_url, address, redirects or [])
        if into.pk == locked.pk:
            faults.append("不能并入它自己")
        elif lock(into).state != Site.State.OPEN:
            faults.append(f"“{into.name}”已经关停，请另选一个网站")
        insist(role_reason(locked.agency, actor), state_reasons(locked) or faults)
        locked.merged_into = into
        return _end(locked, Site.State.MERGED, actor, reason, notice_url, address, redirects or [], archive)

    return perform(Deed.Kind.SITE_MERGED, actor, key, site, work, text=reason, agency_id=site.agency_id)


def close(
    site: Site,
    actor: User,
    *,
    key: str,
    reason: str,
    notice_url: str,
    moved_to: str = "",
    redirects: list[list[str]] | None = None,
    archive: str = "",
) -> Site:
    """It ends: readers are sent on, or its archive is named, and the public was told."""

    def work() -> Site:
        locked = lock(site)
        faults = _ending(locked, reason, notice_url, moved_to, redirects or [])
        if not moved_to.strip() and not archive.strip():
            faults.append("请填写内容迁往的新地址，或者写明归档在哪里")
        insist(role_reason(locked.agency, actor), state_reasons(locked) or faults)
        return _end(locked, Site.State.CLOSED, actor, reason, notice_url, moved_to.strip(), redirects or [], archive)

    return perform(Deed.Kind.SITE_CLOSED, actor, key, site, work, text=reason, agency_id=site.agency_id)


def _ending(site: Site, reason: str, notice_url: str, moved_to: str, redirects: list[list[str]]) -> list[str]:
    faults = text_reasons(reason, most=500) if reason.strip() else ["请写明理由"]
    faults += _notice_faults(notice_url)
    if moved_to.strip() and not is_address(moved_to):
        faults.append("新地址写成 https:// 开头的完整地址")
    if is_address(moved_to) and clean_host(moved_to) == site.host:
        faults.append("新地址不能还在这个域名下")
    if len(redirects) > MOST_REDIRECTS:
        faults.append(f"地址对照最多 {MOST_REDIRECTS} 行")
    for n, pair in enumerate(redirects, 1):
        if len(pair) != 2 or not pair[0].startswith("/") or not is_address(pair[1]) or clean_host(pair[1]) == site.host:
            faults.append(f"地址对照第 {n} 行写成“/原路径 https://新地址”，新地址不能在原域名下")
            break
    return faults


def _notice_faults(url: str) -> list[str]:
    """关停之前公告 (国办发〔2017〕47号): its address; one of this installation must be a page the public can read."""
    if not url.strip():
        return ["关停、迁移之前要公告：请先公开公告，再填写公告的地址"]
    if not is_address(url):
        return ["公告地址写成 https:// 开头的完整地址"]
    if not is_own(url):
        return []
    found = record_at(url)
    if found is None:
        return ["公告地址是本系统的，但不是一条公开信息的页面，请改正"]
    facts = facts_of(*found)
    return [] if facts.published_on else [f"公告“{facts.title}”{facts.lacking}，请先公开公告"]


def _end(
    locked: Site,
    state: str,
    actor: User,
    reason: str,
    notice_url: str,
    moved_to: str,
    redirects: list[list[str]],
    archive: str,
) -> Site:
    locked.state, locked.ended_on, locked.ended_reason = state, timezone.localdate(), reason.strip()[:500]
    notice = record_at(notice_url)
    locked.notice_id, locked.notice_url = (notice[1] if notice else None), notice_url.strip()
    locked.moved_to, locked.redirects, locked.archive = moved_to, redirects, archive.strip()[:300]
    locked.save()
    agency = locked.agency
    for duty in happened(Fact("site_closed", agency.jurisdiction, agency, locked.pk, locked.name, timezone.localdate()), actor):
        if notice is not None:
            record_proves(duty, *notice)
    return locked


def target_of(site: Site, path: str) -> str:
    """Where a reader of an address of an ended site goes: the longest path of its table that fits, else its new address."""
    fitting = [pair for pair in site.redirects if path == pair[0] or path.startswith(pair[0].rstrip("/") + "/")]
    return str(max(fitting, key=lambda pair: len(pair[0]))[1]) if fitting else site.moved_to


def ended_at(host: str) -> Site | None:
    """The ended site a request was made to. No query for the hosts this installation answers as itself."""
    name = hosts.name_of(host)
    if not name or hosts.is_main(name) or name not in hosts.table().ended:
        return None
    return Site.objects.filter(host=name).exclude(state=Site.State.OPEN).first()


def still_answered(site: Site) -> bool:
    """Whether GONGKAI_HOSTS still names the host, so that nobody is sent on yet."""
    return hosts.is_main(site.host)
