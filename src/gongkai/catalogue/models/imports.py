"""Tables handed in to be imported, and where items come from."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from gongkai.catalogue.models.items import CatalogueVersion, Item


class Import(models.Model):
    """A table looked at before it is taken over: the file as handed in, kept for the proof and for reading it again.

    A long one is read, and taken over, by the worker (import_runs.py): whoever holds `lease` works on it, `leased_at` says that he still
    does, `done` of `total` how far. `outlook` is the dry run as the page shows it; faults and warnings row by row are ImportFault.
    """

    version = models.ForeignKey(CatalogueVersion, models.CASCADE, related_name="imports", verbose_name="版本")
    file = models.FileField("文件", upload_to="catalogue/%Y/%m/")
    name = models.CharField("文件名", max_length=200)
    size = models.PositiveBigIntegerField("大小")
    sha256 = models.CharField("摘要", max_length=64)
    content_type = models.CharField("类型", max_length=100)
    drop_missing = models.BooleanField("表里没有的事项删去", default=False)
    include_hidden = models.BooleanField("隐藏的工作表也读", default=False)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="上传人")
    uploaded_at = models.DateTimeField("上传时间", auto_now_add=True)
    rows = models.PositiveIntegerField("行数", default=0, help_text="数出来的，决定当时办还是后台办")
    read_at = models.DateTimeField("读完时间", null=True, blank=True)
    outlook = models.JSONField("试读结果", default=dict, blank=True)
    rejected = models.FileField("要改的行", upload_to="catalogue/%Y/%m/", blank=True)
    problem = models.CharField("没有读成或者没有导入的原因", max_length=500, blank=True)
    partial = models.BooleanField("只导入没有错的行", default=False)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="导入人")
    asked_at = models.DateTimeField("交办导入的时间", null=True, blank=True)
    base = models.PositiveIntegerField("起始序号", null=True, blank=True, help_text="导入开始时定下，中断后接着用")
    applied_at = models.DateTimeField("导入时间", null=True, blank=True)
    summary = models.JSONField("导入结果", default=dict, blank=True)
    done = models.PositiveIntegerField("已办", default=0)
    total = models.PositiveIntegerField("要办", default=0)
    attempts = models.PositiveSmallIntegerField("次数", default=0)
    lease = models.CharField("正在办理", max_length=36, blank=True)
    leased_at = models.DateTimeField("办理时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "目录导入"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(sha256=""), name="catalogue_import_has_digest"),
            models.CheckConstraint(condition=Q(asked_at__isnull=True) | Q(asked_by__isnull=False), name="catalogue_import_asked_by"),
            models.UniqueConstraint(
                fields=["version"], condition=Q(asked_at__isnull=False, applied_at__isnull=True), name="one_import_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_reading(self) -> bool:
        return self.read_at is None and not self.problem and self.applied_at is None

    @property
    def is_applying(self) -> bool:
        return self.asked_at is not None and self.applied_at is None


class ImportFault(models.Model):
    """What is wrong with a row of a table (it cannot be taken), or to be looked at (it can)."""

    imported = models.ForeignKey(Import, models.CASCADE, related_name="faults", verbose_name="导入")
    is_error = models.BooleanField("不能导入")
    place = models.CharField("位置", max_length=120)
    column = models.CharField("栏目", max_length=120, blank=True)
    why = models.CharField("原因", max_length=500)
    mend = models.CharField("怎么改", max_length=300, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "导入要改的地方"
        ordering = ["imported", "-is_error", "id"]

    def __str__(self) -> str:
        return f"{self.place} {self.why}"


class ItemSource(models.Model):
    """The row of a list (权责清单, 公共服务事项清单) an item was made from (S1-1).

    `document_id` is the list where it is kept; the app that keeps lists says what it is (sources.py).
    """

    item = models.ForeignKey(Item, models.CASCADE, related_name="sources", verbose_name="公开事项")
    list_kind = models.CharField("清单种类", max_length=40)
    document_id = models.PositiveBigIntegerField("清单")
    row_key = models.CharField("行", max_length=80)
    title = models.CharField("清单名称", max_length=200)
    row_name = models.CharField("清单事项", max_length=300)

    class Meta:
        verbose_name = verbose_name_plural = "事项来源"
        ordering = ["item", "id"]
        constraints = [models.UniqueConstraint(fields=["item", "document_id", "row_key"], name="item_source_once")]

    def __str__(self) -> str:
        return self.row_name
