"""An instruction as the origin of obligations: who ordered it, its words, its file. Registered in apps.ready()."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse

from gongkai.coordination.access import instructions_for
from gongkai.coordination.models import Instruction
from gongkai.obligations.models import Obligation
from gongkai.obligations.origins import Origin


class Instructions:
    """The provider for obligations with source `instruction`."""

    def origin(self, obligation: Obligation, user: Any) -> Origin | None:
        row = Instruction.objects.select_related("agency", "parent__agency").filter(pk=obligation.subject_id).first()
        if row is None:
            return None
        seen = instructions_for(user).filter(pk=row.pk).exists()
        facts = [
            ("交办单位", row.agency.name),
            ("交办日期", f"{row.issued_on:%Y-%m-%d}"),
            ("转办自", row.parent.agency.name if row.parent else ""),
            ("附件", row.name),
        ]
        return Origin(
            document=row.title,
            document_url=reverse("instructions:detail", args=[row.pk]) if seen else "",
            place_url="",
            number=row.number,
            words=row.text,
            facts=tuple((label, value) for label, value in facts if value),
        )

    def documents(self, ids: Iterable[int], user: Any) -> dict[int, str]:
        return dict(instructions_for(user).filter(pk__in=list(ids)).order_by().values_list("pk", "title"))

    def text(self, obligation: Obligation) -> str:
        return Instruction.objects.filter(pk=obligation.subject_id).values_list("text", flat=True).first() or ""
