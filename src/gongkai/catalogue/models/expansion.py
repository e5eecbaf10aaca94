"""动态扩展 (条例第二十二条, S4-41): what a superior adds to its catalogue reaches the catalogues below, and is decided there."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from gongkai.catalogue.models.items import Catalogue, CatalogueVersion, Item


class Expansion(models.Model):
    """One item offered to one catalogue below. `root` is the item it began with, so that it reaches a catalogue once by whatever road.

    Taken over it becomes `item` (whose origin is `origin`) in the draft of the catalogue; it counts once that version is approved.
    """

    class State(models.TextChoices):
        OPEN = "open", "待决定"
        TAKEN = "taken", "采纳"
        DECLINED = "declined", "不采纳"
        WITHDRAWN = "withdrawn", "上级已撤回"

    catalogue = models.ForeignKey(Catalogue, models.PROTECT, related_name="expansions", verbose_name="目录")
    origin = models.ForeignKey(Item, models.PROTECT, related_name="expansions", verbose_name="上级事项")
    root = models.ForeignKey(Item, models.PROTECT, related_name="+", verbose_name="最初的事项")
    version = models.ForeignKey(CatalogueVersion, models.PROTECT, related_name="expansions", verbose_name="上级目录版本")
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.OPEN)
    item = models.OneToOneField(Item, models.PROTECT, null=True, blank=True, related_name="expansion", verbose_name="本级事项")
    reason = models.CharField("理由", max_length=500, blank=True)
    proposed_at = models.DateTimeField("下达时间")
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="决定人")
    decided_at = models.DateTimeField("决定时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "上级扩展事项"
        ordering = ["-proposed_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["catalogue", "root"], name="expansion_reaches_once"),
            models.CheckConstraint(condition=Q(state="open") | Q(decided_at__isnull=False), name="expansion_decided_has_time"),
            models.CheckConstraint(condition=~Q(state="declined") | ~Q(reason=""), name="expansion_declined_says_why"),
            models.CheckConstraint(condition=~Q(state="taken") | Q(item__isnull=False), name="expansion_taken_has_item"),
            models.CheckConstraint(condition=Q(item__isnull=True) | ~Q(item=F("origin")), name="expansion_item_is_another"),
        ]

    def __str__(self) -> str:
        return f"{self.catalogue} ← {self.origin}"
