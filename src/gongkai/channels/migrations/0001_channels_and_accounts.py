import django.core.validators
import django.db.models.deletion
import django.db.models.functions.comparison
from django.conf import settings
from django.db import migrations, models

from gongkai.journal import migrating


class Migration(migrating.Migration):
    initial = True

    dependencies = [
        ("agencies", "0004_directory_and_guides"),
        ("agencies", "__first__"),
        ("catalogue", "0002_import_in_worker"),
        ("publications", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Account",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("platform", models.CharField(max_length=20, verbose_name="平台")),
                ("name", models.CharField(max_length=80, verbose_name="账号名称")),
                ("address", models.CharField(blank=True, max_length=300, verbose_name="账号地址")),
                ("responsible", models.CharField(max_length=40, verbose_name="责任人")),
                ("approved_by", models.CharField(help_text="县级以上政府办公厅（室）逐级审核", max_length=120, verbose_name="批准机关")),
                ("opened_on", models.DateField(verbose_name="开设日期")),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "正常运行"), ("suspended", "暂停更新"), ("closed", "已注销")],
                        default="open",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("state_on", models.DateField(blank=True, null=True, verbose_name="状态自")),
                ("state_reason", models.CharField(blank=True, max_length=300, verbose_name="暂停、注销理由")),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="media_accounts",
                        to="agencies.agency",
                        verbose_name="主办单位",
                    ),
                ),
            ],
            options={
                "verbose_name": "政务新媒体账号",
                "verbose_name_plural": "政务新媒体账号",
                "ordering": ["agency__jurisdiction__code", "agency__code", "platform", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "closed"), _negated=True), fields=("platform", "name"), name="media_account_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("platform", ""), _negated=True),
                            models.Q(("name", ""), _negated=True),
                            models.Q(("responsible", ""), _negated=True),
                        ),
                        name="media_account_is_described",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state", "open"),
                            models.Q(("state_on__isnull", False), models.Q(("state_reason", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="media_account_ended_says_why",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Deed",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("subject", models.CharField(max_length=32, verbose_name="记录类别")),
                ("subject_id", models.PositiveBigIntegerField(verbose_name="记录")),
                ("about", models.CharField(blank=True, max_length=32, verbose_name="所办记录类别")),
                ("about_id", models.PositiveBigIntegerField(blank=True, null=True, verbose_name="所办记录")),
                ("at", models.DateTimeField(verbose_name="时间")),
                ("text", models.TextField(blank=True, validators=[django.core.validators.MaxLengthValidator(5000)], verbose_name="说明")),
                ("key", models.CharField(help_text="同一张表单提交两次只有一条记录", max_length=100, unique=True, verbose_name="提交标识")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("opened", "建立渠道"),
                            ("changed", "修改渠道"),
                            ("switched", "启用或者停用渠道"),
                            ("rule_added", "增加推送规则"),
                            ("rule_removed", "删除推送规则"),
                            ("added", "补推"),
                            ("gated", "四关审核"),
                            ("refused", "四关审核不通过"),
                            ("posted", "登记人工发布"),
                            ("taken_down", "登记人工撤下"),
                            ("retried", "重新推送"),
                            ("skipped", "不再推送"),
                            ("account_opened", "登记账号"),
                            ("account_changed", "变更账号"),
                            ("account_state", "账号暂停、恢复、注销"),
                            ("account_post", "登记发布信息"),
                            ("account_check", "检查账号"),
                            ("imported", "导入账号"),
                        ],
                        max_length=16,
                        verbose_name="操作",
                    ),
                ),
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
                "verbose_name": "渠道办理记录",
                "verbose_name_plural": "渠道办理记录",
                "ordering": ["at", "id"],
                "indexes": [models.Index(fields=["subject", "subject_id"], name="channel_deed_by_subject")],
                "constraints": [models.CheckConstraint(condition=models.Q(("key", ""), _negated=True), name="channel_deed_has_key")],
            },
        ),
        migrations.CreateModel(
            name="AccountCheck",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("on", models.DateField(verbose_name="检查日期")),
                ("passed", models.BooleanField(verbose_name="符合要求")),
                ("finding", models.CharField(blank=True, max_length=500, verbose_name="发现的问题")),
                ("mend_by", models.DateField(blank=True, null=True, verbose_name="整改期限")),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="checks", to="channels.account", verbose_name="账号"
                    ),
                ),
                (
                    "checked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL, verbose_name="检查人"
                    ),
                ),
            ],
            options={
                "verbose_name": "账号检查",
                "verbose_name_plural": "账号检查",
                "ordering": ["-on", "-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("passed", True), models.Q(("finding", ""), _negated=True), _connector="OR"),
                        name="failed_account_check_says_why",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Channel",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=80, verbose_name="渠道名称")),
                ("connector", models.CharField(max_length=40, verbose_name="连接方式")),
                ("medium", models.CharField(max_length=20, verbose_name="媒体")),
                ("settings", models.JSONField(blank=True, default=dict, verbose_name="设置")),
                ("secret", models.CharField(blank=True, max_length=100, verbose_name="签名密钥")),
                ("needs_gates", models.BooleanField(default=False, verbose_name="先审后发")),
                ("active", models.BooleanField(default=True, verbose_name="启用")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="建立时间")),
                ("paused_until", models.DateTimeField(blank=True, null=True, verbose_name="暂缓到")),
                ("troubles", models.PositiveSmallIntegerField(default=0, verbose_name="连续没有连上")),
                (
                    "account",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="channels",
                        to="channels.account",
                        verbose_name="新媒体账号",
                    ),
                ),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="channels", to="agencies.agency", verbose_name="单位"
                    ),
                ),
            ],
            options={
                "verbose_name": "渠道",
                "verbose_name_plural": "渠道",
                "ordering": ["agency__jurisdiction__code", "agency__code", "id"],
                "constraints": [
                    models.UniqueConstraint(fields=("agency", "name"), name="channel_name_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("name", ""), _negated=True),
                            models.Q(("connector", ""), _negated=True),
                            models.Q(("medium", ""), _negated=True),
                        ),
                        name="channel_is_described",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("account__isnull", True), ("needs_gates", True), _connector="OR"),
                        name="account_channel_has_gates",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ChannelRule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("genre", models.CharField(blank=True, max_length=20, verbose_name="体裁")),
                ("kind", models.CharField(blank=True, max_length=10, verbose_name="类别")),
                (
                    "agency",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="agencies.agency",
                        verbose_name="公开主体",
                    ),
                ),
                (
                    "channel",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="rules", to="channels.channel", verbose_name="渠道"
                    ),
                ),
                (
                    "column",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalogue.column",
                        verbose_name="栏目",
                    ),
                ),
            ],
            options={
                "verbose_name": "推送规则",
                "verbose_name_plural": "推送规则",
                "ordering": ["channel", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        models.F("channel"),
                        django.db.models.functions.comparison.Coalesce("agency", 0),
                        django.db.models.functions.comparison.Coalesce("column", 0),
                        models.F("genre"),
                        models.F("kind"),
                        name="channel_rule_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Delivery",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "action",
                    models.CharField(
                        choices=[("publish", "发布"), ("update", "更新"), ("withdraw", "撤下")], max_length=8, verbose_name="动作"
                    ),
                ),
                ("key", models.CharField(max_length=100, unique=True, verbose_name="推送标识")),
                ("made_at", models.DateTimeField(verbose_name="生成时间")),
                ("by_hand", models.BooleanField(default=False, verbose_name="人工发布")),
                ("needs_gates", models.BooleanField(default=False, verbose_name="先审后发")),
                ("gates", models.JSONField(blank=True, default=dict, verbose_name="四关审核")),
                ("gated_at", models.DateTimeField(blank=True, null=True, verbose_name="审核时间")),
                ("next_at", models.DateTimeField(verbose_name="何时推送")),
                ("attempts", models.PositiveSmallIntegerField(default=0, verbose_name="推送次数")),
                ("token", models.UUIDField(blank=True, help_text="正在推送的进程", null=True)),
                ("lease_until", models.DateTimeField(blank=True, null=True, verbose_name="占用到")),
                ("accepted_at", models.DateTimeField(blank=True, null=True, verbose_name="对方受理时间")),
                ("error", models.CharField(blank=True, max_length=300, verbose_name="没有送达的原因")),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[("done", "已送达"), ("failed", "没有送达"), ("skipped", "不再推送"), ("superseded", "已被后一版代替")],
                        max_length=10,
                        verbose_name="结果",
                    ),
                ),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="结束时间")),
                ("reason", models.CharField(blank=True, max_length=300, verbose_name="不再推送的理由")),
                ("address", models.CharField(blank=True, max_length=500, verbose_name="发布地址")),
                (
                    "channel",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="deliveries", to="channels.channel", verbose_name="渠道"
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deliveries",
                        to="publications.document",
                        verbose_name="政府信息",
                    ),
                ),
                (
                    "edition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deliveries",
                        to="publications.edition",
                        verbose_name="版次",
                    ),
                ),
                (
                    "gated_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="审核人",
                    ),
                ),
            ],
            options={
                "verbose_name": "推送",
                "verbose_name_plural": "推送",
                "ordering": ["-made_at", "-id"],
                "indexes": [
                    models.Index(condition=models.Q(("outcome", "")), fields=["next_at"], name="delivery_to_send"),
                    models.Index(fields=["channel", "document", "id"], name="delivery_in_order"),
                    models.Index(fields=["document", "-made_at"], name="delivery_of_document"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at__isnull", True), ("outcome", "")),
                            models.Q(models.Q(("outcome", ""), _negated=True), ("ended_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="delivery_end_has_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("outcome", "failed"), _negated=True), models.Q(("error", ""), _negated=True), _connector="OR"
                        ),
                        name="failed_delivery_says_why",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("outcome__in", ["skipped", "superseded"]), _negated=True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="skipped_delivery_says_why",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("outcome", "done"), _negated=True),
                            ("needs_gates", False),
                            ("gated_at__isnull", False),
                            ("action", "withdraw"),
                            _connector="OR",
                        ),
                        name="delivered_after_gates",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("gated_at__isnull", True), ("gated_by__isnull", True)),
                            models.Q(("gated_at__isnull", False), ("gated_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="gates_have_a_person",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Attempt",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField(verbose_name="第几次")),
                ("at", models.DateTimeField(verbose_name="时间")),
                ("took_ms", models.PositiveIntegerField(verbose_name="毫秒")),
                ("ok", models.BooleanField(verbose_name="成功")),
                ("answer", models.CharField(max_length=300, verbose_name="回答")),
                (
                    "delivery",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="log", to="channels.delivery", verbose_name="推送"
                    ),
                ),
            ],
            options={
                "verbose_name": "推送日志",
                "verbose_name_plural": "推送日志",
                "ordering": ["delivery", "-id"],
            },
        ),
        migrations.CreateModel(
            name="Post",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", models.CharField(max_length=300, verbose_name="标题")),
                ("url", models.CharField(blank=True, max_length=500, verbose_name="地址")),
                ("at", models.DateTimeField(verbose_name="发布时间")),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True, verbose_name="撤下时间")),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="posts", to="channels.account", verbose_name="账号"
                    ),
                ),
                (
                    "delivery",
                    models.OneToOneField(
                        blank=True,
                        help_text="由推送而来",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="post",
                        to="channels.delivery",
                        verbose_name="推送",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="登记人",
                    ),
                ),
            ],
            options={
                "verbose_name": "新媒体信息",
                "verbose_name_plural": "新媒体信息",
                "ordering": ["-at", "-id"],
                "indexes": [models.Index(models.F("account"), models.OrderBy(models.F("at"), descending=True), name="media_post_newest")],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("title", ""), _negated=True), name="media_post_has_title"),
                    models.CheckConstraint(
                        condition=models.Q(("delivery__isnull", False), models.Q(("url", ""), _negated=True), _connector="OR"),
                        name="media_post_has_address",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("url", ""), _negated=True), fields=("account", "url"), name="media_post_once"
                    ),
                ],
            },
        ),
    ]
