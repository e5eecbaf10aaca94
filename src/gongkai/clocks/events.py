"""What happens to a clock. An event is a plain record; whether a series of them makes sense is judged by `checked`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from gongkai.clocks.errors import ClockError
from gongkai.clocks.limits import UNITS, Limit
from gongkai.clocks.receipt import Receipt, beijing, day_of

KINDS = {"start": "起算", "restart": "重新起算", "suspend": "中止", "resume": "恢复", "extend": "延长", "delay": "延迟答复", "stop": "办结"}


@dataclass(frozen=True, slots=True)
class Event:
    """`on`: the day in Beijing. `at`: the moment in Beijing wall-clock time, needed where hours are counted.

    `n`: what an extension or a delay adds, in the unit of the limit. `by`: who approved it. `reason`: why, in words for the record.
    `document`: its paper.
    """

    kind: str
    on: date
    at: datetime | None = None
    n: int = 0
    reason: str = ""
    by: str = ""
    document: str = ""

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ClockError(f"没有 {self.kind} 这种事件，可用 {'、'.join(KINDS)}。")


def _event(kind: str, when: date | datetime, **more: object) -> Event:
    at = beijing(when) if isinstance(when, datetime) else None
    return Event(kind, day_of(when), at, **more)  # type: ignore[arg-type]


def start(when: date | datetime | Receipt, reason: str = "") -> Event:
    """The clock starts: with a receipt, on the day the channel's rule gives."""
    if isinstance(when, Receipt):
        return Event("start", when.on, reason=reason or when.why)
    return _event("start", when, reason=reason)


def restart(when: date | datetime | Receipt, reason: str = "") -> Event:
    """The whole limit runs again from here: 收到补正材料 (条例第三十条), 缴费 (国办函〔2020〕109号)."""
    if isinstance(when, Receipt):
        return Event("restart", when.on, reason=reason or when.why)
    return _event("restart", when, reason=reason)


def suspend(when: date | datetime, reason: str) -> Event:
    """Time that does not count begins: 征求第三方、其他机关意见 (条例第三十三条), 等待缴费. The day itself still counts."""
    return _event("suspend", when, reason=reason)


def resume(when: date | datetime, reason: str = "") -> Event:
    """It ends; the day itself does not count, the next one does."""
    return _event("resume", when, reason=reason)


def extend(when: date | datetime, n: int, *, by: str, reason: str, document: str = "") -> Event:
    """Lengthened by `n` units with the consent of `by` (条例第三十三条: 政府信息公开工作机构负责人同意并告知申请人)."""
    return _event("extend", when, n=n, by=by, reason=reason, document=document)


def delay(when: date | datetime, n: int, *, reason: str, document: str = "") -> Event:
    """A reasonable later day is set and told to an applicant who asks very often (条例第三十五条). The law names no most, and it takes
    nothing from the extension of Article 33; unlike a suspension it leaves the days running, so that an answer may come before.
    """
    return _event("delay", when, n=n, reason=reason, document=document)


def stop(when: date | datetime, reason: str = "", document: str = "") -> Event:
    """The duty is done: the reply is served, the document published."""
    return _event("stop", when, reason=reason, document=document)


def checked(events: Sequence[Event], limit: Limit) -> Sequence[Event]:
    """The events, if their order and amounts are possible. Raises ClockError naming the first that is not. Due days are checked by the
    clock.
    """
    if not events or events[0].kind != "start":
        raise ClockError("第一个事件要是起算，没有起算就没有期限。")
    first, suspended, extended, previous = events[0], None, 0, events[0]
    if limit.unit == "hours" and any(event.at is None for event in events):
        raise ClockError("按小时计算的期限，每个事件都要写时刻，例如 2026-02-10T09:30。")
    for event in events[1:]:
        words = KINDS[event.kind]
        if _before(event, first):
            raise ClockError(f"{words}的日期 {event.on} 早于起算日 {first.on}，请核对。")
        if _before(event, previous):
            raise ClockError(f"{words}的日期 {event.on} 早于前一事件（{KINDS[previous.kind]}，{previous.on}），请按先后次序记录。")
        if previous.kind == "stop":
            raise ClockError(f"{previous.on} 已经办结，不能再{words}。")
        if event.kind == "start":
            raise ClockError(f"{first.on} 已经起算；重新起算要记为重新起算，并写明事由。")
        if event.kind == "suspend":
            if suspended is not None:
                raise ClockError(f"{suspended.on} 已经中止，恢复之前不能再次中止。")
            if not event.reason.strip():
                raise ClockError("中止要写明事由，例如征求第三方意见。")
            suspended = event
        elif event.kind == "resume":
            if suspended is None:
                raise ClockError(f"{event.on} 没有正在进行的中止，不能恢复。")
            suspended = None
        elif event.kind == "restart":
            suspended, extended = None, 0
        elif event.kind == "extend":
            extended += _extension(event, limit, extended)
        elif event.kind == "delay" and (event.n <= 0 or not event.reason.strip()):
            raise ClockError("延迟答复要写明理由，延迟的数目要大于 0。")
        previous = event
    return events


def _extension(event: Event, limit: Limit, before: int) -> int:
    unit = UNITS[limit.unit]
    if not limit.cap:
        raise ClockError(f"{limit.name or limit.id}的期限不能延长（{limit.article or '规定中没有延长'}）。")
    if event.n <= 0:
        raise ClockError("延长的数目要大于 0。")
    if not event.by.strip() or not event.reason.strip():
        raise ClockError("延长要写明批准人和理由。")
    if before + event.n > limit.cap:
        already = f"，已延长 {before}{unit}" if before else ""
        raise ClockError(f"最多可以延长 {limit.cap}{unit}{already}，不能再延长 {event.n}{unit}（{limit.article or limit.id}）。")
    return event.n


def _before(one: Event, other: Event) -> bool:
    """Whether `one` lies before `other`; on the same day only where both have a time."""
    if one.on != other.on or one.at is None or other.at is None:
        return one.on < other.on
    return one.at < other.at
