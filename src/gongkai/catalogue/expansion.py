"""动态扩展 (条例第二十二条, S4-41): what a superior adds to its catalogue reaches every catalogue of its kind below, to be decided there.

Nothing enters a catalogue by itself: an item offered is taken over into the draft, or declined with a reason, within the place's limit. It
reaches a catalogue once, by whatever road (`root`), so doing it again is harmless. The rows are the change log.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from gongkai.agencies.access import scope_of
from gongkai.agencies.models import Agency, Jurisdiction, User
from gongkai.agencies.names import shortened
from gongkai.catalogue.access import acts_for, one
from gongkai.catalogue.actions.catalogues import revise
from gongkai.catalogue.copying import fields_of, next_codes, next_position
from gongkai.catalogue.cycles import name_of
from gongkai.catalogue.keeping import limits_of
from gongkai.catalogue.models import Catalogue, CatalogueVersion, Deed, Expansion, Item, ItemStandard
from gongkai.clocks.limits import Limit
from gongkai.deeds import performing
from gongkai.deeds.performing import insist, lock, text_reasons
from gongkai.obligations.models import Obligation
from gongkai.obligations.models.obligation import OPEN
from gongkai.obligations.opening import NewObligation, open_obligations
from gongkai.obligations.proving import Facts, prove_by_fact, record_proves
from gongkai.obligations.triggers import end

perform = partial(performing.perform, Deed)
RULE = "expansion"
RECORD = "expansion_decision"
SOURCE = Obligation.Source.CATALOGUE
BASIS = "政府信息公开条例（国令711号，2019修订）第二十二条"
State = CatalogueVersion.State


def expansions_for(user: Any) -> QuerySet[Expansion]:
    """What was offered to, and what was handed down by, the catalogues of one's own agencies and of the places one reads as office."""
    scope = scope_of(user)
    rows = Expansion.objects.select_related(
        "catalogue__agency__jurisdiction",
        "catalogue__jurisdiction",
        "origin__catalogue__agency__jurisdiction",
        "item",
        "decided_by",
        "version",
    )
    if not scope.is_staff_member:
        return rows.none()
    to = Q(catalogue__agency__in=scope.agency_ids) | Q(catalogue__jurisdiction__in=scope.seen_ids)
    return rows.filter(to | Q(origin__catalogue__agency__in=scope.agency_ids))


def access_expansion(user: Any, pk: int) -> Expansion:
    return one(expansions_for(user), pk)


def below(catalogue: Catalogue) -> list[Catalogue]:
    """Every catalogue of the same kind and field in the places below, and of the bodies this agency supervises in its own place.

    A department's own catalogue meets that of the same department below, by the short forms of the name (发展和改革委员会, 发展和改革局).
    """
    places, layer = set[int](), {catalogue.jurisdiction_id}
    while layer:
        layer = set(Jurisdiction.objects.filter(parent__in=layer).values_list("pk", flat=True)) - places
        places |= layer
    same = Catalogue.objects.filter(kind=catalogue.kind, field=catalogue.field).exclude(pk=catalogue.pk)
    supervised = Q(agency__parent=catalogue.agency_id) | Q(agency__public_body__supervisor=catalogue.agency_id)
    if catalogue.kind == Catalogue.Kind.AGENCY:
        reach = Q(jurisdiction__in=places)
    else:
        reach = Q(jurisdiction__in=places) | (Q(jurisdiction=catalogue.jurisdiction_id) & supervised)
    rows = list(same.filter(reach, agency__valid_to__isnull=True).select_related("agency__jurisdiction", "jurisdiction").order_by("pk"))
    if catalogue.kind != Catalogue.Kind.AGENCY:
        return rows
    own = _forms(catalogue.agency)
    return [row for row in rows if own & _forms(row.agency)]


def _forms(agency: Agency) -> frozenset[str]:
    return frozenset(form for form in shortened(agency.name.removeprefix(agency.jurisdiction.name)) if len(form) > 1)


@transaction.atomic
def follow_version(version: CatalogueVersion, actor: User | None) -> None:
    """A version was approved: what it adds goes down, what it drops is asked of nobody any more, what it took over is decided.

    The first version of a catalogue sets it up and expands nothing; `hand_down` reaches for its items one by one.
    """
    earlier = CatalogueVersion.objects.filter(catalogue=version.catalogue_id, number__lt=version.number).exclude(state=State.DRAFT)
    known = set(ItemStandard.objects.filter(version__in=earlier).values_list("item", flat=True))
    standards = list(version.standards.select_related("item"))
    if known:
        reach(version, [row for row in standards if row.item_id not in known], actor)
    here = {row.item_id for row in standards}
    _withdraw([pk for pk in known if pk not in here], actor)
    for pk in Expansion.objects.filter(item__in=here, state=Expansion.State.TAKEN).values_list("pk", flat=True):
        prove_by_fact(RECORD, pk)


