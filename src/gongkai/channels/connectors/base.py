"""The interface of a connector (docs/connectors.md): what it gets, what it answers, how it fails. Plain Python; knows no model of channels.

A connector has no state of its own. Whatever it is asked it may be asked again with the same `key`: a worker may die after the other side
has taken a delivery and before that was noted. So the key goes along, and twice must be recognisable as once.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import IO, Any, ClassVar

from django import forms

PUBLISH, UPDATE, WITHDRAW = "publish", "update", "withdraw"
LONGEST_ADDRESS, LONGEST_ANSWER = 500, 300


class DeliveryError(Exception):
    """Not delivered, with one Chinese sentence. `permanent`: trying again would not help, a person must look.

    `down`: the other side as a whole could not be reached, so that nothing else of this channel need be tried for a while.
    """

    def __init__(self, reason: str, *, permanent: bool = False, down: bool = False) -> None:
        super().__init__(reason)
        self.permanent = permanent
        self.down = down and not permanent


@dataclass(frozen=True, slots=True)
class File:
    """A public copy of an attachment. `open` gives its bytes; they are never the original's."""

    name: str
    title: str
    size: int
    sha256: str
    url: str
    open: Callable[[], IO[bytes]]


@dataclass(frozen=True, slots=True)
class Package:
    """What goes out: of a public document nothing but what its public page shows. Of a withdrawn one its title, address and reason.

    `action` is publish, update (a major change) or withdraw. `data` is the JSON twin of the page, `html` its text, `text` the same plain.
    `earlier`: keys of the deliveries by which earlier editions went to this channel, the oldest first.
    """

    key: str
    action: str
    document: int
    edition: int
    title: str
    url: str
    agency: str
    agency_id: int
    at: datetime
    html: str = ""
    text: str = ""
    reason: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)
    files: tuple[File, ...] = ()
    earlier: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Target:
    """The channel as a connector sees it: what its settings form kept, and the secret it signs with."""

    settings: Mapping[str, Any]
    secret: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Prepared:
    """What will be handed over, made without touching anything outside: the same package gives the same bytes."""

    package: Package
    body: bytes = b""
    words: str = ""
    """What a person may read and copy."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """`done` False: taken, but not there yet; the worker asks `status` until it is. `address`: where it stands now, if it says so."""

    answer: str
    done: bool = True
    address: str = ""


class SettingsForm(forms.Form):
    """The settings of one channel. `cleaned_data` is stored as JSON: plain values and lists only, and no secrets."""


class Connector(ABC):
    """One way out. `name` never changes, channels keep it; `label` is what people read. `by_hand`: a person delivers, the worker waits."""

    name: ClassVar[str]
    label: ClassVar[str]
    help: ClassVar[str] = ""
    media: ClassVar[tuple[str, ...]] = ()
    """Ids of rules/media.toml it can carry; empty: any."""
    by_hand: ClassVar[bool] = False
    signs: ClassVar[bool] = False
    """A channel of it gets a secret when it is made."""
    form: ClassVar[type[SettingsForm]] = SettingsForm

    @abstractmethod
    def prepare(self, package: Package, target: Target) -> Prepared:
        """Pure. DeliveryError(permanent) for what can never go this way."""

    @abstractmethod
    def deliver(self, prepared: Prepared, target: Target) -> Receipt:
        """Hands over a publish or an update. Answers or raises DeliveryError within 60 seconds; another exception counts as a retry."""

    @abstractmethod
    def withdraw(self, prepared: Prepared, target: Target) -> Receipt:
        """Takes down what was delivered, or marks it as withdrawn; of what was never delivered it says so and is done."""

    def status(self, package: Package, target: Target) -> Receipt:
        """Whether what was accepted is there by now. Only asked after a receipt that was not `done`."""
        return Receipt("已送达")

    def trouble(self, target: Target) -> str:
        """What stands in the way of the channel as a whole, found without sending anything; empty when nothing does."""
        return ""
