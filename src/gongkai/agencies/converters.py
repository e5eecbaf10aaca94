"""Ids in addresses: a number the database can hold. Anything else is no address of ours and answers 404."""

from __future__ import annotations

from django.urls import register_converter


class PkConverter:
    regex = "[1-9][0-9]{0,17}"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return str(value)


register_converter(PkConverter, "pk")
