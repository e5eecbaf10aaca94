"""Suggestions of the public to a row of a catalogue (S1-1, S4-14): no account, no name asked, answered in public within the place's limit.

What is typed is screened before it is kept: numbers and addresses of persons are masked, the unmasked words are stored nowhere. A form
carries a signed key that makes one suggestion, however often it is sent; how many come from one place is limited (rules/keeping.toml).
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Iterable
from datetime import timedelta
from functools import partial
from typing import Any

from django.conf import settings
from django.core import signing
from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet
from django.urls import reverse
from django.utils import timezone

from gongkai.agencies.access import scope_of
from gongkai.agencies.errors import ActionRefused
from gongkai.agencies.models import User
from gongkai.catalogue.access import acts_for, one, own
from gongkai.catalogue.cycles import name_of, owners_of
from gongkai.catalogue.keeping import limits_in, rates
from gongkai.catalogue.models import CatalogueVersion, Deed, Item, ItemStandard, Suggestion
from gongkai.clocks.limits import Limit
from gongkai.deeds import performing
from gongkai.deeds.performing import insist, lock, text_reasons
from gongkai.journal.actions import record
from gongkai.obligations.models import Obligation
from gongkai.obligations.models.obligation import OPEN
from gongkai.obligations.opening import NewObligation, open_obligation
from gongkai.obligations.proving import Facts, record_proves
from gongkai.screening.masking import apply as masked_text
from gongkai.screening.screening import screen_text

perform = partial(performing.perform, Deed)
RULE = "suggestion"
RECORD = "suggestion_answer"
SOURCE = Obligation.Source.CATALOGUE
BASIS = "对公开事项的建议（条例第五条、第四十六条社会评议；期限为本地区设定）"
PERSONAL = frozenset({"id_number", "passport", "mobile", "landline", "bank_card", "email", "licence_plate", "address"})
LEAST, MOST = 5, 2000
"""Characters of a suggestion."""
_signer = signing.TimestampSigner(salt="gongkai.catalogue.suggestion")
_DAY = 24 * 3600
Outcome = Suggestion.Outcome


def suggestions_for(user: Any) -> QuerySet[Suggestion]:
    scope = scope_of(user)
    rows = Suggestion.objects.select_related("item__catalogue__jurisdiction", "agency__jurisdiction", "answered_by")
    return rows.filter(own(scope)) if scope.is_staff_member else rows.none()


def access_suggestion(user: Any, pk: int) -> Suggestion:
    return one(suggestions_for(user), pk)


def answered(item: Item) -> QuerySet[Suggestion]:
    """What everybody may read on the page of the item: suggestions with their answers, newest first; no advertisements."""
    return (
        item.suggestions.filter(answered_at__isnull=False)
        .exclude(outcome=Outcome.NOT_HANDLED)
        .select_related("agency")
        .order_by("-answered_at", "-pk")
    )


def by_code(code: str) -> Suggestion | None:
    """For who wrote it: the code on the receipt."""
    return Suggestion.objects.select_related("item__catalogue", "agency").filter(code=code.strip().upper()).first()


def standard_of(item: Item) -> ItemStandard | None:
    """What the version in force says of the item."""
    rows = ItemStandard.objects.filter(item=item, version__state=CatalogueVersion.State.CURRENT)
    return rows.select_related("version__catalogue__agency").prefetch_related("subjects").first()


def new_key(item: Item) -> str:
    """The key of one form for one item: signed, so that none can be made up, and good for a day."""
    return _signer.sign(f"{item.pk}:{secrets.token_hex(8)}")


def sender_of(address: str | None) -> str:
    """A keyed digest of today and a network address: counts what comes from one place today, and cannot be turned back."""
    day = timezone.localdate().isoformat()
    return hmac.new(settings.SECRET_KEY.encode(), f"suggestion {day} {address or ''}".encode(), "sha256").hexdigest()


def submit(item: Item, *, key: str, text: str, sender: str, homepage: str = "") -> Suggestion:
    """Keeps a suggestion and opens the obligation to answer it. `homepage` is a field no person sees; who fills it is a machine.

    Raises ActionRefused with what to mend; then nothing is kept.
    """
    nonce = _nonce(item, key)
    if (earlier := Suggestion.objects.filter(key=nonce).first()) is not None:
        return earlier
    standard = standard_of(item)
    words = text.strip()
    faults = _text_faults(words)
    if homepage:
        faults.append("“网址”一栏请留空，再提交一次")
    if standard is None:
        faults.append("这一事项已经不在目录里，请到目录里找现在的事项")
    if faults or standard is None:
        raise ActionRefused(faults)
    if crowded := _crowded(item, sender):
        raise ActionRefused(crowded)
    shown, kinds = screened(words)
    try:
        with transaction.atomic():
            row = Suggestion.objects.create(
                item=item,
                agency=owners_of(standard)[0],
                code=secrets.token_hex(5).upper(),
                text=shown,
                masked=kinds,
                sender=sender,
                received_at=timezone.now(),
                key=nonce,
            )
            _ask(row, standard)
            place = item.catalogue.jurisdiction_id
            record("catalogue.suggested", row, actor=None, new={"item": item.pk, "masked": kinds}, agency_id=row.agency_id, place=place)
    except IntegrityError:
        if (earlier := Suggestion.objects.filter(key=nonce).first()) is not None:  # the same form sent twice at once
            return earlier
        raise
    return row


def _nonce(item: Item, key: str) -> str:
    try:
        value = str(_signer.unsign(key, max_age=_DAY))
    except signing.SignatureExpired:
        raise ActionRefused("页面打开超过一天，请再按一次提交") from None
    except signing.BadSignature:
        raise ActionRefused("表单不完整，请再按一次提交") from None
    if value.partition(":")[0] != str(item.pk):
        raise ActionRefused("表单不是这一事项的，请再按一次提交")
    return value


def _text_faults(words: str) -> list[str]:
    if len(words) < LEAST:
        return [f"请写下建议，至少 {LEAST} 个字"]
    return text_reasons(words, most=MOST)


def _crowded(item: Item, sender: str) -> list[str]:
    """Too many at once, from one place or for one item."""
    limit, now = rates(), timezone.now()
    mine = Suggestion.objects.filter(sender=sender, received_at__gt=now - timedelta(hours=1)).count()
    if mine >= limit["sender_hour"]:
        return ["您所在的网络一小时内提交得太多，请过一会儿再提交，写好的内容请先留存"]
    if Suggestion.objects.filter(item=item, received_at__gt=now - timedelta(days=1)).count() >= limit["item_day"]:
        return ["这一事项今天收到的建议太多，请明天再提交，或者打电话告诉我们"]
    return []


def screened(words: str) -> tuple[str, list[str]]:
    """(the words with personal data masked, the kinds that were masked)."""
    hits = [(hit, finding.kind) for hit, finding in screen_text(words, timezone.localdate()) if finding.kind in PERSONAL]
    return masked_text(words, [hit for hit, _kind in hits]), sorted({kind for _hit, kind in hits})


def _ask(row: Suggestion, standard: ItemStandard) -> None:
    today = timezone.localdate()
    catalogue = standard.version.catalogue
    new = NewObligation(
        jurisdiction=catalogue.jurisdiction,
        owner=row.agency,
        role=Obligation.Role.RESPONSIBLE,
        source=SOURCE,
        rule=RULE,
        document_id=catalogue.pk,
        subject_id=row.pk,
        title=f"答复公众对公开事项的建议：{name_of(standard)}",
        basis=BASIS,
        starts_on=today,
        limit=Limit("suggestion", limits_in(catalogue.jurisdiction_id).suggestion_days, "working_days", anchor="收到建议之日"),
        clock_from=today,
        clock_reason="收到建议",
        proof={"kinds": [RECORD], "checks": ["published", "in_time", "by_owner"], "note": "在建议页面答复，自动办结"},
    )
    open_obligation(new, None, text="公众提出建议。")


def duties_of(rows: Iterable[Suggestion]) -> dict[int, Obligation]:
    """Suggestion → the duty to answer it. One query."""
    found = Obligation.objects.filter(source=SOURCE, rule=RULE, subject_id__in=[row.pk for row in rows]).order_by("pk")
    return {duty.subject_id: duty for duty in found}


def answer_role(row: Suggestion, actor: Any) -> str:
    return "" if acts_for(scope_of(actor), row.agency) else "建议由办理单位答复"


def answer_state(row: Suggestion) -> list[str]:
    return [f"已于 {timezone.localdate(row.answered_at)} 答复"] if row.answered_at else []


def answer(row: Suggestion, actor: User, *, key: str, outcome: str, words: str) -> Suggestion:
    """The answer stands on the page of the item for everybody; personal data in it is refused."""

    def work() -> Suggestion:
        locked = lock(row)
        insist(answer_role(locked, actor), answer_state(locked) or _answer_faults(outcome, words.strip()))
        locked.outcome, locked.answer = outcome, words.strip()
        locked.answered_by, locked.answered_at = actor, timezone.now()
        locked.save(update_fields=["outcome", "answer", "answered_by", "answered_at"])
        for duty in Obligation.objects.filter(OPEN, source=SOURCE, rule=RULE, subject_id=locked.pk):
            record_proves(duty, RECORD, locked.pk)
        return locked

    return perform(Deed.Kind.SUGGESTION_DONE, actor, key, row, work, agency_id=row.agency_id)


def _answer_faults(outcome: str, words: str) -> list[str]:
    faults = text_reasons(words, most=MOST)
    if outcome not in Outcome.values:
        faults.append("请选择办理结果")
    if len(words) < LEAST:
        faults.append(f"请写下答复，至少 {LEAST} 个字")
    found = {finding.why for _hit, finding in screen_text(words, timezone.localdate()) if finding.severity == "block"}
    return faults + [f"答复会公开，请改掉：{why}" for why in sorted(found)]


def facts_of(pk: int) -> Facts | None:
    row = Suggestion.objects.select_related("agency").filter(pk=pk).first()
    if row is None:
        return None
    return Facts(
        title=f"对建议 {row.code} 的答复",
        url=reverse("catalogue_kept:suggestion", args=[row.code]),
        published_on=timezone.localdate(row.answered_at) if row.answered_at else None,
        published_at=row.answered_at,
        agency_id=row.agency_id,
        public=True,
        lacking="还没有答复",
    )


def address(pk: int) -> str:
    return reverse("catalogue_keeping:suggestion", args=[pk])


def forget_senders() -> int:
    """The worker's part (site/ticks.py): the digests of former days say nothing any more and go. Returns how many."""
    edge = timezone.now() - timedelta(days=1)
    return Suggestion.objects.filter(received_at__lt=edge).exclude(sender="").update(sender="")


def waiting(user: Any) -> QuerySet[Suggestion]:
    """Not answered yet, the oldest first."""
    return suggestions_for(user).filter(answered_at__isnull=True).order_by(F("received_at").asc(), "pk")
