"""Tables handed in to be imported, and where items come from."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from gongkai.catalogue.models.items import CatalogueVersion, Item


class Import(models.Model):
    """A table looked at before it is taken over: the file as handed in, kept for the proof and for reading it again."""

    version = models.ForeignKey(CatalogueVersion, models.CASCADE, related_name="imports", verbose_name="版本")
    file = models.FileField("文件", upload_to="catalogue/%Y/%m/")
    name = models.CharField("文件名", max_length=200)
    size = models.PositiveBigIntegerField("大小")
    sha256 = models.CharField("摘要", max_length=64)
    content_type = models.CharField("类型", max_length=100)
    drop_missing = models.BooleanField("表里没有的事项删去", default=False)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="上传人")
    uploaded_at = models.DateTimeField("上传时间", auto_now_add=True)
    applied_at = models.DateTimeField("导入时间", null=True, blank=True)
    summary = models.JSONField("导入结果", default=dict, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "目录导入"
        ordering = ["-id"]
        constraints = [models.CheckConstraint(condition=~Q(sha256=""), name="catalogue_import_has_digest")]

    def __str__(self) -> str:
        return self.name


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
