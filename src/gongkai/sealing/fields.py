"""A text column whose words are sealed in the database. It can be emptied and compared with nothing else; find rows by `keys.digest`."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import FieldError
from django.db import models

from gongkai.sealing import keys


class SealedText(models.TextField):
    """Empty stays empty; everything else is a token in the database. `sealed_fields(model)` lists them for rotation and anonymising."""

    def get_prep_value(self, value: Any) -> Any:
        text = super().get_prep_value(value)
        return keys.seal(text.encode()).decode("ascii") if text else text

    def from_db_value(self, value: str | None, *args: Any) -> str | None:
        return keys.unseal(value.encode("ascii")).decode() if value else value

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name not in ("isnull", "exact"):
            raise FieldError(f"{self.name} is sealed and cannot be searched by {lookup_name}")
        return super().get_lookup(lookup_name)


def sealed_fields(model: type[models.Model]) -> tuple[str, ...]:
    return tuple(field.attname for field in model._meta.concrete_fields if isinstance(field, SealedText))
