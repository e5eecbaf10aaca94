"""Editions: at most one being worked on and one live of each document (database constraints); revisions: written once, on every save."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from gongkai.agencies.models import Agency
from gongkai.publications.models.documents import Document

WORKING = ("draft", "review", "ready", "scheduled", "failed")
"""States of the one edition of a document that is being worked on."""


class Edition(models.Model):
    """One edition of a document on its way: draft → review → ready → (scheduled → failed) → live → past; or discarded, or withdrawn.

    `revision` is the text as last saved; reviews count for the revision they saw, so a later save asks for them again. `change` is what
    the public is told of an edition after the first: a major change has a note and a new date, a minor one (错别字) does not.
    """

    class State(models.TextChoices):
        DRAFT = "draft", "拟稿"
        REVIEW = "review", "审核中"
        READY = "ready", "审核通过，待发布"
        SCHEDULED = "scheduled", "定时发布"
        FAILED = "failed", "发布失败"
        LIVE = "live", "已公开"
        PAST = "past", "历史版本"
        WITHDRAWN = "withdrawn", "已撤下"
        DISCARDED = "discarded", "已放弃"

    class Change(models.TextChoices):
        FIRST = "first", "首次公开"
        MAJOR = "major", "重要修改"
        MINOR = "minor", "文字订正"

    document = models.ForeignKey(Document, models.PROTECT, related_name="editions", verbose_name="政府信息")
    number = models.PositiveIntegerField("版次")
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.DRAFT)
    revision = models.ForeignKey(
        "publications.Revision", models.PROTECT, null=True, blank=True, related_name="current_of", verbose_name="当前文稿"
    )
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="拟稿人")
    change = models.CharField("变更", max_length=6, choices=Change.choices, default=Change.FIRST)
    change_note = models.CharField("变更说明", max_length=500, blank=True)
    submitted_at = models.DateTimeField("送审时间", null=True, blank=True)
    publish_at = models.DateTimeField("定时发布", null=True, blank=True)
    failure = models.CharField("发布失败原因", max_length=500, blank=True)
    published_at = models.DateTimeField("发布时间", null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="发布人"
    )
    forced_reason = models.CharField("紧急发布理由", max_length=500, blank=True)
    confirmed_at = models.DateTimeField("补审时间", null=True, blank=True, help_text="紧急发布后由另一人补审；没有补审前一直标记")
    expires_on = models.DateField("公示截止", null=True, blank=True, help_text="到期次日自动撤下（处罚决定、名单）")
    ended_at = models.DateTimeField("结束时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "版次"
        ordering = ["document", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["document", "number"], name="edition_number_once"),
            models.UniqueConstraint(fields=["document"], condition=Q(state__in=WORKING), name="one_working_edition"),
            models.UniqueConstraint(fields=["document"], condition=Q(state="live"), name="one_live_edition"),
            models.CheckConstraint(
                condition=~Q(state__in=["live", "past", "withdrawn"]) | Q(published_at__isnull=False), name="opened_edition_has_time"
            ),
            models.CheckConstraint(condition=~Q(state="scheduled") | Q(publish_at__isnull=False), name="scheduled_edition_has_time"),
            models.CheckConstraint(condition=~Q(state="failed") | ~Q(failure=""), name="failed_edition_says_why"),
            models.CheckConstraint(condition=~Q(change="major") | ~Q(change_note="") | Q(state="draft"), name="major_change_has_note"),
        ]
        indexes = [
            models.Index(fields=["state", "publish_at"], name="edition_by_state"),
            models.Index(
                fields=["-published_at", "-id", "expires_on", "document", "revision"], condition=Q(state="live"), name="live_edition_newest"
            ),
            models.Index(fields=["expires_on"], condition=Q(state="live"), name="live_edition_expiring"),
        ]

    def __str__(self) -> str:
        return f"{self.document} 第{self.number}版"


class Revision(models.Model):
    """The words and the metadata of an edition as saved once; the database refuses to change or remove one (guards.py).

    `body` is html cleaned by nh3 (cleaning.py); `sha256` of body and metadata is what the journal and the reviews name. Codes are of
    rules/themes.toml, rules/genres.toml, rules/grounds.toml; `label` of the jurisdiction's labels (rules/labels.toml).
    """

    not_in_journal = frozenset({"title", "body", "abstract", "keywords", "doc_number", "source", "ground_words", "rows"})
    """The journal names the digest. These columns may hold personal data that screening has still to find."""

    class Attribute(models.TextChoices):
        PROACTIVE = "proactive", "主动公开"
        ON_REQUEST = "on_request", "依申请公开"
        WITHHELD = "withheld", "不予公开"

    class Term(models.TextChoices):
        PLAIN = "plain", "一般"
        TRIAL = "trial", "试行、暂行"
        NONE = "none", "不设有效期"

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="revisions", verbose_name="版次")
    number = models.PositiveIntegerField("稿次")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="保存人")
    saved_at = models.DateTimeField("保存时间")
    sha256 = models.CharField("校验值", max_length=64)
    title = models.CharField("标题", max_length=300)
    keywords = models.CharField("主题词", max_length=200, blank=True)
    doc_number = models.CharField("发文字号", max_length=80, blank=True)
    issuers = models.ManyToManyField(Agency, through="RevisionIssuer", related_name="+", verbose_name="发文机关")
    issued_on = models.DateField("成文日期", null=True, blank=True)
    effective_on = models.DateField("实施日期", null=True, blank=True)
    repealed_on = models.DateField("废止日期", null=True, blank=True, help_text="文件自己写明的截止日期")
    term = models.CharField("有效期", max_length=6, choices=Term.choices, default=Term.NONE)
    theme = models.CharField("主题分类", max_length=20, blank=True)
    genre = models.CharField("体裁", max_length=20, blank=True)
    source = models.CharField("信息来源", max_length=200, blank=True)
    attribute = models.CharField("公开属性", max_length=10, choices=Attribute.choices, default=Attribute.PROACTIVE)
    label = models.CharField("印制标识", max_length=40, blank=True)
    redacted = models.BooleanField("删减后公开", default=False)
    ground = models.CharField("不予公开的理由", max_length=30, blank=True)
    needs_interpretation = models.BooleanField("需要解读", default=False)
    in_gazette = models.BooleanField("报送政府公报", default=False)
    # Last, for SQLite comes to what stands behind a long text only through all of it.
    abstract = models.TextField("内容概述", blank=True)
    ground_words = models.TextField("理由说明", blank=True)
    rows = models.JSONField("清单内容", default=list, blank=True, help_text="清单类的行，列见 rules/lists.toml")
    body = models.TextField("正文", blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "文稿"
        ordering = ["edition", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "number"], name="revision_number_once"),
            models.CheckConstraint(condition=~Q(title=""), name="revision_has_title"),
            models.CheckConstraint(condition=~Q(sha256=""), name="revision_has_digest"),
            models.CheckConstraint(condition=~Q(attribute="withheld") | ~Q(ground=""), name="withheld_has_ground"),
            models.CheckConstraint(
                condition=Q(repealed_on__isnull=True) | Q(effective_on__isnull=True) | Q(repealed_on__gte=F("effective_on")),
                name="repealed_after_effective",
            ),
        ]
        indexes = [
            models.Index(fields=["doc_number"], name="revision_by_doc_number"),
            models.Index(fields=["theme"], name="revision_by_theme"),
            models.Index(fields=["genre"], name="revision_by_genre"),
        ]

    def __str__(self) -> str:
        return self.title


class RevisionIssuer(models.Model):
    """Issuing agencies of a revision, the leading one first."""

    revision = models.ForeignKey(Revision, models.PROTECT, related_name="issuer_links", verbose_name="文稿")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+", verbose_name="机关")
    position = models.PositiveSmallIntegerField("次序", default=1)

    class Meta:
        verbose_name = verbose_name_plural = "发文机关"
        ordering = ["revision", "position"]
        constraints = [models.UniqueConstraint(fields=["revision", "agency"], name="issuer_once")]

    def __str__(self) -> str:
        return str(self.agency)


class RevisionReference(models.Model):
    """A document that this one cites, forwards or interprets. `target` where it is in this system; else its title and number as printed."""

    class Relation(models.TextChoices):
        CITES = "cites", "引用"
        FORWARDS = "forwards", "转发"
        INTERPRETS = "interprets", "解读"
        ATTACHES = "attaches", "配套"

    revision = models.ForeignKey(Revision, models.PROTECT, related_name="references", verbose_name="文稿")
    relation = models.CharField("关系", max_length=10, choices=Relation.choices)
    target = models.ForeignKey(Document, models.PROTECT, null=True, blank=True, related_name="referred_by", verbose_name="所指文件")
    title = models.CharField("标题", max_length=300, blank=True)
    doc_number = models.CharField("发文字号", max_length=80, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "相关文件"
        constraints = [models.CheckConstraint(condition=Q(target__isnull=False) | ~Q(title=""), name="reference_names_something")]

    def __str__(self) -> str:
        return self.title or str(self.target)
