"""What an agency has that must go somewhere when it is divided. Apps above list theirs; this one knows none of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from gongkai.agencies.models import Agency


@dataclass(frozen=True, slots=True)
class Belonging:
    """One thing to be given to one of the new agencies; `kind` and `pk` come back in reorganising.Change.chosen."""

    kind: str
    pk: int
    title: str
    detail: str = ""

    @property
    def key(self) -> str:
        return f"{self.kind}-{self.pk}"


Provider = Callable[[Agency], Iterable[Belonging]]
_providers: list[tuple[str, Provider]] = []


def add_belongings(title: str, provider: Provider) -> None:
    """Called once from an app's ready(); `provider` answers with a constant number of queries."""
    if (title, provider) not in _providers:
        _providers.append((title, provider))


def belongings(agency: Agency) -> list[tuple[str, list[Belonging]]]:
    """(title, things) of every kind there is something of: sections and people of this app, then those of the apps above."""
    sections = [Belonging("section", s.pk, s.name) for s in agency.sections.filter(valid_to__isnull=True)]
    posts = agency.memberships.select_related("user", "section").filter(user__is_active=True).order_by("user__display_name", "pk")
    people = [
        Belonging("membership", m.pk, str(m.user), m.get_role_display() + (f"，{m.section.name}" if m.section else "")) for m in posts
    ]
    found = [("内设机构", sections), ("人员", people), *((title, list(provider(agency))) for title, provider in _providers)]
    return [(title, things) for title, things in found if things]
