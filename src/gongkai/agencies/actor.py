"""Whose deed a request is."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from gongkai.agencies.models import User


def actor_of(request: HttpRequest) -> User:
    """The member of staff behind a request that auth.staff_required has let in; PermissionDenied for anybody else."""
    if not isinstance(request.user, User):
        raise PermissionDenied("请先登录")
    return request.user
