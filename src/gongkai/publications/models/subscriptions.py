"""Who wants to be told when one document changes. An address counts once its owner has opened the link sent to it; leaving removes it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from gongkai.publications.models.documents import Document


class Subscription(models.Model):
    """One address for one document. `asked_from` is a keyed digest of the client address, kept only until the link is opened."""

    document = models.ForeignKey(Document, models.PROTECT, related_name="subscriptions", verbose_name="政府信息")
    email = models.EmailField("邮箱")
    asked_at = models.DateTimeField("申请时间")
    asked_from = models.CharField("来源", max_length=32, blank=True)
    confirmed_at = models.DateTimeField("确认时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "变更订阅"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["document", "email"], name="subscribed_once"),
            models.CheckConstraint(condition=~Q(email=""), name="subscription_has_address"),
        ]
        indexes = [models.Index(fields=["asked_at"], condition=Q(confirmed_at__isnull=True), name="subscription_unconfirmed")]

    def __str__(self) -> str:
        return f"{self.document_id}"
