"""Logins and changes of one's own account in the journal: that they happened, to whom; never a password, a code or an address."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from gongkai.agencies.models import Membership, User
from gongkai.journal.actions import record


@transaction.atomic
def note_account(action: str, user: User, actor: User | None) -> None:
    """A deed on an account; it belongs to the place of its first post."""
    place = Membership.objects.filter(user=user).order_by("pk").values_list("agency__jurisdiction_id", flat=True).first()
    record(action, user, actor=actor, place=place)


def logged_in(sender: Any, user: Any, **kwargs: Any) -> None:
    note_account("account.logged_in", user, user)


def locked_out(sender: Any, username: str = "", **kwargs: Any) -> None:
    """Too many wrong passwords. Only for a name that is an account: people type their passwords there."""
    if (user := User.objects.filter(username=username).first()) is not None:
        note_account("account.locked", user, None)
