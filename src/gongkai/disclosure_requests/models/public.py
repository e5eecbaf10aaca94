"""What the public form needs between two presses of its button; none of it outlives a day (public/holding.py)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from gongkai.disclosure_requests.models.applicants import case_path
from gongkai.sealing.fields import SealedText
from gongkai.sealing.files import SealedStorage


class OpenForm(models.Model):
    """One form in one browser, by the digest of the key it carries. `code` is the check code of what it filed, sealed, for the half hour
    in which the receipt may be shown again: who presses twice sees the second answer, not the first."""

    key = models.CharField("表单摘要", max_length=64, unique=True)
    passed_at = models.DateTimeField("通过验证的时间", null=True, blank=True)
    number = models.CharField("申请编号", max_length=80, blank=True)
    code = SealedText("查询码", blank=True)
    filed_at = models.DateTimeField("提交成功的时间", null=True, blank=True)
    made_at = models.DateTimeField("打开时间", default=timezone.now)

    not_in_journal = frozenset({"key", "code"})

    class Meta:
        verbose_name = verbose_name_plural = "填写中的申请"
        indexes = [models.Index(fields=["made_at"], name="open_form_by_age")]

    def __str__(self) -> str:
        return f"#{self.pk}"


class HeldFile(models.Model):
    """A file that came with a form in which something else was wrong: kept sealed, so that it need not be chosen again."""

    class Part(models.TextChoices):
        IDENTITY = "identity_files", "身份证明"
        OTHER = "files", "附件"

    form = models.ForeignKey(OpenForm, models.CASCADE, related_name="held", verbose_name="表单")
    part = models.CharField("位置", max_length=16, choices=Part.choices)
    name = SealedText("文件名")
    file = models.FileField("文件", upload_to=case_path, storage=SealedStorage(), max_length=200)
    sha256 = models.CharField("校验值", max_length=64)
    size = models.PositiveBigIntegerField("字节")

    not_in_journal = frozenset({"name", "file"})

    class Meta:
        verbose_name = verbose_name_plural = "暂存的文件"
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["form", "part", "sha256"], name="file_held_once")]

    def __str__(self) -> str:
        return f"#{self.pk}"


class Knock(models.Model):
    """A proof of work that was used, or a form sent without one from some address (a digest of it): counted in the database, so that every
    process counts the same."""

    class Kind(models.TextChoices):
        CHALLENGE = "challenge", "已用的验证"
        PLAIN = "plain", "没有运行脚本的提交"

    kind = models.CharField("类别", max_length=10, choices=Kind.choices)
    key = models.CharField("摘要", max_length=64)
    form = models.CharField("表单摘要", max_length=64)
    at = models.DateTimeField("时间", default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = "提交验证"
        constraints = [models.UniqueConstraint(fields=["key"], condition=Q(kind="challenge"), name="challenge_used_once")]
        indexes = [models.Index(fields=["kind", "key", "at"], name="knocks_of_address")]

    def __str__(self) -> str:
        return f"{self.kind} {self.at:%Y-%m-%d %H:%M}"
