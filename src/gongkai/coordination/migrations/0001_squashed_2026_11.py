import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import gongkai.coordination.models.deeds
from gongkai.journal import migrating


class Migration(migrating.Migration):
    # A new installation is made at once; one that has taken the steps keeps them.
    replaces = [("coordination", "0001_initial"), ("coordination", "0002_instructions")]

    initial = True

    dependencies = [
        ("agencies", "0001_squashed_2026_11"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("plans", "0001_squashed_2026_11"),
    ]

    operations = [
        migrations.CreateModel(
            name="Check",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("self_check", "自查"), ("conformance", "规范对照"), ("acceptance", "验收"), ("inspection", "督查")],
                        max_length=12,
                        verbose_name="类别",
                    ),
                ),
                ("title", models.CharField(max_length=200, verbose_name="名称")),
                ("rules", models.CharField(help_text="rules/ 下的检查表和版本，开始时固定", max_length=60, verbose_name="检查表")),
                ("started_at", models.DateTimeField(verbose_name="开始时间")),
                ("finished_at", models.DateTimeField(blank=True, null=True, verbose_name="完成时间")),
                (
                    "summary",
                    models.TextField(blank=True, validators=[django.core.validators.MaxLengthValidator(10000)], verbose_name="总结"),
                ),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="checked", to="agencies.agency", verbose_name="被查单位"
                    ),
                ),
                (
                    "checker",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="checking", to="agencies.agency", verbose_name="检查单位"
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="checks",
                        to="plans.plan",
                        verbose_name="方案",
                    ),
                ),
                (
                    "started_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL, verbose_name="检查人"
                    ),
                ),
            ],
            options={
                "verbose_name": "检查",
                "verbose_name_plural": "检查",
                "ordering": ["-started_at", "-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("finished_at__isnull", True), models.Q(("summary", ""), _negated=True), _connector="OR"),
                        name="finished_check_has_summary",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "self_check"), _negated=True), ("agency", models.F("checker")), _connector="OR"
                        ),
                        name="self_check_is_of_oneself",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CheckPoint",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField(verbose_name="次序")),
                ("part", models.CharField(blank=True, max_length=80, verbose_name="部分")),
                ("text", models.CharField(max_length=300, verbose_name="要求")),
                ("basis", models.CharField(blank=True, max_length=200, verbose_name="依据")),
                (
                    "certainty",
                    models.CharField(
                        blank=True, help_text="V 已核对原文；M-high、M-med 据转述", max_length=10, verbose_name="依据的可靠程度"
                    ),
                ),
                (
                    "result",
                    models.CharField(
                        blank=True,
                        choices=[("", "未查"), ("passed", "符合"), ("failed", "不符合"), ("not_applicable", "不适用")],
                        default="",
                        max_length=16,
                        verbose_name="结果",
                    ),
                ),
                (
                    "finding",
                    models.TextField(blank=True, validators=[django.core.validators.MaxLengthValidator(3000)], verbose_name="问题"),
                ),
                ("due_on", models.DateField(blank=True, null=True, verbose_name="整改期限")),
                ("rectified_on", models.DateField(blank=True, null=True, verbose_name="整改日期")),
                (
                    "rectification",
                    models.TextField(blank=True, validators=[django.core.validators.MaxLengthValidator(3000)], verbose_name="整改情况"),
                ),
                ("rechecked_on", models.DateField(blank=True, null=True, verbose_name="复查通过日期")),
                (
                    "check_record",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="points", to="coordination.check", verbose_name="检查"
                    ),
                ),
                (
                    "rechecked_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="复查人",
                    ),
                ),
                (
                    "rectified_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="整改报告人",
                    ),
                ),
            ],
            options={
                "verbose_name": "检查项",
                "verbose_name_plural": "检查项",
                "ordering": ["check_record", "position"],
                "constraints": [
                    models.UniqueConstraint(fields=("check_record", "position"), name="point_in_its_place"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("result", "failed"), _negated=True),
                            models.Q(models.Q(("finding", ""), _negated=True), ("due_on__isnull", False)),
                            _connector="OR",
                        ),
                        name="failed_point_says_what_was_found",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("rectified_by__isnull", True), ("rectified_on__isnull", True)),
                            models.Q(
                                ("rectified_by__isnull", False),
                                ("rectified_on__isnull", False),
                                ("result", "failed"),
                                models.Q(("rectification", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="rectification_says_what_was_done",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("rechecked_by__isnull", True), ("rechecked_on__isnull", True)),
                            models.Q(("rechecked_by__isnull", False), ("rechecked_on__isnull", False), ("rectified_on__isnull", False)),
                            _connector="OR",
                        ),
                        name="recheck_follows_rectification",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("rechecked_by__isnull", True),
                            models.Q(("rechecked_by", models.F("rectified_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="recheck_by_another_person",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Collection",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", models.CharField(max_length=200, verbose_name="收集事项")),
                ("items", models.JSONField(help_text='["实施方案", "主动公开目录清单"]', verbose_name="应报材料")),
                ("note", models.CharField(blank=True, max_length=500, verbose_name="要求")),
                ("due_on", models.DateField(verbose_name="报送期限")),
                ("contact", models.CharField(blank=True, max_length=120, verbose_name="联系人和电话")),
                ("opened_at", models.DateTimeField(verbose_name="发起时间")),
                ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="结束时间")),
                (
                    "jurisdiction",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="collections",
                        to="agencies.jurisdiction",
                        verbose_name="收集地区",
                    ),
                ),
                (
                    "opened_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL, verbose_name="发起人"
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="collections",
                        to="plans.plan",
                        verbose_name="依据方案",
                    ),
                ),
            ],
            options={
                "verbose_name": "材料收集",
                "verbose_name_plural": "材料收集",
                "ordering": ["-due_on", "-id"],
                "constraints": [
                    models.UniqueConstraint(fields=("jurisdiction", "title"), name="collection_title_once"),
                    models.CheckConstraint(condition=models.Q(("title", ""), _negated=True), name="collection_has_title"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Deed",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("established", "设立"),
                            ("joined", "加入"),
                            ("replaced", "换人"),
                            ("left", "离任"),
                            ("dissolved", "撤销"),
                            ("asked", "征求意见"),
                            ("answered", "收到答复"),
                            ("adopted", "研究采纳"),
                            ("filed", "报送备案"),
                            ("filing_received", "收到回执"),
                            ("opened", "发起收集"),
                            ("closed", "结束收集"),
                            ("reminded", "催报"),
                            ("submitted", "报送"),
                            ("received", "签收"),
                            ("returned", "退回"),
                            ("numbered", "设定回执字头"),
                            ("started", "开始检查"),
                            ("pointed", "记录结果"),
                            ("point_added", "增加检查项"),
                            ("rectified", "报整改"),
                            ("rechecked", "复查通过"),
                            ("sent_back", "复查不通过"),
                            ("finished", "完成检查"),
                            ("instructed", "交办"),
                            ("passed_on", "转办"),
                            ("recalled", "撤回交办"),
                        ],
                        max_length=16,
                        verbose_name="操作",
                    ),
                ),
                ("subject", models.CharField(max_length=16, verbose_name="记录类别")),
                ("subject_id", models.PositiveBigIntegerField(verbose_name="记录")),
                ("about", models.CharField(blank=True, max_length=16, verbose_name="所办记录类别")),
                ("about_id", models.PositiveBigIntegerField(blank=True, null=True, verbose_name="所办记录")),
                ("at", models.DateTimeField(verbose_name="时间")),
                ("text", models.TextField(blank=True, validators=[django.core.validators.MaxLengthValidator(5000)], verbose_name="说明")),
                (
                    "file",
                    models.FileField(
                        blank=True, max_length=200, upload_to=gongkai.coordination.models.deeds.deed_path, verbose_name="文件"
                    ),
                ),
                ("name", models.CharField(blank=True, max_length=200, verbose_name="文件名")),
                ("size", models.PositiveIntegerField(blank=True, null=True, verbose_name="字节")),
                ("sha256", models.CharField(blank=True, max_length=64)),
                ("content_type", models.CharField(blank=True, max_length=100, verbose_name="内容类型")),
                ("key", models.CharField(help_text="同一张表单提交两次只有一条记录", max_length=100, unique=True, verbose_name="提交标识")),
                (
                    "actor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL, verbose_name="办理人"
                    ),
                ),
                (
                    "agency",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="agencies.agency",
                        verbose_name="办理单位",
                    ),
                ),
            ],
            options={
                "verbose_name": "统筹办理记录",
                "verbose_name_plural": "统筹办理记录",
                "ordering": ["at", "id"],
                "indexes": [models.Index(fields=["subject", "subject_id"], name="deed_by_subject")],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("key", ""), _negated=True), name="deed_has_key"),
                    models.CheckConstraint(
                        condition=models.Q(("file", ""), models.Q(("sha256", ""), _negated=True), _connector="OR"),
                        name="deed_file_has_digest",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Filing",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("to", models.CharField(max_length=120, verbose_name="报送对象")),
                (
                    "method",
                    models.CharField(
                        choices=[("exchange", "公文交换系统"), ("post", "机要或邮寄"), ("hand", "当面送达"), ("other", "其他方式")],
                        max_length=10,
                        verbose_name="报送方式",
                    ),
                ),
                ("sent_on", models.DateField(verbose_name="报送日期")),
                ("receipt", models.CharField(blank=True, max_length=80, verbose_name="对方回执编号")),
                ("received_on", models.DateField(blank=True, null=True, verbose_name="回执日期")),
                (
                    "file",
                    models.FileField(
                        blank=True, max_length=200, upload_to=gongkai.coordination.models.deeds.deed_path, verbose_name="回执文件"
                    ),
                ),
                ("name", models.CharField(blank=True, max_length=200, verbose_name="文件名")),
                ("size", models.PositiveIntegerField(blank=True, null=True, verbose_name="字节")),
                ("sha256", models.CharField(blank=True, max_length=64)),
                ("content_type", models.CharField(blank=True, max_length=100, verbose_name="内容类型")),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="filings", to="plans.plan", verbose_name="方案"
                    ),
                ),
            ],
            options={
                "verbose_name": "报送备案",
                "verbose_name_plural": "报送备案",
                "ordering": ["sent_on", "id"],
                "constraints": [
                    models.UniqueConstraint(fields=("plan", "to"), name="plan_filed_once_with_a_body"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("receipt", ""), ("received_on__isnull", True)),
                            models.Q(("received_on__isnull", False), models.Q(("receipt", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="filing_receipt_has_number_and_day",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("received_on__isnull", True), ("received_on__gte", models.F("sent_on")), _connector="OR"),
                        name="filing_received_after_sent",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Instruction",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", models.CharField(max_length=200, verbose_name="事项")),
                ("text", models.TextField(validators=[django.core.validators.MaxLengthValidator(5000)], verbose_name="交办内容")),
                ("number", models.CharField(blank=True, max_length=200, verbose_name="依据或文号")),
                ("issued_on", models.DateField(verbose_name="交办日期")),
                ("due_on", models.DateField(blank=True, null=True, verbose_name="办理期限")),
                (
                    "limit",
                    models.CharField(blank=True, help_text="clocks.limits 的编号，从交办日期起算", max_length=60, verbose_name="法定时限"),
                ),
                (
                    "file",
                    models.FileField(
                        blank=True, max_length=200, upload_to=gongkai.coordination.models.deeds.deed_path, verbose_name="附件"
                    ),
                ),
                ("name", models.CharField(blank=True, max_length=200, verbose_name="文件名")),
                ("size", models.PositiveIntegerField(blank=True, null=True, verbose_name="字节")),
                ("sha256", models.CharField(blank=True, max_length=64)),
                ("content_type", models.CharField(blank=True, max_length=100, verbose_name="内容类型")),
                ("issued_at", models.DateTimeField(verbose_name="交办时间")),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True, verbose_name="撤回时间")),
                ("withdrawn_reason", models.CharField(blank=True, max_length=500, verbose_name="撤回理由")),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="agencies.agency", verbose_name="交办单位"
                    ),
                ),
                (
                    "issued_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL, verbose_name="交办人"
                    ),
                ),
                (
                    "jurisdiction",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="instructions",
                        to="agencies.jurisdiction",
                        verbose_name="交办地区",
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        help_text="上级交办，由本级转给自己的单位",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="coordination.instruction",
                        verbose_name="转办自",
                    ),
                ),
                (
                    "root",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tree",
                        to="coordination.instruction",
                        verbose_name="最初的交办",
                    ),
                ),
                (
                    "withdrawn_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="撤回人",
                    ),
                ),
            ],
            options={
                "verbose_name": "上级交办",
                "verbose_name_plural": "上级交办",
                "ordering": ["-issued_on", "-id"],
                "indexes": [models.Index(fields=["jurisdiction", "-issued_on"], name="instruction_by_place")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(models.Q(("title", ""), _negated=True), models.Q(("text", ""), _negated=True)),
                        name="instruction_has_words",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("due_on__isnull", False), ("limit", "")),
                            models.Q(("due_on__isnull", True), models.Q(("limit", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="instruction_has_one_limit",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("withdrawn_at__isnull", True), ("withdrawn_by__isnull", True), ("withdrawn_reason", "")),
                            models.Q(
                                ("withdrawn_at__isnull", False),
                                ("withdrawn_by__isnull", False),
                                models.Q(("withdrawn_reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="withdrawn_instruction_says_why",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("parent__isnull", True), ("root__isnull", True)),
                            models.Q(("parent__isnull", False), ("root__isnull", False)),
                            _connector="OR",
                        ),
                        name="passed_on_instruction_knows_its_root",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("parent__isnull", True), models.Q(("parent", models.F("id")), _negated=True), _connector="OR"),
                        name="instruction_passes_on_another",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LeadingGroup",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=120, verbose_name="名称")),
                ("basis", models.CharField(blank=True, max_length=200, verbose_name="设立文件")),
                ("duties", models.CharField(blank=True, max_length=500, verbose_name="职责")),
                ("established_on", models.DateField(verbose_name="设立日期")),
                ("ended_on", models.DateField(blank=True, null=True, verbose_name="撤销日期")),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="leading_groups",
                        to="agencies.agency",
                        verbose_name="设立单位",
                    ),
                ),
            ],
            options={
                "verbose_name": "领导小组",
                "verbose_name_plural": "领导小组",
                "ordering": [models.OrderBy(models.F("ended_on"), descending=True, nulls_first=True), "-established_on", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_on__isnull", True)), fields=("agency", "name"), name="group_name_once_in_agency"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ended_on__isnull", True), ("ended_on__gte", models.F("established_on")), _connector="OR"),
                        name="group_ends_after_it_begins",
                    ),
                    models.CheckConstraint(condition=models.Q(("name", ""), _negated=True), name="group_has_name"),
                ],
            },
        ),
        migrations.CreateModel(
            name="GroupMember",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "place",
                    models.CharField(
                        choices=[("head", "组长"), ("deputy", "副组长"), ("member", "成员"), ("office", "办公室人员")],
                        max_length=8,
                        verbose_name="分工",
                    ),
                ),
                ("name", models.CharField(max_length=40, verbose_name="姓名")),
                ("post", models.CharField(blank=True, max_length=120, verbose_name="职务")),
                ("since", models.DateField(verbose_name="任职起")),
                ("until", models.DateField(blank=True, null=True, verbose_name="任职止")),
                (
                    "agency",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="agencies.agency",
                        verbose_name="单位",
                    ),
                ),
                (
                    "group",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="members",
                        to="coordination.leadinggroup",
                        verbose_name="领导小组",
                    ),
                ),
            ],
            options={
                "verbose_name": "小组成员",
                "verbose_name_plural": "小组成员",
                "ordering": ["group", "since", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("until__isnull", True)), fields=("group", "name", "post"), name="member_once_at_a_time"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("place", "head"), ("until__isnull", True)), fields=("group",), name="one_head_at_a_time"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("until__isnull", True), ("until__gte", models.F("since")), _connector="OR"),
                        name="term_ends_after_it_begins",
                    ),
                    models.CheckConstraint(condition=models.Q(("name", ""), _negated=True), name="member_has_name"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Opinion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("asked", models.CharField(max_length=120, verbose_name="征求对象")),
                ("asked_at", models.DateTimeField(verbose_name="发出时间")),
                ("due_on", models.DateField(blank=True, null=True, verbose_name="请于何日前答复")),
                ("answered_on", models.DateField(blank=True, null=True, verbose_name="答复日期")),
                ("answer", models.TextField(blank=True, validators=[django.core.validators.MaxLengthValidator(5000)], verbose_name="意见")),
                (
                    "adoption",
                    models.CharField(
                        blank=True,
                        choices=[("adopted", "采纳"), ("partly", "部分采纳"), ("declined", "未采纳"), ("none", "无意见")],
                        max_length=10,
                        verbose_name="采纳情况",
                    ),
                ),
                ("adoption_note", models.CharField(blank=True, max_length=500, verbose_name="采纳说明")),
                (
                    "agency",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="agencies.agency",
                        verbose_name="机构",
                    ),
                ),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL, verbose_name="征求人"
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="opinions", to="plans.plan", verbose_name="方案"
                    ),
                ),
            ],
            options={
                "verbose_name": "征求意见",
                "verbose_name_plural": "征求意见",
                "ordering": ["asked_at", "id"],
                "constraints": [
                    models.UniqueConstraint(fields=("plan", "asked"), name="body_asked_once_about_a_plan"),
                    models.CheckConstraint(
                        condition=models.Q(("adoption", ""), ("answered_on__isnull", False), _connector="OR"),
                        name="adoption_follows_an_answer",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("adoption__in", ["declined", "partly"]), _negated=True),
                            models.Q(("adoption_note", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="declining_gives_a_reason",
                    ),
                    models.CheckConstraint(condition=models.Q(("asked", ""), _negated=True), name="opinion_names_whom_it_asks"),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReceiptSeries",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("year", models.PositiveSmallIntegerField(verbose_name="年度")),
                ("prefix", models.CharField(max_length=30, verbose_name="字头")),
                ("last", models.PositiveIntegerField(default=0, verbose_name="最后编号")),
                (
                    "jurisdiction",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="agencies.jurisdiction", verbose_name="行政区划"
                    ),
                ),
            ],
            options={
                "verbose_name": "回执编号",
                "verbose_name_plural": "回执编号",
                "ordering": ["jurisdiction", "-year"],
                "constraints": [
                    models.UniqueConstraint(fields=("jurisdiction", "year"), name="receipt_series_once_a_year"),
                    models.UniqueConstraint(fields=("prefix", "year"), name="receipt_prefix_belongs_to_one"),
                    models.CheckConstraint(condition=models.Q(("prefix", ""), _negated=True), name="receipt_series_has_prefix"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Reminder",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(verbose_name="时间")),
                ("text", models.CharField(blank=True, max_length=300, verbose_name="内容")),
                (
                    "key",
                    models.CharField(
                        help_text="表单的标识和单位：同一张表单对一个单位只催一次", max_length=130, unique=True, verbose_name="提交标识"
                    ),
                ),
                (
                    "actor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL, verbose_name="催报人"
                    ),
                ),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="agencies.agency", verbose_name="单位"
                    ),
                ),
                (
                    "collection",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reminders",
                        to="coordination.collection",
                        verbose_name="材料收集",
                    ),
                ),
            ],
            options={
                "verbose_name": "催报",
                "verbose_name_plural": "催报",
                "ordering": ["at", "id"],
            },
        ),
        migrations.CreateModel(
            name="Submission",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("item", models.CharField(max_length=120, verbose_name="材料")),
                (
                    "file",
                    models.FileField(
                        blank=True, max_length=200, upload_to=gongkai.coordination.models.deeds.deed_path, verbose_name="文件"
                    ),
                ),
                ("name", models.CharField(blank=True, max_length=200, verbose_name="文件名")),
                ("size", models.PositiveIntegerField(blank=True, null=True, verbose_name="字节")),
                ("sha256", models.CharField(blank=True, max_length=64)),
                ("content_type", models.CharField(blank=True, max_length=100, verbose_name="内容类型")),
                ("submitted_at", models.DateTimeField(blank=True, null=True, verbose_name="报送时间")),
                ("received_at", models.DateTimeField(blank=True, null=True, verbose_name="签收时间")),
                ("receipt", models.CharField(blank=True, max_length=60, verbose_name="回执编号")),
                ("returned_at", models.DateTimeField(blank=True, null=True, verbose_name="退回时间")),
                ("return_reason", models.CharField(blank=True, max_length=500, verbose_name="退回理由")),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="submissions",
                        to="agencies.agency",
                        verbose_name="报送单位",
                    ),
                ),
                (
                    "collection",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="submissions",
                        to="coordination.collection",
                        verbose_name="材料收集",
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="submitted_as",
                        to="plans.plan",
                        verbose_name="系统内的方案",
                    ),
                ),
                (
                    "received_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="签收人",
                    ),
                ),
                (
                    "submitted_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="报送人",
                    ),
                ),
            ],
            options={
                "verbose_name": "报送",
                "verbose_name_plural": "报送",
                "ordering": ["agency", "id"],
                "indexes": [models.Index(fields=["agency", "received_at"], name="submission_by_agency")],
                "constraints": [
                    models.UniqueConstraint(fields=("collection", "agency", "item"), name="item_owed_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("receipt", ""), _negated=True), fields=("receipt",), name="receipt_number_unique"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("received_at__isnull", True), ("submitted_at__isnull", False), _connector="OR"),
                        name="received_after_submitted",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("receipt", ""), ("received_at__isnull", True)),
                            models.Q(("received_at__isnull", False), models.Q(("receipt", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="receipt_with_reception",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("received_at__isnull", True), ("returned_at__isnull", True), _connector="OR"),
                        name="received_is_not_returned",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("returned_at__isnull", True), models.Q(("return_reason", ""), _negated=True), _connector="OR"),
                        name="returned_says_why",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("submitted_at__isnull", True), ("plan__isnull", False), models.Q(("file", ""), _negated=True), _connector="OR"
                        ),
                        name="submitted_has_file_or_plan",
                    ),
                ],
            },
        ),
    ]
