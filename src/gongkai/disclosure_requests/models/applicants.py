"""Who asks, sealed; the files of a case, sealed; and who looked at either."""

from __future__ import annotations

import uuid
from pathlib import PurePath
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from gongkai.deeds.models import AppendOnly
from gongkai.disclosure_requests.models.requests import DisclosureRequest
from gongkai.sealing.fields import SealedText
from gongkai.sealing.files import SealedStorage


def case_path(instance: Any, name: str) -> str:
    return f"requests/{timezone.localdate():%Y/%m}/{uuid.uuid4().hex}{PurePath(name).suffix.lower()[:8]}"


class Applicant(models.Model):
    """The applicant of one request (条例第二十九条), in the columns of the annual table.

    Emptied when the term of keeping is over; the kind, which the statistics count, stays.
    """

    class Kind(models.TextChoices):
        NATURAL = "natural", "自然人"
        COMMERCIAL = "commercial", "商业企业"
        RESEARCH = "research", "科研机构"
        PUBLIC_BENEFIT = "public_benefit", "社会公益组织"
        LEGAL_SERVICE = "legal_service", "法律服务机构"
        OTHER = "other", "其他法人或者组织"

    class Identity(models.TextChoices):
        ID_CARD = "id_card", "居民身份证"
        PASSPORT = "passport", "护照"
        HK_MACAO = "hk_macao", "港澳居民来往内地通行证"
        TAIWAN = "taiwan", "台湾居民来往大陆通行证"
        CREDIT_CODE = "credit_code", "统一社会信用代码"
        OTHER = "other", "其他证明"

    request = models.OneToOneField(DisclosureRequest, models.PROTECT, related_name="applicant", verbose_name="申请")
    kind = models.CharField("申请人类别", max_length=16, choices=Kind.choices)
    name = SealedText("姓名或者名称")
    identity_kind = models.CharField("证件类型", max_length=12, choices=Identity.choices)
    identity_number = SealedText("证件号码", blank=True)
    representative = SealedText("法定代表人或者负责人", blank=True)
    contact = SealedText("联系人", blank=True)
    phone = SealedText("联系电话", blank=True)
    email = SealedText("电子邮箱", blank=True)
    address = SealedText("通信地址", blank=True)
    postcode = SealedText("邮政编码", blank=True)
    help_needed = SealedText("需要的帮助", blank=True, help_text="阅读困难或者视听障碍，条例第四十三条")
    digest = models.CharField("本人摘要", max_length=64, db_index=True, blank=True, help_text="同一申请人的申请由它找出，不能还原")
    consented_at = models.DateTimeField("同意个人信息处理的时间", null=True, blank=True)
    notice_version = models.CharField("所见告知的版本", max_length=20, blank=True)

    not_in_journal = frozenset(
        {
            *("name", "identity_number", "representative", "contact", "phone", "email", "address", "postcode", "help_needed", "digest"),
        }
    )

    class Meta:
        verbose_name = verbose_name_plural = "申请人"

    def __str__(self) -> str:
        return f"{self.get_kind_display()} #{self.pk}"  # never the name: this string reaches logs


class CaseFile(models.Model):
    """A file of the case, sealed on disk: identity proof, the scanned letter, what a clarification brought, what was found, a letter."""

    class Kind(models.TextChoices):
        IDENTITY = "identity", "身份证明"
        REQUEST = "request", "申请书"
        SUPPLEMENT = "supplement", "补正材料"
        OPINION = "opinion", "第三方、其他机关意见"
        FOUND = "found", "检索到的政府信息"
        LETTER = "letter", "告知书、通知书"
        PROOF = "proof", "送达、缴费凭证"
        REMEDY = "remedy", "复议、诉讼文书"
        OTHER = "other", "其他"

    request = models.ForeignKey(DisclosureRequest, models.PROTECT, related_name="files", verbose_name="申请")
    kind = models.CharField("类别", max_length=10, choices=Kind.choices)
    name = models.CharField("文件名", max_length=200)
    file = models.FileField("文件", upload_to=case_path, storage=SealedStorage(), max_length=200)
    sha256 = models.CharField("校验值", max_length=64)
    size = models.PositiveBigIntegerField("字节")
    media_type = models.CharField("类型", max_length=100)
    from_applicant = models.BooleanField("申请人提交", default=False)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="上传人")
    added_at = models.DateTimeField("上传时间", default=timezone.now)
    removed_at = models.DateTimeField("清除时间", null=True, blank=True, help_text="保存期满后清除文件，记录保留")

    not_in_journal = frozenset({"name", "file"})

    class Meta:
        verbose_name = verbose_name_plural = "案卷文件"
        ordering = ["id"]
        constraints = [models.CheckConstraint(condition=~Q(sha256=""), name="case_file_has_hash")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} #{self.pk}"


class ApplicantLook(models.Model):
    """Who was shown what of an applicant, when (个人信息保护法第五十一条、第五十五条). Append-only."""

    request = models.ForeignKey(DisclosureRequest, models.PROTECT, null=True, blank=True, related_name="looks", verbose_name="申请")
    correction = models.ForeignKey(
        "Correction", models.PROTECT, null=True, blank=True, related_name="looks", verbose_name="更正申请", help_text="没有相关申请的更正"
    )
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="查看人")
    what = models.CharField("查看内容", max_length=60)
    at = models.DateTimeField("时间", default=timezone.now)

    objects = AppendOnly.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "申请人信息查看记录"
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["request", "-at"], name="looks_of_request")]
        constraints = [models.CheckConstraint(condition=Q(request__isnull=False) | Q(correction__isnull=False), name="look_at_somebody")]

    def __str__(self) -> str:
        return f"{self.what} {self.at:%Y-%m-%d %H:%M}"
