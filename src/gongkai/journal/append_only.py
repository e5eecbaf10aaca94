"""Rows that are written once, for every line of work: a correction is a further row."""

from __future__ import annotations

from typing import Any

from django.db import models


def refused(model: type[models.Model]) -> RuntimeError:
    return RuntimeError(f"{model._meta.verbose_name}只增不改，也不能删除")


class AppendOnly(models.QuerySet[Any]):
    """Bulk roads are closed too. Where the database refuses as well (guards.py of the apps), this says so earlier."""

    def update(self, **kwargs: Any) -> int:
        raise refused(self.model)

    def delete(self) -> tuple[int, dict[str, int]]:
        raise refused(self.model)

    def bulk_update(self, *args: Any, **kwargs: Any) -> int:
        raise refused(self.model)


class Immutable(models.Model):
    """A row that can be saved once."""

    objects = AppendOnly.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise refused(type(self))
        kwargs["force_insert"] = True
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise refused(type(self))
