"""A guide follows the name of its agency: a renamed one has a new version that day (条例第十二条: 及时更新)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.dispatch import receiver

from gongkai.agencies import guides
from gongkai.agencies.models import Agency, User
from gongkai.agencies.signals import directory_changed


@receiver(directory_changed, dispatch_uid="agencies.guides.renamed")
def follow_names(actor: User | None, renamed: Iterable[Agency] = (), **_kwargs: Any) -> None:
    """Only those that have a guide already: an agency without one is told so by the completeness check."""
    names = [agency.pk for agency in renamed]
    if names:
        guides.renew(guides.owing(Agency.objects.filter(pk__in=names, guides__isnull=False).distinct()), actor, "机构更名")