def reach(version: CatalogueVersion, standards: Iterable[ItemStandard], actor: User | None) -> list[Expansion]:
    """Offers items of a version to the catalogues below: those not offered before, of a level that is theirs, that they do not have.

    The statements grow with neither items nor catalogues.
    """
    rows = list(standards)
    targets = below(version.catalogue) if rows else []
    if not targets:
        return []
    roots = _roots([row.item_id for row in rows])
    offered = set(Expansion.objects.filter(catalogue__in=targets, root__in=set(roots.values())).values_list("catalogue", "root"))
    working = ItemStandard.objects.filter(version__catalogue__in=targets, version__state__in=[State.DRAFT, State.CURRENT])
    theirs = set(working.values_list("version__catalogue", "level1", "level2"))
    now = timezone.now()
    new = [
        Expansion(catalogue=target, origin_id=row.item_id, root_id=roots[row.item_id], version=version, proposed_at=now)
        for target in targets
        for row in rows
        if (target.pk, roots[row.item_id]) not in offered
        and (not row.levels or target.jurisdiction.level in row.levels)
        and (target.pk, row.level1, row.level2) not in theirs
    ]
    Expansion.objects.bulk_create(new, ignore_conflicts=True)
    made = list(
        Expansion.objects.filter(
            catalogue__in={row.catalogue_id for row in new}, root__in={row.root_id for row in new}, state=Expansion.State.OPEN
        ).select_related("catalogue__agency", "catalogue__jurisdiction")
    )
    _ask(made, {row.item_id: name_of(row) for row in rows}, version, actor)
    return made


def _roots(item_ids: Iterable[int]) -> dict[int, int]:
    """Item → the item it began with: what was itself taken over from above goes down as the one above."""
    ids = list(item_ids)
    return {pk: pk for pk in ids} | dict(Expansion.objects.filter(item__in=ids).values_list("item", "root"))


def _ask(rows: list[Expansion], names: dict[int, str], version: CatalogueVersion, actor: User | None) -> None:
    limits = limits_of({row.catalogue.jurisdiction_id for row in rows})
    today = timezone.localdate()
    wanted = [
        NewObligation(
            jurisdiction=row.catalogue.jurisdiction,
            owner=row.catalogue.agency,
            role=Obligation.Role.RESPONSIBLE,
            source=SOURCE,
            rule=RULE,
            document_id=row.catalogue_id,
            subject_id=row.pk,
            title=f"决定是否采纳上级事项：{names[row.origin_id]}",
            basis=BASIS,
            starts_on=today,
            limit=Limit("expansion", limits[row.catalogue.jurisdiction_id].expansion_days, "working_days", anchor="上级下达之日"),
            clock_from=today,
            clock_reason="上级目录增加事项",
            proof={"kinds": [RECORD], "checks": ["published", "by_owner"], "note": "在目录管理页面采纳或者不采纳，自动办结"},
        )
        for row in rows
        if row.origin_id in names
    ]
    open_obligations(wanted, actor, text=f"《{version.catalogue.title}》第 {version.number} 版增加的事项")


def _withdraw(item_ids: list[int], actor: User | None) -> None:
    """The superior dropped the item before it was decided below."""
    rows = Expansion.objects.filter(origin__in=item_ids, state=Expansion.State.OPEN)
    pks = list(rows.values_list("pk", flat=True))
    rows.update(state=Expansion.State.WITHDRAWN, decided_at=timezone.now(), reason="上级目录删去这一事项")
    end(duties(pks).filter(OPEN).select_for_update(of=("self",)), actor, "上级目录删去这一事项", timezone.localdate())


def duties(pks: Iterable[int]) -> QuerySet[Obligation]:
    return Obligation.objects.filter(source=SOURCE, rule=RULE, subject_id__in=list(pks))


def hand_down_role(catalogue: Catalogue, actor: Any) -> str:
    scope = scope_of(actor)
    mine = acts_for(scope, catalogue.agency) or scope.is_office_of(catalogue.jurisdiction_id)
    return "" if mine else "由编制单位或者本地区政务公开主管部门扩展到下级"


def hand_down(catalogue: Catalogue, items: Iterable[Item], actor: User, *, key: str) -> Catalogue:
    """Offers chosen items of the version in force to every catalogue below that was not offered them yet."""
    chosen = {item.pk for item in items}

    def work() -> Catalogue:
        locked = lock(catalogue)
        version = locked.versions.filter(state=State.CURRENT).select_related("catalogue__agency__jurisdiction").first()
        faults = [] if version else ["目录还没有现行版本，批准以后才能扩展到下级"]
        rows = list(version.standards.filter(item__in=chosen).select_related("item")) if version else []
        if version and len(rows) != len(chosen):
            faults.append("选中的事项有的不在现行版本里，请刷新页面重新选")
        if not chosen:
            faults.append("请选择要扩展到下级的事项")
        elif version and not below(version.catalogue):
            faults.append("下级还没有同类目录，没有可以扩展的对象")
        insist(hand_down_role(locked, actor), faults)
        assert version is not None
        reach(version, rows, actor)
        return locked

    return perform(Deed.Kind.HANDED_DOWN, actor, key, catalogue, work, agency_id=catalogue.agency_id)


def decide_role(row: Expansion, actor: Any) -> str:
    return "" if acts_for(scope_of(actor), row.catalogue.agency) else "由本级目录的编制单位决定"


