"""What a place words for itself beside rules/standard.toml and rules/fields.toml."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from gongkai.agencies.models import Jurisdiction


class Term(models.Model):
    """A field or channel as this place calls it: another name for a code of the rules, one it does not use, or one of its own."""

    class Kind(models.TextChoices):
        FIELD = "field", "公开领域"
        CHANNEL = "channel", "公开渠道和载体"

    jurisdiction = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="terms", verbose_name="行政区划")
    kind = models.CharField("类别", max_length=8, choices=Kind.choices)
    code = models.SlugField("代码", max_length=40)
    name = models.CharField("名称", max_length=60)
    basis = models.CharField("依据", max_length=200, blank=True)
    unused = models.BooleanField("本地区不用", default=False)

    class Meta:
        verbose_name = verbose_name_plural = "本地区词表"
        ordering = ["jurisdiction", "kind", "code"]
        constraints = [
            models.UniqueConstraint(fields=["jurisdiction", "kind", "code"], name="term_once_in_jurisdiction"),
            models.CheckConstraint(condition=~Q(name="") & ~Q(code=""), name="term_has_name_and_code"),
        ]

    def __str__(self) -> str:
        return self.name
