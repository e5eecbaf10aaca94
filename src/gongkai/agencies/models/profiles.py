"""机关职能、办公时间、联系方式 and 政府信息公开指南: what an agency tells the public of itself (条例第十二条、第二十条第二项)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from gongkai.agencies.models.directory import Agency, Jurisdiction


class AgencyProfile(models.Model):
    """What the directory and the guide say of an agency beside its name, address and telephone (Agency). Written by profiles.py alone.

    `functions` holds one function a line. The `intake_…` fields are of its 政府信息公开工作机构, where requests are taken in (条例第四条);
    `confirmed_on` is the day somebody last compared all of it with what is true.
    """

    agency = models.OneToOneField(Agency, models.CASCADE, related_name="profile", verbose_name="机构")
    functions = models.TextField("职能", blank=True)
    office_hours = models.CharField("办公时间", max_length=200, blank=True)
    fax = models.CharField("传真", max_length=40, blank=True)
    email = models.CharField("电子邮箱", max_length=120, blank=True)
    postal_code = models.CharField("邮政编码", max_length=6, blank=True)
    website = models.CharField("网址", max_length=200, blank=True)
    map_text = models.CharField("到达方式", max_length=300, blank=True)
    intake_name = models.CharField("工作机构名称", max_length=120, blank=True)
    intake_address = models.CharField("工作机构办公地址", max_length=200, blank=True)
    intake_hours = models.CharField("工作机构办公时间", max_length=200, blank=True)
    intake_phone = models.CharField("工作机构联系电话", max_length=40, blank=True)
    intake_fax = models.CharField("工作机构传真号码", max_length=40, blank=True)
    intake_email = models.CharField("工作机构电子邮箱", max_length=120, blank=True)
    intake_postal_code = models.CharField("工作机构邮政编码", max_length=6, blank=True)
    intake_url = models.CharField("网上申请地址", max_length=200, blank=True)
    updated_at = models.DateTimeField("修改时间", auto_now=True)
    confirmed_on = models.DateField("核对日期", null=True, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="核对人"
    )

    class Meta:
        verbose_name = verbose_name_plural = "机构信息"

    def __str__(self) -> str:
        return f"{self.agency}的机构信息"


class GuideText(models.Model):
    """A part of the guide in the words of a place; a part without a row is said as rules/guide.toml says it."""

    jurisdiction = models.ForeignKey(Jurisdiction, models.CASCADE, related_name="guide_texts", verbose_name="行政区划")
    part = models.CharField("部分", max_length=30, help_text="rules/guide.toml 的代码")
    text = models.TextField("文字")

    class Meta:
        verbose_name = verbose_name_plural = "指南的本地文字"
        ordering = ["jurisdiction", "part"]
        constraints = [
            models.UniqueConstraint(fields=["jurisdiction", "part"], name="guide_part_once_in_jurisdiction"),
            models.CheckConstraint(condition=~Q(text=""), name="guide_text_not_empty"),
        ]

    def __str__(self) -> str:
        return f"{self.jurisdiction} {self.part}"


class GuideVersion(models.Model):
    """政府信息公开指南 as it was published from `on`: whole, so that an earlier one reads as it did. Never changed; written by guides.py.

    `content` is a list of parts {"code", "title", "paragraphs", "rows": [[name, value]], "steps", "article"}.
    """

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="guides", verbose_name="机构")
    number = models.PositiveIntegerField("版次")
    on = models.DateField("日期")
    content = models.JSONField("内容")
    note = models.CharField("变动", max_length=300, blank=True)
    made_at = models.DateTimeField("生成时间", auto_now_add=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="修改人")

    class Meta:
        verbose_name = verbose_name_plural = "政府信息公开指南"
        ordering = ["agency", "-number"]
        constraints = [models.UniqueConstraint(fields=["agency", "number"], name="guide_number_once_of_agency")]

    def __str__(self) -> str:
        return f"{self.agency}政府信息公开指南（第{self.number}版）"
