"""回执编号: one unbroken series for each jurisdiction and year, given under lock so that no two receipts share a number."""

from __future__ import annotations

import tomllib
from datetime import date
from functools import cache
from importlib import resources

from django.db import IntegrityError, transaction

from gongkai.agencies.errors import ActionRefused
from gongkai.agencies.models import Jurisdiction
from gongkai.coordination.models import ReceiptSeries, Submission


@cache
def _rules() -> dict[str, str]:
    return tomllib.loads(resources.files("gongkai.coordination").joinpath("rules/receipts.toml").read_text("utf-8"))


def usual_prefix(jurisdiction: Jurisdiction) -> str:
    """What a jurisdiction writes before the year when it has set nothing: last year's, else by rule from its short name."""
    last = ReceiptSeries.objects.filter(jurisdiction=jurisdiction).order_by("-year").values_list("prefix", flat=True).first()
    return last or _rules()["prefix"].format(short=jurisdiction.short_name or jurisdiction.name)[:30]


def written(prefix: str, year: int, n: int) -> str:
    return _rules()["pattern"].format(prefix=prefix, year=year, n=n)


def series_of(jurisdiction: Jurisdiction, year: int) -> ReceiptSeries:
    """The row of this year, held by the caller's transaction; made when there is none.

    Two places of the same short name do not share a prefix: the second is written with its superior's name before it.
    """
    mine = ReceiptSeries.objects.select_for_update()
    parent = jurisdiction.parent
    usual = usual_prefix(jurisdiction)
    longer = f"{parent.short_name or parent.name}{usual}" if parent else f"{jurisdiction.name}公收"
    for prefix in (usual, longer[:30], f"{jurisdiction.code}公收"):
        if (row := mine.filter(jurisdiction=jurisdiction, year=year).first()) is not None:
            return row
        try:
            with transaction.atomic():
                ReceiptSeries.objects.create(jurisdiction=jurisdiction, year=year, prefix=prefix)
        except IntegrityError:
            continue  # made by somebody else meanwhile, or the prefix is another place's
    if (row := mine.filter(jurisdiction=jurisdiction, year=year).first()) is not None:
        return row
    raise ActionRefused("回执字头与其他地区重复，请先设定本地区的字头")


def next_receipt(jurisdiction: Jurisdiction, day: date) -> str:
    """The next number, given once. Must run inside a transaction: the series is locked until it ends."""
    series = series_of(jurisdiction, day.year)
    while True:
        series.last += 1
        number = written(series.prefix, series.year, series.last)
        if not Submission.objects.filter(receipt=number).exists():
            break
    series.save(update_fields=["last"])
    return number
