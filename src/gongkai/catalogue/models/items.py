"""主动公开基本目录 (国办发〔2019〕54号): an item is one duty for years, its standard is what the version in force says of it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from gongkai.agencies.models import Agency, Jurisdiction
from gongkai.catalogue.models.columns import Column


class Catalogue(models.Model):
    """A catalogue of one agency, of one standard field (rules/fields.toml), or of one sector of public enterprises (条例第五十五条)."""

    class Kind(models.TextChoices):
        AGENCY = "agency", "部门目录"
        FIELD = "field", "领域目录"
        SECTOR = "sector", "公共企事业单位目录"

    jurisdiction = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="catalogues", verbose_name="行政区划")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="catalogues", verbose_name="编制单位")
    kind = models.CharField("类别", max_length=10, choices=Kind.choices)
    field = models.CharField("领域", max_length=40, blank=True, help_text="rules/fields.toml 的代码")
    title = models.CharField("名称", max_length=200)
    created_at = models.DateTimeField("建立时间", auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = "公开目录"
        ordering = ["jurisdiction", "title", "id"]
        constraints = [
            models.UniqueConstraint(fields=["agency", "kind", "field"], name="catalogue_once_for_agency_and_field"),
            models.CheckConstraint(condition=~Q(title=""), name="catalogue_has_title"),
            models.CheckConstraint(condition=Q(kind="agency") | ~Q(field=""), name="field_catalogue_names_field"),
        ]

    def __str__(self) -> str:
        return self.title


class CatalogueVersion(models.Model):
    """One edition of a catalogue. A draft is worked on; approved it is in force until the next; what was approved never changes (S1-7)."""

    class State(models.TextChoices):
        DRAFT = "draft", "修订中"
        CURRENT = "current", "现行"
        PAST = "past", "历史版本"

    catalogue = models.ForeignKey(Catalogue, models.PROTECT, related_name="versions", verbose_name="目录")
    number = models.PositiveIntegerField("版本")
    state = models.CharField("状态", max_length=8, choices=State.choices, default=State.DRAFT)
    reason = models.CharField("修订原因", max_length=500, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="编制人")
    made_at = models.DateTimeField("编制时间", auto_now_add=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="批准人"
    )
    approved_at = models.DateTimeField("批准时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "目录版本"
        ordering = ["catalogue", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["catalogue", "number"], name="catalogue_version_number_once"),
            models.UniqueConstraint(fields=["catalogue"], condition=Q(state="draft"), name="one_draft_of_a_catalogue"),
            models.UniqueConstraint(fields=["catalogue"], condition=Q(state="current"), name="one_current_of_a_catalogue"),
            models.CheckConstraint(condition=Q(state="draft") | Q(approved_at__isnull=False), name="version_in_force_was_approved"),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | Q(made_by__isnull=True) | ~Q(approved_by=F("made_by")),
                name="version_approved_by_another",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.catalogue} 第{self.number}版"


class Item(models.Model):
    """公开事项: the lasting identity of a row. Obligations, publications and suggestions point here; what it says is ItemStandard.

    `origin` is the superior's item it was handed down from (dynamic expansion, 条例第二十二条).
    """

    catalogue = models.ForeignKey(Catalogue, models.PROTECT, related_name="items", verbose_name="目录")
    code = models.CharField("编号", max_length=60, help_text="目录内不重复，修订后不变")
    column = models.ForeignKey(Column, models.PROTECT, null=True, blank=True, related_name="items", verbose_name="栏目")
    origin = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="handed_down", verbose_name="上级事项")

    class Meta:
        verbose_name = verbose_name_plural = "公开事项"
        ordering = ["catalogue", "code"]
        constraints = [
            models.UniqueConstraint(fields=["catalogue", "code"], name="item_code_once_in_catalogue"),
            models.UniqueConstraint(fields=["catalogue", "origin"], condition=Q(origin__isnull=False), name="item_handed_down_once"),
            models.CheckConstraint(condition=~Q(code=""), name="item_has_code"),
        ]

    def __str__(self) -> str:
        return self.code


class ItemStandard(models.Model):
    """公开标准: every column of the standard table for one item in one version. Lists are codes of rules/standard.toml.

    `limit` is the parsed 公开时限 ({n, unit, anchor, kind} or empty) beside the words as printed; `cycle` how often new content is owed.
    """

    version = models.ForeignKey(CatalogueVersion, models.CASCADE, related_name="standards", verbose_name="版本")
    item = models.ForeignKey(Item, models.PROTECT, related_name="standards", verbose_name="事项")
    position = models.PositiveIntegerField("序号")
    level1 = models.CharField("一级事项", max_length=200)
    level2 = models.CharField("二级事项", max_length=200, blank=True)
    elements = models.TextField("公开内容（要素）", blank=True)
    basis = models.TextField("公开依据", blank=True)
    limit_words = models.CharField("公开时限", max_length=300, blank=True)
    limit = models.JSONField("解析后的时限", default=dict, blank=True)
    cycle = models.CharField("更新周期", max_length=12, blank=True)
    subject_words = models.CharField("公开主体", max_length=300, blank=True)
    subjects = models.ManyToManyField(Agency, blank=True, related_name="+", verbose_name="公开主体单位")
    channels = models.JSONField("公开渠道和载体", default=list, blank=True)
    audience = models.CharField("公开对象", max_length=12, blank=True)
    audience_words = models.CharField("特定群体", max_length=300, blank=True)
    method = models.CharField("公开方式", max_length=12, blank=True)
    levels = models.JSONField("公开层级", default=list, blank=True)
    stage = models.CharField("过程", max_length=12, blank=True, help_text="决策、执行、管理、服务、结果")
    links = models.JSONField("环节", default=list, blank=True, help_text="发布、解读、会议")
    plain_words = models.CharField("通俗说明", max_length=300, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "公开标准"
        ordering = ["version", "position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["version", "item"], name="item_once_in_version"),
            models.CheckConstraint(condition=~Q(level1=""), name="standard_has_level1"),
        ]

    def __str__(self) -> str:
        return self.level2 or self.level1
