"""专题专栏和汇编: documents gathered under one heading, shown as a topic page or bound into a booklet (S0-12, S3-10, S3-17)."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from gongkai.agencies.models import Agency, Jurisdiction
from gongkai.publications.models.documents import Document


def booklet_path(instance: Any, name: str) -> str:
    return f"publications/booklets/{timezone.localdate():%Y/%m}/{uuid.uuid4().hex}.{instance.form}"


class Topic(models.Model):
    """A topic (专题专栏) or a booklet (制度文件汇编, 办事一本通)."""

    class Kind(models.TextChoices):
        TOPIC = "topic", "专题专栏"
        RULES = "rules", "制度文件汇编"
        SERVICES = "services", "办事一本通"

    jurisdiction = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="topics", verbose_name="行政区划")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="topics", verbose_name="编制单位")
    kind = models.CharField("类别", max_length=8, choices=Kind.choices)
    title = models.CharField("名称", max_length=120)
    introduction = models.TextField("导语", blank=True)
    opened_at = models.DateTimeField("公开时间", null=True, blank=True)
    closed_on = models.DateField("归档日期", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "专题和汇编"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["agency", "title"], name="topic_title_once_of_agency"),
            models.CheckConstraint(condition=~Q(title=""), name="topic_has_title"),
        ]

    def __str__(self) -> str:
        return self.title


class TopicEntry(models.Model):
    """A document in a topic, under a heading."""

    topic = models.ForeignKey(Topic, models.CASCADE, related_name="entries", verbose_name="专题")
    document = models.ForeignKey(Document, models.PROTECT, related_name="topic_entries", verbose_name="政府信息")
    heading = models.CharField("分类", max_length=120, blank=True)
    position = models.PositiveIntegerField("次序", default=1)

    class Meta:
        verbose_name = verbose_name_plural = "专题内容"
        ordering = ["topic", "position", "id"]
        constraints = [models.UniqueConstraint(fields=["topic", "document"], name="document_once_in_topic")]

    def __str__(self) -> str:
        return str(self.document)


class Booklet(models.Model):
    """One booklet bound from a topic, by the worker where it is large; `done` of `total` documents, then the file or what went wrong."""

    class Form(models.TextChoices):
        DOCX = "docx", "Word"
        PDF = "pdf", "PDF"

    topic = models.ForeignKey(Topic, models.CASCADE, related_name="booklets", verbose_name="专题")
    form = models.CharField("格式", max_length=4, choices=Form.choices)
    total = models.PositiveIntegerField("篇数", default=0)
    done = models.PositiveIntegerField("已编", default=0)
    file = models.FileField("文件", upload_to=booklet_path, max_length=200, blank=True)
    problem = models.CharField("没有编成的原因", max_length=500, blank=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="编制人")
    asked_at = models.DateTimeField("开始时间")
    finished_at = models.DateTimeField("完成时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "汇编成书"
        ordering = ["-asked_at", "-id"]
        constraints = [models.CheckConstraint(condition=Q(finished_at__isnull=True) | ~Q(file="") | ~Q(problem=""), name="booklet_ends")]

    def __str__(self) -> str:
        return f"{self.topic} {self.get_form_display()}"
