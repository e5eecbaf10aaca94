"""The one road of every verb: its key first, then role, state and content under lock, then what changes and the deed that says so."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any, TypeVar

from django.apps import apps
from django.db import IntegrityError, models, transaction
from django.utils import timezone

from gongkai.agencies.errors import ActionRefused, NotAllowed
from gongkai.agencies.models import Agency, User
from gongkai.deeds.models import AbstractDeed
from gongkai.journal.actions import Change, record_many

Made = TypeVar("Made", bound=models.Model)
Row = TypeVar("Row", bound=models.Model)
USED = "这张表单已经用于另一条记录，请刷新页面后再提交"


def kind_of(record: models.Model) -> str:
    return str(record._meta.model_name)


def perform(
    deeds: type[AbstractDeed],
    kind: str,
    actor: User | None,
    key: str,
    about: models.Model | None,
    work: Callable[[], Made],
    *,
    text: str = "",
    at: datetime | None = None,
    agency_id: int | None = None,
    clash: str = "同样的记录已经有了",
    extra: Callable[[Made], Mapping[str, Any]] | None = None,
) -> Made:
    """Runs `work` in one transaction, writes its journal entry and its row in `deeds`. The same key again returns what it made, even when
    both arrive at once.

    `about` is the record the verb is pressed on (None for what begins something); `clash` says what a unique constraint refused; `extra`
    gives further columns of the row. `actor` is None for a member of the public, where the table of deeds allows it. Raises NotAllowed or
    ActionRefused; then nothing is left behind.
    """
    if not key or len(key) > 100:
        raise ActionRefused("表单不完整，请刷新页面后再提交")
    now = timezone.now()
    if at is not None and at > now:
        raise ActionRefused("办理时间不能晚于现在")
    if reasons := text_reasons(text):
        raise ActionRefused(reasons)
    if (earlier := _earlier(deeds, kind, actor, key, about)) is not None:
        return earlier  # type: ignore[return-value]
    try:
        with transaction.atomic():
            before = _values(about)
            made = work()
            _journal(deeds, kind, actor, made, about, before, agency_id, text.strip())
            deeds._default_manager.create(
                kind=kind,
                subject=kind_of(made),
                subject_id=made.pk,
                about=kind_of(about) if about is not None else "",
                about_id=about.pk if about is not None else None,
                actor=actor,  # type: ignore[misc]  # None only for tables that allow it
                agency_id=agency_id,
                at=at or now,
                text=text.strip(),
                key=key,
                **(extra(made) if extra else {}),
            )
    except (IntegrityError, ActionRefused) as error:
        # The same form pressed twice at once: the second waited for the first and met what it had done.
        if (earlier := _earlier(deeds, kind, actor, key, about)) is not None:
            return earlier  # type: ignore[return-value]
        if isinstance(error, ActionRefused):
            raise
        raise ActionRefused(clash) from error
    return made


def _values(row: models.Model | None) -> dict[str, Any]:
    """The columns of a record as the database has them now; empty for none. A model may keep columns out (`not_in_journal`): what stands
    in the journal stays there for ever, and the words of a draft may hold what nobody may keep."""
    if row is None:
        return {}
    values = type(row)._default_manager.filter(pk=row.pk).values().first() or {}
    kept_out: frozenset[str] = getattr(row, "not_in_journal", frozenset())
    return {name: value for name, value in values.items() if name not in kept_out}


def _journal(
    deeds: type[AbstractDeed],
    kind: str,
    actor: User | None,
    made: models.Model,
    about: models.Model | None,
    before: dict[str, Any],
    agency_id: int | None,
    text: str,
) -> None:
    """What the verb made, and what it changed of the record it was pressed on."""
    same = about is not None and (kind_of(about), about.pk) == (kind_of(made), made.pk)
    place = next((p for row in (made, about) if (p := getattr(row, "jurisdiction_id", None))), None)
    if place is None and agency_id is not None:
        place = Agency.objects.values_list("jurisdiction_id", flat=True).get(pk=agency_id)
    action = f"{deeds._meta.app_label}.{kind}"
    changes = [Change(action, made, actor, before if same else {}, _values(made), agency_id, place, text)]
    if about is not None and not same and (after := _values(about)) != before:
        changes.append(Change(action, about, actor, before, after, agency_id, place))
    record_many(changes)


def _earlier(deeds: type[AbstractDeed], kind: str, actor: User | None, key: str, about: models.Model | None) -> models.Model | None:
    """What this key has made already. ActionRefused when it belonged to another verb, person or record."""
    deed = deeds._default_manager.filter(key=key).first()
    if deed is None:
        return None
    pressed_on = (kind_of(about), about.pk) if about is not None else ("", None)
    if (deed.kind, deed.actor_id, deed.about, deed.about_id) != (kind, actor.pk if actor else None, *pressed_on):
        raise ActionRefused(USED)
    model = apps.get_model(deeds._meta.app_label, deed.subject)
    made = model._default_manager.filter(pk=deed.subject_id).first()
    if made is None:
        raise ActionRefused("这条记录已经删除")
    return made


def lock(record: Row) -> Row:
    """The row as it is now, held until the transaction ends; ActionRefused when it is gone."""
    model = type(record)
    locked = model._default_manager.select_for_update().filter(pk=record.pk).first()
    if locked is None:
        raise ActionRefused("这条记录已经删除")
    return locked


def insist(role: str, reasons: Iterable[str]) -> None:
    """NotAllowed for a role that is not this person's; ActionRefused for what stands in the way."""
    if role:
        raise NotAllowed(role)
    if found := list(reasons):
        raise ActionRefused(found)


def text_reasons(*texts: str, most: int = 5000) -> list[str]:
    """Why words cannot be kept; empty when they can."""
    reasons = []
    if any("\x00" in text for text in texts):
        reasons.append("文字里有不能保存的字符，请重新输入")
    if any(len(text) > most for text in texts):
        reasons.append(f"说明不能超过 {most} 个字")
    return reasons
