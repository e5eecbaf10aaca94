"""公共企事业单位 (条例第五十五条, S3-23)."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from gongkai.agencies.models import Agency


class PublicBody(models.Model):
    """What sector (rules/sectors.toml) an agency of the kind 公共企事业单位 belongs to, and which department supervises it."""

    agency = models.OneToOneField(Agency, models.PROTECT, related_name="public_body", verbose_name="单位")
    sector = models.CharField("行业", max_length=20)
    supervisor = models.ForeignKey(Agency, models.PROTECT, null=True, blank=True, related_name="supervised_bodies", verbose_name="主管部门")

    class Meta:
        verbose_name = verbose_name_plural = "公共企事业单位"
        ordering = ["sector", "agency__code"]
        constraints = [
            models.CheckConstraint(condition=~Q(sector=""), name="public_body_has_sector"),
            models.CheckConstraint(
                condition=Q(supervisor__isnull=True) | ~Q(supervisor=F("agency")), name="public_body_supervised_by_another"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agency}"
