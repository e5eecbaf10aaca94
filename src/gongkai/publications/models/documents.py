"""政府信息: the lasting identity of what is made public, with the address and the index number that never change."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from gongkai.agencies.models import Agency, Jurisdiction, Section
from gongkai.catalogue.models import Column, Item


class IndexPattern(models.Model):
    """How a place's index numbers are made, and the counter of each period. `{code}`, `{year}`, `{month}`, `{n:05d}` are filled in."""

    jurisdiction = models.OneToOneField(Jurisdiction, models.PROTECT, related_name="index_pattern", verbose_name="行政区划")
    pattern = models.CharField("格式", max_length=80)
    counters = models.JSONField("已用到", default=dict, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "索引号格式"
        constraints = [models.CheckConstraint(condition=~Q(pattern=""), name="index_pattern_not_empty")]

    def __str__(self) -> str:
        return self.pattern


class PlaceLabels(models.Model):
    """Which printed labels a place uses: a set of rules/labels.toml. Without a row the national ones."""

    jurisdiction = models.OneToOneField(Jurisdiction, models.PROTECT, related_name="label_choice", verbose_name="行政区划")
    labels = models.CharField("标识", max_length=20)

    class Meta:
        verbose_name = verbose_name_plural = "印制标识"
        constraints = [models.CheckConstraint(condition=~Q(labels=""), name="place_labels_not_empty")]

    def __str__(self) -> str:
        return self.labels


class Document(models.Model):
    """One government information. Its page stands at /documents/<pk>/ for ever: withdrawn or repealed it says so and why (invariant 4).

    `agency` is the 公开主体 (条例第十条). `kind` decides which rules of law hear of it; `list_kind` is of rules/lists.toml.
    """

    class Kind(models.TextChoices):
        RULE = "rule", "规章"
        NORMATIVE = "normative", "行政规范性文件"
        POLICY = "policy", "其他政策文件"
        LIST = "list", "清单"
        NAMES = "names", "名单公示"
        PENALTY = "penalty", "行政处罚决定"
        OTHER = "other", "其他信息"

    jurisdiction = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="documents", verbose_name="行政区划")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="documents", verbose_name="公开主体")
    section = models.ForeignKey(Section, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="承办内设机构")
    kind = models.CharField("类别", max_length=10, choices=Kind.choices, default=Kind.OTHER)
    list_kind = models.CharField("清单种类", max_length=40, blank=True)
    index_number = models.CharField("索引号", max_length=80, unique=True)
    column = models.ForeignKey(Column, models.PROTECT, null=True, blank=True, related_name="documents", verbose_name="栏目")
    items = models.ManyToManyField(Item, through="DocumentItem", related_name="documents", verbose_name="公开事项")
    origin_url = models.CharField("原网址", max_length=500, blank=True, help_text="从旧站导入的页面原来的地址，仍然指到这里")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="拟稿人")
    created_at = models.DateTimeField("建立时间", auto_now_add=True)
    first_published_at = models.DateTimeField("首次公开", null=True, blank=True)
    withdrawn_at = models.DateTimeField("撤下时间", null=True, blank=True)
    withdrawn_reason = models.CharField("撤下原因", max_length=500, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "政府信息"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(index_number=""), name="document_has_index_number"),
            models.CheckConstraint(condition=Q(kind="list") | Q(list_kind=""), name="only_lists_have_list_kind"),
            models.CheckConstraint(condition=Q(withdrawn_at__isnull=True) | ~Q(withdrawn_reason=""), name="withdrawal_has_reason"),
            models.UniqueConstraint(fields=["origin_url"], condition=~Q(origin_url=""), name="document_origin_once"),
        ]
        indexes = [
            models.Index(fields=["agency", "-id"], name="document_of_agency"),
            models.Index(fields=["-first_published_at", "-id", "kind"], name="document_newest"),
        ]

    def __str__(self) -> str:
        return self.index_number


class DocumentItem(models.Model):
    """The catalogue items a document fulfils."""

    document = models.ForeignKey(Document, models.CASCADE, related_name="item_links", verbose_name="政府信息")
    item = models.ForeignKey(Item, models.PROTECT, related_name="document_links", verbose_name="公开事项")

    class Meta:
        verbose_name = verbose_name_plural = "所属公开事项"
        constraints = [models.UniqueConstraint(fields=["document", "item"], name="item_once_on_document")]

    def __str__(self) -> str:
        return f"{self.document_id} → {self.item_id}"
