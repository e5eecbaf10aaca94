"""附件: a stable address with versions. The original stays inside; what the public gets is the stripped, masked copy."""

from __future__ import annotations

import uuid
from pathlib import PurePath
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from gongkai.publications.models.documents import Document
from gongkai.publications.models.editions import Revision


def original_path(instance: Any, name: str) -> str:
    """A path of our own making; the name the file came with is kept in `name`."""
    return f"publications/originals/{timezone.localdate():%Y/%m}/{uuid.uuid4().hex}{PurePath(instance.name).suffix.lower()}"


def public_path(instance: Any, name: str) -> str:
    return f"publications/public/{timezone.localdate():%Y/%m}/{uuid.uuid4().hex}{PurePath(instance.name).suffix.lower()}"


class Attachment(models.Model):
    """One attachment of a document; its address /documents/<pk>/files/<id>/ always answers with the version of the live edition."""

    document = models.ForeignKey(Document, models.PROTECT, related_name="attachments", verbose_name="政府信息")
    created_at = models.DateTimeField("建立时间", auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = "附件"
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.document} 附件 {self.pk}"


class AttachmentVersion(models.Model):
    """A file as uploaded. It never leaves the house; the public gets one of its `copies`."""

    attachment = models.ForeignKey(Attachment, models.PROTECT, related_name="versions", verbose_name="附件")
    number = models.PositiveIntegerField("版本")
    name = models.CharField("文件名", max_length=200)
    size = models.PositiveBigIntegerField("字节")
    sha256 = models.CharField(max_length=64)
    content_type = models.CharField("内容类型", max_length=100)
    original = models.FileField("原件", upload_to=original_path, max_length=200)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="上传人")
    uploaded_at = models.DateTimeField("上传时间")

    class Meta:
        verbose_name = verbose_name_plural = "附件版本"
        ordering = ["attachment", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["attachment", "number"], name="attachment_version_number_once"),
        ]

    def __str__(self) -> str:
        return self.name


class PublicCopy(models.Model):
    """公开件: metadata stripped, what was found masked where somebody decided so; all the public ever gets of an attachment.

    `recipe` names the original's bytes and what was decided of them (public_copies.py): what a new draft decides makes another copy and
    leaves alone the one the public sees. `problem` in place of a file: why none can be made. `kept`: the original's bytes, because the
    place lets a format that cannot be stripped pass.
    """

    version = models.ForeignKey(AttachmentVersion, models.PROTECT, related_name="copies", verbose_name="附件版本")
    recipe = models.CharField("做法", max_length=64)
    file = models.FileField("公开件", upload_to=public_path, max_length=200, blank=True)
    size = models.PositiveBigIntegerField("字节", default=0)
    sha256 = models.CharField("校验值", max_length=64, blank=True)
    kept = models.BooleanField("按原件公开", default=False)
    problem = models.CharField("不能制作的原因", max_length=500, blank=True)
    made_at = models.DateTimeField("制作时间")

    class Meta:
        verbose_name = verbose_name_plural = "公开件"
        constraints = [
            models.UniqueConstraint(fields=["version", "recipe"], name="public_copy_once"),
            models.CheckConstraint(
                condition=(Q(file="", sha256="") & ~Q(problem="")) | (~Q(file="") & ~Q(sha256="") & Q(problem="")),
                name="public_copy_has_file_or_problem",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return str(self.version.name)


class RevisionAttachment(models.Model):
    """A version as it stands with a revision. A file that not everybody can read names whom to ask for another form (无障碍环境建设法)."""

    revision = models.ForeignKey(Revision, models.PROTECT, related_name="attachment_links", verbose_name="文稿")
    version = models.ForeignKey(AttachmentVersion, models.PROTECT, related_name="+", verbose_name="附件版本")
    position = models.PositiveSmallIntegerField("次序", default=1)
    title = models.CharField("名称", max_length=200)
    accessible = models.BooleanField("读屏软件可读", default=True)
    contact = models.CharField("索取其他格式的联系方式", max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "文稿的附件"
        ordering = ["revision", "position"]
        constraints = [
            models.UniqueConstraint(fields=["revision", "version"], name="version_once_on_revision"),
            models.CheckConstraint(condition=~Q(title=""), name="attachment_has_title"),
        ]

    def __str__(self) -> str:
        return self.title