def decide_state(row: Expansion) -> list[str]:
    """Taken over stays decided while a version has the item; a draft given up asks again."""
    if row.state == Expansion.State.TAKEN and ItemStandard.objects.filter(item=row.item_id).exists():
        return ["这一事项已经采纳"]
    return ["上级已经撤回这一事项"] if row.state == Expansion.State.WITHDRAWN else []


def take(row: Expansion, actor: User, *, key: str) -> ItemStandard:
    """采纳: the item joins the draft, begun where there is none, as the superior words it, to be fitted and approved there.

    Also what was declined before, and what was taken over into a draft that was given up.
    """

    def work() -> ItemStandard:
        locked = lock(row)
        insist(decide_role(locked, actor), decide_state(locked))
        draft = CatalogueVersion.objects.filter(catalogue=locked.catalogue_id, state=State.DRAFT).first()
        draft = draft or revise(locked.catalogue, actor, key=f"{key}:revise", reason="采纳上级扩展的事项")
        made = _copy(locked, draft)
        locked.item, locked.state, locked.reason = made.item, Expansion.State.TAKEN, ""
        _decided(locked, actor)
        return made

    return perform(Deed.Kind.TAKEN_OVER, actor, key, row, work, agency_id=row.catalogue.agency_id)


def decline(row: Expansion, actor: User, *, key: str, reason: str) -> Expansion:
    """不采纳, with the reason; it stays in the log, and may be taken over later."""

    def work() -> Expansion:
        locked = lock(row)
        faults = text_reasons(reason, most=500) if reason.strip() else ["请写明不采纳的理由"]
        if locked.state == Expansion.State.DECLINED:
            faults = ["这一事项已经决定不采纳"]
        insist(decide_role(row, actor), decide_state(locked) or faults)
        locked.state, locked.reason = Expansion.State.DECLINED, reason.strip()
        _decided(locked, actor)
        return locked

    return perform(Deed.Kind.DECLINED, actor, key, row, work, text=reason, agency_id=row.catalogue.agency_id)


def _decided(locked: Expansion, actor: User) -> None:
    locked.decided_by, locked.decided_at = actor, timezone.now()
    locked.save(update_fields=["item", "state", "reason", "decided_by", "decided_at"])
    prove_by_fact(RECORD, locked.pk)
    for duty in duties([locked.pk]).filter(OPEN):
        record_proves(duty, RECORD, locked.pk)


def _copy(row: Expansion, draft: CatalogueVersion) -> ItemStandard:
    """The superior's words as they stand in force, or as they last stood there; whose duty it is, is one's own."""
    said = said_of(row)
    assert said is not None  # it was in force when it was handed down
    item = Item.objects.filter(catalogue=row.catalogue_id, origin=row.origin_id).first()
    if item is None:
        code = said.item.code if not Item.objects.filter(catalogue=row.catalogue_id, code=said.item.code).exists() else ""
        item = Item.objects.create(catalogue=row.catalogue, origin=row.origin, code=code or next_codes(row.catalogue_id, 1)[0])
    agency = row.catalogue.agency
    values = {**fields_of(said), "subject_words": agency.name, "position": next_position(draft)}
    made, new = ItemStandard.objects.get_or_create(version=draft, item=item, defaults=values)
    if new:
        made.subjects.set([agency])
    return made


def facts_of(pk: int) -> Facts | None:
    """A decision as proof. Declined stands from its day; taken over from the day on which a version with the item was approved."""
    row = Expansion.objects.select_related("catalogue").filter(pk=pk).first()
    if row is None or row.decided_at is None or row.state == Expansion.State.WITHDRAWN:
        return None
    day: date | None = timezone.localdate(row.decided_at)
    if row.state == Expansion.State.TAKEN:
        approved = CatalogueVersion.objects.filter(standards__item=row.item_id).exclude(state=State.DRAFT).order_by("number").first()
        day = timezone.localdate(approved.approved_at) if approved and approved.approved_at else None
    return Facts(
        title=f"{row.get_state_display()}上级事项",
        url=address(pk),
        published_on=day,
        agency_id=row.catalogue.agency_id,
        lacking="已采纳，等目录新版本批准",
    )


def address(pk: int) -> str:
    return reverse("catalogue_keeping:expansion", args=[pk])


def said_of(row: Expansion) -> ItemStandard | None:
    """What the superior says of the item, newest first."""
    rows = ItemStandard.objects.filter(item=row.origin_id).exclude(version__state=State.DRAFT)
    return rows.select_related("item", "version__catalogue").order_by("-version__number").first()


def names_of(item_ids: Iterable[int]) -> dict[int, str]:
    """Item → its name in its newest approved version. One query."""
    rows = ItemStandard.objects.filter(item__in=list(item_ids)).exclude(version__state=State.DRAFT)
    return {row.item_id: name_of(row) for row in rows.order_by("version__number").only("item", "level1", "level2")}


def open_for(catalogue: Catalogue) -> int:
    """How many items from above wait for a decision in this catalogue."""
    return Expansion.objects.filter(catalogue=catalogue, state=Expansion.State.OPEN).count()
