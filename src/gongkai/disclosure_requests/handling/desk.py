"""What one person can do about one case: each verb with its form, or with what stands in the way, as the panels show it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse

from gongkai.disclosure_requests import access
from gongkai.disclosure_requests.handling.forms import CaseForm
from gongkai.disclosure_requests.handling.verbs import VERBS, Spec
from gongkai.disclosure_requests.models import DisclosureRequest


@dataclass(slots=True)
class Shown:
    """One verb on the page. `form` is there when it is unfolded or is one button; `ident` names it in the address and as anchor."""

    spec: Spec
    ident: str
    url: str
    form: CaseForm | None = None
    reasons: list[str] = field(default_factory=list)
    open: bool = False
    lines: list[str] = field(default_factory=list)
    asks: bool = False
    """The fee is reckoned before its notice can be issued."""


class Desk:
    """`do`: the verb the address unfolds (`clarify`, or `opinion-12` for one on a record); `bound`: a form that was refused."""

    def __init__(self, case: DisclosureRequest, user: Any, do: str = "", bound: tuple[str, CaseForm] | None = None) -> None:
        self.case, self.user, self.do, self.bound = case, user, do, bound
        self.handles = access.handles(user, case)
        self._roles: dict[Callable[..., str], str] = {}

    def role(self, spec: Spec) -> str:
        if spec.role not in self._roles:
            self._roles[spec.role] = spec.role(self.user, self.case)
        return self._roles[spec.role]

    def verb(self, name: str, target: Any = None) -> Shown | None:
        """None for a verb that is not this person's."""
        spec = VERBS[name]
        if self.role(spec):
            return None
        if target is not None:
            target.request = self.case
        ident = f"{name}-{target.pk}" if target is not None else name
        address = reverse("request_cases:verb_on", args=[self.case.pk, name, target.pk]) if target is not None else ""
        url = address or reverse("request_cases:verb", args=[self.case.pk, name])
        shown = Shown(spec, ident, url)
        if self.bound is not None and self.bound[0] == ident:
            shown.form, shown.open = self.bound[1], True
            return shown
        shown.reasons = spec.reasons(target if target is not None else self.case)
        if not shown.reasons and (self.do == ident or spec.is_plain):
            shown.open = self.do == ident
            shown.form = spec.form(case=self.case, target=target, auto_id=f"{ident}_%s")
        return shown

    def verbs(self, *names: str, on: Any = None) -> list[Shown]:
        return [shown for name in names if (shown := self.verb(name, on)) is not None]

    def free(self, *names: str, on: Any = None) -> list[Shown]:
        """Those that can be pressed now; what stands in the way of the others is not said, because it is plain to see."""
        return [shown for shown in self.verbs(*names, on=on) if not shown.reasons]
