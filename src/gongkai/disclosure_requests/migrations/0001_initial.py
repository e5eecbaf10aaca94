import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import gongkai.disclosure_requests.models.applicants
import gongkai.sealing.fields
import gongkai.sealing.files
from gongkai.journal import migrating


class Migration(migrating.Migration):
    initial = True

    dependencies = [
        ("agencies", "0004_directory_and_guides"),
        ("agencies", "__first__"),
        ("obligations", "0006_reinstated"),
    ]

    operations = [
        migrations.CreateModel(
            name="ContactTest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("address", models.CharField(max_length=120, verbose_name="指南上的电子邮箱")),
                ("code", models.CharField(max_length=16, unique=True, verbose_name="回执码")),
                ("sent_at", models.DateTimeField(verbose_name="发出时间")),
                ("answered_at", models.DateTimeField(blank=True, null=True, verbose_name="收到的时间")),
                ("bounced", models.CharField(blank=True, max_length=300, verbose_name="退信的原因")),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="contact_tests", to="agencies.agency", verbose_name="机关"
                    ),
                ),
            ],
            options={
                "verbose_name": "指南邮箱试信",
                "verbose_name_plural": "指南邮箱试信",
                "ordering": ["-sent_at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="DisclosureRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=80, unique=True, verbose_name="申请编号")),
                ("check_digest", models.CharField(max_length=64, verbose_name="查询码摘要")),
                ("wrong_codes", models.PositiveSmallIntegerField(default=0, verbose_name="查询码连续输错次数")),
                ("locked_until", models.DateTimeField(blank=True, null=True, verbose_name="暂停查询至")),
                ("key", models.CharField(help_text="同一张表单提交多次只有一条记录", max_length=100, unique=True, verbose_name="提交标识")),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("online", "网上提交"),
                            ("counter", "当面提交"),
                            ("oral", "口头申请，工作人员代填"),
                            ("registered_post", "挂号信、特快专递"),
                            ("ordinary_mail", "平常信函"),
                            ("fax", "传真"),
                            ("email", "电子邮件"),
                        ],
                        max_length=16,
                        verbose_name="渠道",
                    ),
                ),
                ("submitted_at", models.DateTimeField(blank=True, null=True, verbose_name="提交时间")),
                ("arrived_at", models.DateTimeField(blank=True, null=True, verbose_name="到达（签收）时间")),
                ("confirmed_at", models.DateTimeField(blank=True, null=True, verbose_name="双方确认时间")),
                ("received_on", models.DateField(blank=True, null=True, verbose_name="收到申请之日")),
                ("receipt_rule", models.CharField(blank=True, max_length=300, verbose_name="收到日的依据")),
                ("subject", models.CharField(max_length=120, verbose_name="申请事项")),
                ("description", gongkai.sealing.fields.SealedText(blank=True, verbose_name="所需信息的内容描述")),
                ("wanted_number", models.CharField(blank=True, max_length=120, verbose_name="文号")),
                ("features", gongkai.sealing.fields.SealedText(blank=True, verbose_name="便于查询的其他特征")),
                (
                    "purpose",
                    gongkai.sealing.fields.SealedText(
                        blank=True, help_text="不是必填项：2019 年条例不再要求说明特殊需要", verbose_name="用途"
                    ),
                ),
                (
                    "form",
                    models.CharField(
                        choices=[("paper", "纸质"), ("electronic", "电子文件"), ("inspect", "现场查阅、抄录")],
                        default="electronic",
                        max_length=10,
                        verbose_name="获取形式",
                    ),
                ),
                (
                    "route",
                    models.CharField(
                        choices=[("online", "网上领取"), ("email", "电子邮件"), ("post", "邮寄"), ("fax", "传真"), ("pick_up", "自行领取")],
                        default="online",
                        max_length=8,
                        verbose_name="获取途径",
                    ),
                ),
                ("suggests_opening", models.BooleanField(default=False, help_text="条例第四十四条", verbose_name="建议主动公开")),
                (
                    "offered",
                    models.JSONField(
                        blank=True, default=dict, help_text="{shown, clicked}：提示几条、点开几条", verbose_name="提交前提示的已公开信息"
                    ),
                ),
                (
                    "likeness",
                    models.JSONField(
                        blank=True, default=list, help_text="加密钥的字片签名，不含原文；相同申请由它找出", verbose_name="相似特征"
                    ),
                ),
                ("registered_at", models.DateTimeField(blank=True, null=True, verbose_name="登记时间")),
                ("accepted_at", models.DateTimeField(blank=True, null=True, verbose_name="签收时间")),
                ("closed_on", models.DateField(blank=True, null=True, verbose_name="办结日期")),
                (
                    "outcome",
                    models.CharField(
                        blank=True, help_text="formats/annual_report 的 outcomes.toml", max_length=40, verbose_name="处理结果"
                    ),
                ),
                (
                    "reopened_on",
                    models.DateField(
                        blank=True,
                        help_text="复议、诉讼纠正以后重新答复期间；办结日期和处理结果不改，见 docs/decisions/0031",
                        null=True,
                        verbose_name="责令重新答复的日期",
                    ),
                ),
                ("answer_again_by", models.DateField(blank=True, null=True, verbose_name="重新答复的期限")),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True, verbose_name="申请人撤回时间")),
                (
                    "satisfaction",
                    models.PositiveSmallIntegerField(blank=True, help_text="1 很不满意 至 5 很满意", null=True, verbose_name="满意度"),
                ),
                ("satisfaction_words", gongkai.sealing.fields.SealedText(blank=True, verbose_name="评价")),
                ("retention_until", models.DateField(blank=True, null=True, verbose_name="个人信息保存至")),
                ("anonymised_at", models.DateTimeField(blank=True, null=True, verbose_name="去标识化时间")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="建立时间")),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="disclosure_requests",
                        to="agencies.agency",
                        verbose_name="受理机关",
                    ),
                ),
                (
                    "jurisdiction",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="disclosure_requests",
                        to="agencies.jurisdiction",
                        verbose_name="行政区划",
                    ),
                ),
                (
                    "obligation",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="disclosure_request",
                        to="obligations.obligation",
                        verbose_name="答复义务",
                    ),
                ),
                (
                    "same_as",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="alike",
                        to="disclosure_requests.disclosurerequest",
                        verbose_name="与之相同的申请",
                    ),
                ),
                (
                    "section",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="agencies.section",
                        verbose_name="承办科室",
                    ),
                ),
                (
                    "split_from",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="parts",
                        to="disclosure_requests.disclosurerequest",
                        verbose_name="拆自",
                    ),
                ),
            ],
            options={
                "verbose_name": "政府信息公开申请",
                "verbose_name_plural": "政府信息公开申请",
                "ordering": ["-created_at", "-id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("closed_on__isnull", True)), fields=["agency", "received_on"], name="open_request_by_agency"
                    ),
                    models.Index(fields=["agency", "received_on", "closed_on", "outcome"], name="request_counted"),
                    models.Index(fields=["jurisdiction", "received_on"], name="request_by_place"),
                    models.Index(fields=["agency", "-created_at"], name="request_newest"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("number", ""), _negated=True),
                            models.Q(("key", ""), _negated=True),
                            models.Q(("subject", ""), _negated=True),
                        ),
                        name="request_has_number_and_subject",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("received_on__isnull", True), models.Q(("receipt_rule", ""), _negated=True), _connector="OR"),
                        name="receipt_has_rule",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_on__isnull", True), ("outcome", "")),
                            models.Q(
                                ("closed_on__isnull", False), ("received_on__isnull", False), models.Q(("outcome", ""), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="closed_request_has_outcome",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("closed_on__isnull", True), ("closed_on__gte", models.F("received_on")), _connector="OR"),
                        name="closed_after_receipt",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("satisfaction__isnull", True), models.Q(("satisfaction__gte", 1), ("satisfaction__lte", 5)), _connector="OR"
                        ),
                        name="satisfaction_one_to_five",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reopened_on__isnull", True), ("closed_on__isnull", False), _connector="OR"),
                        name="reopened_was_closed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("split_from", models.F("id")), _negated=True), models.Q(("same_as", models.F("id")), _negated=True)
                        ),
                        name="request_is_not_its_own",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="FrequentAnswer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("question", models.CharField(max_length=200, verbose_name="问题")),
                ("answer", models.TextField(verbose_name="回答")),
                ("published_at", models.DateTimeField(blank=True, null=True, verbose_name="公开时间")),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True, verbose_name="撤下时间")),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="frequent_answers",
                        to="agencies.agency",
                        verbose_name="机关",
                    ),
                ),
                (
                    "reviewed_by",
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
                "verbose_name": "常见问题",
                "verbose_name_plural": "常见问题",
                "ordering": ["-published_at", "-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("published_at__isnull", True), ("reviewed_by__isnull", False), _connector="OR"),
                        name="published_answer_reviewed",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Knock",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("challenge", "已用的验证"), ("plain", "没有运行脚本的提交")], max_length=10, verbose_name="类别"
                    ),
                ),
                ("key", models.CharField(max_length=64, verbose_name="摘要")),
                ("form", models.CharField(max_length=64, verbose_name="表单摘要")),
                ("at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="时间")),
            ],
            options={
                "verbose_name": "提交验证",
                "verbose_name_plural": "提交验证",
                "indexes": [models.Index(fields=["kind", "key", "at"], name="knocks_of_address")],
                "constraints": [
                    models.UniqueConstraint(condition=models.Q(("kind", "challenge")), fields=("key",), name="challenge_used_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="LetterTemplate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "letter",
                    models.CharField(
                        help_text="处理结果的编号，或 receipt、clarification、extension、third_party 等", max_length=40, verbose_name="文书"
                    ),
                ),
                ("version", models.PositiveIntegerField(verbose_name="版本")),
                ("title", models.CharField(max_length=120, verbose_name="标题")),
                ("body", models.TextField(help_text="{花括号} 里是填入的内容，见 rules/letters.toml", verbose_name="正文")),
                ("effective_from", models.DateField(verbose_name="启用日期")),
                ("approved_at", models.DateTimeField(blank=True, null=True, verbose_name="批准时间")),
                (
                    "approved_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="批准人",
                    ),
                ),
                (
                    "drafted_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="拟稿人",
                    ),
                ),
                (
                    "jurisdiction",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="letter_templates",
                        to="agencies.jurisdiction",
                        verbose_name="行政区划",
                    ),
                ),
            ],
            options={
                "verbose_name": "文书模板",
                "verbose_name_plural": "文书模板",
                "ordering": ["letter", "-version"],
                "constraints": [
                    models.UniqueConstraint(fields=("jurisdiction", "letter", "version"), name="letter_version_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("approved_at__isnull", True), ("approved_by__isnull", True)),
                            models.Q(("approved_at__isnull", False), ("approved_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="letter_approved_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("approved_by__isnull", True),
                            ("drafted_by__isnull", True),
                            models.Q(("approved_by", models.F("drafted_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="letter_approved_by_another",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OpenForm",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=64, unique=True, verbose_name="表单摘要")),
                ("passed_at", models.DateTimeField(blank=True, null=True, verbose_name="通过验证的时间")),
                ("number", models.CharField(blank=True, max_length=80, verbose_name="申请编号")),
                ("code", gongkai.sealing.fields.SealedText(blank=True, verbose_name="查询码")),
                ("filed_at", models.DateTimeField(blank=True, null=True, verbose_name="提交成功的时间")),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="打开时间")),
            ],
            options={
                "verbose_name": "填写中的申请",
                "verbose_name_plural": "填写中的申请",
                "indexes": [models.Index(fields=["made_at"], name="open_form_by_age")],
            },
        ),
        migrations.CreateModel(
            name="PlaceSettings",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number_pattern", models.CharField(default="{code}-{year}-{n:05d}", max_length=80, verbose_name="申请编号格式")),
                ("reply_pattern", models.CharField(default="{agency}公开〔{year}〕{n}号", max_length=80, verbose_name="答复文号格式")),
                (
                    "clarify_days",
                    models.PositiveSmallIntegerField(default=15, help_text="条例只说合理期限", verbose_name="补正期限（工作日）"),
                ),
                (
                    "confirm_at_once",
                    models.BooleanField(default=False, help_text="否则由工作人员与申请人确认", verbose_name="网上提交即视为双方确认"),
                ),
                ("charges", models.BooleanField(default=True, verbose_name="收取信息处理费")),
                (
                    "frequent_items",
                    models.PositiveSmallIntegerField(default=10, help_text="条例第三十五条没有数字", verbose_name="频次提示（自然月件数）"),
                ),
                (
                    "retention_years",
                    models.PositiveSmallIntegerField(default=10, help_text="办结后；法律没有统一年限", verbose_name="个人信息保存年限"),
                ),
                (
                    "reconsideration_organ",
                    models.CharField(blank=True, help_text="空为本级人民政府", max_length=120, verbose_name="行政复议机关"),
                ),
                ("court", models.CharField(blank=True, max_length=120, verbose_name="有管辖权的人民法院")),
                ("without_script", models.BooleanField(default=True, verbose_name="允许不运行脚本的浏览器提交")),
                (
                    "jurisdiction",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="request_settings",
                        to="agencies.jurisdiction",
                        verbose_name="行政区划",
                    ),
                ),
            ],
            options={
                "verbose_name": "依申请公开设置",
                "verbose_name_plural": "依申请公开设置",
            },
        ),
        migrations.CreateModel(
            name="PrivacyAssessment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("subject", models.CharField(help_text="例如：网上受理申请时收集身份证明", max_length=200, verbose_name="处理活动")),
                ("purpose", models.TextField(verbose_name="目的、方式是否合法、正当、必要")),
                ("risks", models.TextField(verbose_name="对个人权益的影响和安全风险")),
                ("measures", models.TextField(verbose_name="保护措施是否合法、有效并与风险程度相适应")),
                ("passed", models.BooleanField(verbose_name="可以进行")),
                ("assessed_on", models.DateField(verbose_name="评估日期")),
                ("keep_until", models.DateField(help_text="至少三年，个人信息保护法第五十六条", verbose_name="保存至")),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="privacy_assessments",
                        to="agencies.agency",
                        verbose_name="机关",
                    ),
                ),
                (
                    "assessed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL, verbose_name="评估人"
                    ),
                ),
            ],
            options={
                "verbose_name": "个人信息保护影响评估",
                "verbose_name_plural": "个人信息保护影响评估",
                "ordering": ["-assessed_on", "-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("purpose", ""), _negated=True),
                            models.Q(("risks", ""), _negated=True),
                            models.Q(("measures", ""), _negated=True),
                        ),
                        name="assessment_says_all",
                    ),
                    models.CheckConstraint(condition=models.Q(("keep_until__gt", models.F("assessed_on"))), name="assessment_kept_later"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Serial",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("scope", models.CharField(max_length=20, verbose_name="序列")),
                ("period", models.CharField(max_length=80, verbose_name="期间")),
                ("last", models.PositiveIntegerField(default=0, verbose_name="最后一个号")),
            ],
            options={
                "verbose_name": "流水号",
                "verbose_name_plural": "流水号",
                "constraints": [models.UniqueConstraint(fields=("scope", "period"), name="request_serial_once")],
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
                            ("filed", "提交申请"),
                            ("confirmed", "双方确认"),
                            ("registered", "登记"),
                            ("accepted", "签收"),
                            ("amended", "修改登记"),
                            ("assigned", "交办"),
                            ("answered", "承办回复"),
                            ("transferred", "转办"),
                            ("split", "拆分"),
                            ("matched", "认定相同"),
                            ("clarifying", "告知补正"),
                            ("clarified", "收到补正"),
                            ("abandoned", "视为放弃"),
                            ("consulted", "征求意见"),
                            ("responded", "收到意见"),
                            ("overridden", "决定公开"),
                            ("extending", "提出延期"),
                            ("extended", "批准延期"),
                            ("charged", "收费通知"),
                            ("paid", "缴费"),
                            ("asked_reasons", "要求说明理由"),
                            ("attached", "加入文件"),
                            ("drafted", "拟写答复"),
                            ("redacted", "遮盖"),
                            ("proposed", "送审"),
                            ("reviewed", "审核"),
                            ("signed", "签发"),
                            ("sent", "发出"),
                            ("served", "送达"),
                            ("closed", "办结"),
                            ("withdrawn", "撤回"),
                            ("rated", "评价"),
                            ("correcting", "更正"),
                            ("contested", "复议诉讼"),
                            ("suggested", "工作建议"),
                            ("opening", "转主动公开"),
                            ("frequent", "常见问题"),
                            ("archived", "归档"),
                            ("anonymised", "去标识化"),
                            ("configured", "设定"),
                            ("mailed", "读入邮件"),
                        ],
                        max_length=16,
                        verbose_name="操作",
                    ),
                ),
                ("request_id", models.PositiveBigIntegerField(blank=True, null=True, verbose_name="申请")),
                (
                    "actor",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="办理人",
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
                "verbose_name": "申请办理记录",
                "verbose_name_plural": "申请办理记录",
                "ordering": ["at", "id"],
                "indexes": [
                    models.Index(fields=["request_id", "at"], name="request_timeline"),
                    models.Index(fields=["subject", "subject_id"], name="request_deed_by_subject"),
                ],
                "constraints": [models.CheckConstraint(condition=models.Q(("key", ""), _negated=True), name="request_deed_has_key")],
            },
        ),
        migrations.CreateModel(
            name="Correction",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=80, unique=True, verbose_name="编号")),
                ("applicant", gongkai.sealing.fields.SealedText(verbose_name="申请人和联系方式")),
                ("record", models.CharField(max_length=300, verbose_name="有误的记录")),
                ("claim", gongkai.sealing.fields.SealedText(verbose_name="更正内容和证据")),
                ("received_on", models.DateField(verbose_name="收到日期")),
                (
                    "result",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("corrected", "已经更正"),
                            ("transferred", "转送有权更正的机关"),
                            ("redirected", "告知向有权更正的机关提出"),
                            ("refused", "不予更正"),
                        ],
                        max_length=12,
                        verbose_name="结果",
                    ),
                ),
                ("to", models.CharField(blank=True, max_length=120, verbose_name="有权更正的机关")),
                ("words", models.TextField(blank=True, verbose_name="说明")),
                ("answered_on", models.DateField(blank=True, null=True, verbose_name="告知日期")),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="corrections", to="agencies.agency", verbose_name="机关"
                    ),
                ),
                (
                    "request",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrections",
                        to="disclosure_requests.disclosurerequest",
                        verbose_name="相关申请",
                    ),
                ),
            ],
            options={
                "verbose_name": "更正申请",
                "verbose_name_plural": "更正申请",
                "ordering": ["-received_on", "-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("answered_on__isnull", True), models.Q(("result", ""), _negated=True), _connector="OR"),
                        name="correction_has_result",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Consultation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("third_party", "第三方"), ("organ", "其他机关"), ("joint_maker", "共同制作机关")],
                        max_length=12,
                        verbose_name="对象",
                    ),
                ),
                ("party", gongkai.sealing.fields.SealedText(blank=True, verbose_name="第三方姓名或者名称")),
                ("contact", gongkai.sealing.fields.SealedText(blank=True, verbose_name="联系方式")),
                ("asked", models.TextField(verbose_name="征求意见的内容")),
                ("sent_on", models.DateField(verbose_name="发出日期")),
                ("served_on", models.DateField(blank=True, null=True, verbose_name="对方收到日期")),
                ("due_on", models.DateField(blank=True, null=True, verbose_name="提出意见的期限")),
                ("answered_on", models.DateField(blank=True, null=True, verbose_name="收到意见或者逾期的日期")),
                (
                    "opinion",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("agrees", "同意公开"),
                            ("refuses", "不同意公开"),
                            ("partly", "同意部分公开"),
                            ("silent", "逾期未提出意见"),
                        ],
                        max_length=8,
                        verbose_name="意见",
                    ),
                ),
                ("reasons", gongkai.sealing.fields.SealedText(blank=True, verbose_name="理由")),
                ("reasonable", models.BooleanField(blank=True, null=True, verbose_name="理由合理")),
                ("overridden", models.BooleanField(default=False, verbose_name="因公共利益决定公开")),
                ("override_reason", models.CharField(blank=True, max_length=500, verbose_name="公共利益的理由")),
                ("told_on", models.DateField(blank=True, null=True, verbose_name="书面告知第三方的日期")),
                (
                    "agency",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="agencies.agency",
                        verbose_name="机关",
                    ),
                ),
                (
                    "obligation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="obligations.obligation",
                        verbose_name="期限",
                    ),
                ),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="consultations",
                        to="disclosure_requests.disclosurerequest",
                        verbose_name="申请",
                    ),
                ),
            ],
            options={
                "verbose_name": "征求意见",
                "verbose_name_plural": "征求意见",
                "ordering": ["sent_on", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(models.Q(("kind", "joint_maker"), _negated=True), ("agency__isnull", False), _connector="OR"),
                        name="joint_maker_is_an_agency",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answered_on__isnull", True), ("opinion", "")),
                            models.Q(("opinion", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="answered_has_opinion",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("overridden", False), models.Q(("override_reason", ""), _negated=True), _connector="OR"),
                        name="override_has_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Clarification",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("items", models.TextField(verbose_name="需要补正的事项")),
                ("due_on", models.DateField(verbose_name="合理的补正期限")),
                ("issued_on", models.DateField(verbose_name="告知日期")),
                ("served_on", models.DateField(blank=True, null=True, verbose_name="送达日期")),
                ("answered_at", models.DateTimeField(blank=True, null=True, verbose_name="收到补正的时间")),
                ("answer", gongkai.sealing.fields.SealedText(blank=True, verbose_name="补正内容")),
                (
                    "lapsed_on",
                    models.DateField(blank=True, help_text="无正当理由逾期不补正，不再处理", null=True, verbose_name="视为放弃的日期"),
                ),
                ("lapse_note", models.CharField(blank=True, max_length=300, verbose_name="认定说明")),
                (
                    "request",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="clarification",
                        to="disclosure_requests.disclosurerequest",
                        verbose_name="申请",
                    ),
                ),
            ],
            options={
                "verbose_name": "补正告知",
                "verbose_name_plural": "补正告知",
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("items", ""), _negated=True), name="clarification_says_what"),
                    models.CheckConstraint(condition=models.Q(("due_on__gt", models.F("issued_on"))), name="clarification_gives_time"),
                    models.CheckConstraint(
                        condition=models.Q(("answered_at__isnull", True), ("lapsed_on__isnull", True), _connector="OR"),
                        name="answered_or_lapsed",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CaseFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("identity", "身份证明"),
                            ("request", "申请书"),
                            ("supplement", "补正材料"),
                            ("opinion", "第三方、其他机关意见"),
                            ("found", "检索到的政府信息"),
                            ("letter", "告知书、通知书"),
                            ("proof", "送达、缴费凭证"),
                            ("remedy", "复议、诉讼文书"),
                            ("other", "其他"),
                        ],
                        max_length=10,
                        verbose_name="类别",
                    ),
                ),
                ("name", models.CharField(max_length=200, verbose_name="文件名")),
                (
                    "file",
                    models.FileField(
                        max_length=200,
                        storage=gongkai.sealing.files.SealedStorage(),
                        upload_to=gongkai.disclosure_requests.models.applicants.case_path,
                        verbose_name="文件",
                    ),
                ),
                ("sha256", models.CharField(max_length=64, verbose_name="校验值")),
                ("size", models.PositiveBigIntegerField(verbose_name="字节")),
                ("media_type", models.CharField(max_length=100, verbose_name="类型")),
                ("from_applicant", models.BooleanField(default=False, verbose_name="申请人提交")),
                ("added_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="上传时间")),
                (
                    "removed_at",
                    models.DateTimeField(blank=True, help_text="保存期满后清除文件，记录保留", null=True, verbose_name="清除时间"),
                ),
                (
                    "added_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="上传人",
                    ),
                ),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="files",
                        to="disclosure_requests.disclosurerequest",
                        verbose_name="申请",
                    ),
                ),
            ],
            options={
                "verbose_name": "案卷文件",
                "verbose_name_plural": "案卷文件",
                "ordering": ["id"],
                "constraints": [models.CheckConstraint(condition=models.Q(("sha256", ""), _negated=True), name="case_file_has_hash")],
            },
        ),
        migrations.CreateModel(
            name="Assignment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("task", models.CharField(max_length=300, verbose_name="承办内容")),
                ("due_on", models.DateField(blank=True, null=True, verbose_name="内部期限")),
                ("assigned_at", models.DateTimeField(verbose_name="交办时间")),
                ("answered_at", models.DateTimeField(blank=True, null=True, verbose_name="回复时间")),
                ("answer", models.TextField(blank=True, verbose_name="承办意见")),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="收回时间")),
                (
                    "person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="承办人",
                    ),
                ),
                (
                    "section",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="agencies.section",
                        verbose_name="承办科室",
                    ),
                ),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assignments",
                        to="disclosure_requests.disclosurerequest",
                        verbose_name="申请",
                    ),
                ),
            ],
            options={
                "verbose_name": "交办",
                "verbose_name_plural": "交办",
                "ordering": ["assigned_at", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("section__isnull", False), ("person__isnull", False), _connector="OR"),
                        name="assigned_to_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("answered_at__isnull", True), models.Q(("answer", ""), _negated=True), _connector="OR"),
                        name="assignment_answer_has_words",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ArchivePackage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "file",
                    models.FileField(
                        max_length=200,
                        storage=gongkai.sealing.files.SealedStorage(),
                        upload_to=gongkai.disclosure_requests.models.applicants.case_path,
                        verbose_name="案卷包",
                    ),
                ),
                ("sha256", models.CharField(max_length=64, verbose_name="校验值")),
                ("size", models.PositiveBigIntegerField(verbose_name="字节")),
                ("made_at", models.DateTimeField(verbose_name="归档时间")),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL, verbose_name="归档人"
                    ),
                ),
                (
                    "request",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="archive",
                        to="disclosure_requests.disclosurerequest",
                        verbose_name="申请",
                    ),
                ),
            ],
            options={
                "verbose_name": "案卷",
                "verbose_name_plural": "案卷",
            },
        ),
        migrations.CreateModel(
            name="Applicant",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("natural", "自然人"),
                            ("commercial", "商业企业"),
                            ("research", "科研机构"),
                            ("public_benefit", "社会公益组织"),
                            ("legal_service", "法律服务机构"),
                            ("other", "其他法人或者组织"),
                        ],
                        max_length=16,
                        verbose_name="申请人类别",
                    ),
                ),
                ("name", gongkai.sealing.fields.SealedText(verbose_name="姓名或者名称")),
                (
                    "identity_kind",
                    models.CharField(
                        choices=[
                            ("id_card", "居民身份证"),
                            ("passport", "护照"),
                            ("hk_macao", "港澳居民来往内地通行证"),
                            ("taiwan", "台湾居民来往大陆通行证"),
                            ("credit_code", "统一社会信用代码"),
                            ("other", "其他证明"),
                        ],
                        max_length=12,
                        verbose_name="证件类型",
                    ),
                ),
                ("identity_number", gongkai.sealing.fields.SealedText(blank=True, verbose_name="证件号码")),
                ("representative", gongkai.sealing.fields.SealedText(blank=True, verbose_name="法定代表人或者负责人")),
                ("contact", gongkai.sealing.fields.SealedText(blank=True, verbose_name="联系人")),
                ("phone", gongkai.sealing.fields.SealedText(blank=True, verbose_name="联系电话")),
                ("email", gongkai.sealing.fields.SealedText(blank=True, verbose_name="电子邮箱")),
                ("address", gongkai.sealing.fields.SealedText(blank=True, verbose_name="通信地址")),
                ("postcode", gongkai.sealing.fields.SealedText(blank=True, verbose_name="邮政编码")),
                (
                    "help_needed",
                    gongkai.sealing.fields.SealedText(
                        blank=True, help_text="阅读困难或者视听障碍，条例第四十三条", verbose_name="需要的帮助"
                    ),
                ),
                (
                    "digest",
                    models.CharField(
                        blank=True, db_index=True, help_text="同一申请人的申请由它找出，不能还原", max_length=64, verbose_name="本人摘要"
                    ),
                ),
                ("consented_at", models.DateTimeField(blank=True, null=True, verbose_name="同意个人信息处理的时间")),
                ("notice_version", models.CharField(blank=True, max_length=20, verbose_name="所见告知的版本")),
                (
                    "request",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="applicant",
                        to="disclosure_requests.disclosurerequest",
                        verbose_name="申请",
                    ),
                ),
            ],
            options={
                "verbose_name": "申请人",
                "verbose_name_plural": "申请人",
            },
        ),
        migrations.CreateModel(
            name="Extension",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("n", models.PositiveSmallIntegerField(verbose_name="延长的工作日")),
                ("reason", models.CharField(max_length=500, verbose_name="理由")),
                ("asked_at", models.DateTimeField(verbose_name="提出时间")),
                ("approved_at", models.DateTimeField(blank=True, null=True, verbose_name="批准时间")),
                ("told_on", models.DateField(blank=True, null=True, verbose_name="告知申请人的日期")),
                (
                    "approved_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="批准人",
                    ),
                ),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL, verbose_name="提出人"
                    ),
                ),
                (
                    "request",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="extension",
                        to="disclosure_requests.disclosurerequest",
                        verbose_name="申请",
                    ),
                ),
            ],
            options={
                "verbose_name": "延长答复期限",
                "verbose_name_plural": "延长答复期限",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("n__gt", 0), models.Q(("reason", ""), _negated=True)), name="extension_is_reasoned"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("approved_at__isnull", True), ("approved_by__isnull", True)),
                            models.Q(("approved_at__isnull", False), ("approved_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="extension_approved_by_somebody",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="FeeNotice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("by", models.CharField(choices=[("item", "按件"), ("volume", "按量")], max_length=6, verbose_name="计收方式")),
                ("quantity", models.PositiveIntegerField(verbose_name="件数或者页数")),
                (
                    "earlier",
                    models.PositiveIntegerField(
                        default=0, help_text="按件：同一申请人同一自然月在这一件之前的件数", verbose_name="当月已计件数"
                    ),
                ),
                ("amount", models.PositiveIntegerField(verbose_name="金额（元）")),
                ("lines", models.JSONField(default=list, verbose_name="计算过程")),
                ("issued_on", models.DateField(verbose_name="通知日期")),
                ("served_on", models.DateField(blank=True, null=True, verbose_name="申请人收到日期")),
                ("due_on", models.DateField(blank=True, null=True, verbose_name="缴费期限")),
                ("paid_on", models.DateField(blank=True, null=True, verbose_name="缴费日期")),
                ("receipt_number", models.CharField(blank=True, max_length=60, verbose_name="票据号")),
                ("lapsed_on", models.DateField(blank=True, null=True, verbose_name="视为放弃的日期")),
                (
                    "obligation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="obligations.obligation",
                        verbose_name="期限",
                    ),
                ),
                (
                    "request",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="fee",
                        to="disclosure_requests.disclosurerequest",
                        verbose_name="申请",
                    ),
                ),
            ],
            options={
                "verbose_name": "信息处理费",
                "verbose_name_plural": "信息处理费",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("paid_on__isnull", True), ("lapsed_on__isnull", True), _connector="OR"), name="paid_or_lapsed"
                    ),
                    models.CheckConstraint(condition=models.Q(("amount__gt", 0)), name="fee_is_not_nothing"),
                ],
            },
        ),
        migrations.CreateModel(
            name="FrequencyCheck",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("facts", models.CharField(max_length=500, verbose_name="数量和频次")),
                ("asked_on", models.DateField(verbose_name="要求说明理由的日期")),
                ("given", gongkai.sealing.fields.SealedText(blank=True, verbose_name="申请人说明的理由")),
                ("reasonable", models.BooleanField(blank=True, null=True, verbose_name="理由合理")),
                ("words", models.CharField(blank=True, max_length=500, verbose_name="认定")),
                ("judged_on", models.DateField(blank=True, null=True, verbose_name="认定日期")),
                ("delayed_to", models.DateField(blank=True, null=True, verbose_name="延迟答复至")),
                (
                    "request",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="frequency",
                        to="disclosure_requests.disclosurerequest",
                        verbose_name="申请",
                    ),
                ),
            ],
            options={
                "verbose_name": "要求说明理由",
                "verbose_name_plural": "要求说明理由",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("judged_on__isnull", True),
                            models.Q(("reasonable__isnull", False), models.Q(("words", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="frequency_judged",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="IncomingMail",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("message_id", models.CharField(max_length=200, verbose_name="邮件标识")),
                ("sender", gongkai.sealing.fields.SealedText(verbose_name="发件人")),
                ("subject", gongkai.sealing.fields.SealedText(blank=True, verbose_name="主题")),
                ("sent_at", models.DateTimeField(blank=True, null=True, verbose_name="发出时间")),
                ("arrived_at", models.DateTimeField(verbose_name="到达时间")),
                (
                    "raw",
                    models.FileField(
                        max_length=200,
                        storage=gongkai.sealing.files.SealedStorage(),
                        upload_to=gongkai.disclosure_requests.models.applicants.case_path,
                        verbose_name="原件",
                    ),
                ),
                ("set_aside_at", models.DateTimeField(blank=True, null=True, verbose_name="不作申请处理的时间")),
                ("set_aside_reason", models.CharField(blank=True, max_length=300, verbose_name="理由")),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="incoming_mail", to="agencies.agency", verbose_name="机关"
                    ),
                ),
                (
                    "request",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="mail",
                        to="disclosure_requests.disclosurerequest",
                        verbose_name="登记为",
                    ),
                ),
            ],
            options={
                "verbose_name": "收到的邮件",
                "verbose_name_plural": "收到的邮件",
                "ordering": ["-arrived_at", "-id"],
                "constraints": [
                    models.UniqueConstraint(fields=("agency", "message_id"), name="mail_read_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("set_aside_at__isnull", True), models.Q(("set_aside_reason", ""), _negated=True), _connector="OR"
                        ),
                        name="mail_set_aside_says_why",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HeldFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("part", models.CharField(choices=[("identity_files", "身份证明"), ("files", "附件")], max_length=16, verbose_name="位置")),
                ("name", gongkai.sealing.fields.SealedText(verbose_name="文件名")),
                (
                    "file",
                    models.FileField(
                        max_length=200,
                        storage=gongkai.sealing.files.SealedStorage(),
                        upload_to=gongkai.disclosure_requests.models.applicants.case_path,
                        verbose_name="文件",
                    ),
                ),
                ("sha256", models.CharField(max_length=64, verbose_name="校验值")),
                ("size", models.PositiveBigIntegerField(verbose_name="字节")),
                (
                    "form",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="held",
                        to="disclosure_requests.openform",
                        verbose_name="表单",
                    ),
                ),
            ],
            options={
                "verbose_name": "暂存的文件",
                "verbose_name_plural": "暂存的文件",
                "ordering": ["id"],
                "constraints": [models.UniqueConstraint(fields=("form", "part", "sha256"), name="file_held_once")],
            },
        ),
        migrations.CreateModel(
            name="OpeningProposal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("subject", models.CharField(max_length=200, verbose_name="信息")),
                ("suggested_by_applicant", models.BooleanField(default=False, verbose_name="申请人建议")),
                ("found_on", models.DateField(verbose_name="发现日期")),
                ("accepted", models.BooleanField(blank=True, null=True, verbose_name="纳入主动公开")),
                ("reason", models.CharField(blank=True, max_length=500, verbose_name="审核意见")),
                ("decided_at", models.DateTimeField(blank=True, null=True, verbose_name="审核时间")),
                (
                    "document_id",
                    models.PositiveBigIntegerField(
                        blank=True, help_text="publications 的 Document；由佐证核对", null=True, verbose_name="公开的政府信息"
                    ),
                ),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="opening_proposals",
                        to="agencies.agency",
                        verbose_name="机关",
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="审核人",
                    ),
                ),
                (
                    "requests",
                    models.ManyToManyField(
                        related_name="opening_proposals", to="disclosure_requests.disclosurerequest", verbose_name="申请"
                    ),
                ),
            ],
            options={
                "verbose_name": "转为主动公开",
                "verbose_name_plural": "转为主动公开",
                "ordering": ["-found_on", "-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("decided_at__isnull", True),
                            models.Q(("accepted__isnull", False), models.Q(("reason", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="proposal_decided",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Remedy",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("reconsideration", "行政复议"),
                            ("suit", "行政诉讼（未经复议直接起诉）"),
                            ("suit_after", "行政诉讼（复议后起诉）"),
                        ],
                        max_length=16,
                        verbose_name="类别",
                    ),
                ),
                (
                    "procedure",
                    models.CharField(
                        choices=[("ordinary", "普通程序"), ("simple", "简易程序")], default="ordinary", max_length=8, verbose_name="程序"
                    ),
                ),
                ("organ", models.CharField(max_length=120, verbose_name="复议机关、法院")),
                ("number", models.CharField(blank=True, max_length=80, verbose_name="案号")),
                ("filed_on", models.DateField(verbose_name="提起日期")),
                ("served_on", models.DateField(blank=True, null=True, verbose_name="收到副本的日期")),
                ("answered_on", models.DateField(blank=True, null=True, verbose_name="提出答复、答辩的日期")),
                (
                    "result",
                    models.CharField(
                        blank=True,
                        choices=[("upheld", "结果维持"), ("corrected", "结果纠正"), ("other", "其他结果")],
                        max_length=10,
                        verbose_name="结果",
                    ),
                ),
                ("result_words", models.CharField(blank=True, max_length=500, verbose_name="裁判、决定内容")),
                ("closed_on", models.DateField(blank=True, null=True, verbose_name="审结日期")),
                (
                    "follows",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="followed_by",
                        to="disclosure_requests.remedy",
                        verbose_name="前一程序",
                    ),
                ),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="remedies",
                        to="disclosure_requests.disclosurerequest",
                        verbose_name="申请",
                    ),
                ),
            ],
            options={
                "verbose_name": "复议和诉讼",
                "verbose_name_plural": "复议和诉讼",
                "ordering": ["filed_on", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_on__isnull", True), ("result", "")), models.Q(("result", ""), _negated=True), _connector="OR"
                        ),
                        name="closed_remedy_has_result",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("closed_on__isnull", True), ("closed_on__gte", models.F("filed_on")), _connector="OR"),
                        name="remedy_closed_later",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Reply",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("outcome", models.CharField(max_length=40, verbose_name="处理结果")),
                (
                    "situation",
                    models.CharField(
                        blank=True, help_text="一行有两种情形的，outcomes.toml 的 situations", max_length=40, verbose_name="情形"
                    ),
                ),
                ("grounds", models.JSONField(blank=True, default=list, verbose_name="依据")),
                ("answers", models.JSONField(blank=True, default=dict, verbose_name="各项内容")),
                ("text", gongkai.sealing.fields.SealedText(verbose_name="正文")),
                (
                    "template_version",
                    models.CharField(blank=True, help_text="全国文本：其施行日期", max_length=40, verbose_name="模板版本"),
                ),
                ("number", models.CharField(blank=True, max_length=80, verbose_name="文号")),
                ("drafted_at", models.DateTimeField(verbose_name="拟稿时间")),
                ("version", models.PositiveIntegerField(default=1, help_text="乐观锁；审核只对看过的稿次有效", verbose_name="稿次")),
                ("proposed_at", models.DateTimeField(blank=True, null=True, verbose_name="送审时间")),
                ("signed_at", models.DateTimeField(blank=True, null=True, verbose_name="签发时间")),
                ("served_on", models.DateField(blank=True, null=True, verbose_name="送达日期")),
                (
                    "snapshots",
                    gongkai.sealing.fields.SealedText(
                        blank=True,
                        help_text="JSON：最近两次送审的 {version, outcome, situation, grounds, answers, text, files}",
                        verbose_name="送审过的文稿",
                    ),
                ),
                (
                    "cleared",
                    models.JSONField(
                        blank=True,
                        default=dict,
                        help_text="{筛查结果摘要: {reason, by, name, at}}，见 replying/gate.py",
                        verbose_name="筛查认定",
                    ),
                ),
                ("replaced_at", models.DateTimeField(blank=True, null=True, verbose_name="不再有效的时间")),
                ("replaced_reason", models.CharField(blank=True, max_length=300, verbose_name="不再有效的理由")),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL, verbose_name="拟稿人"
                    ),
                ),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replies",
                        to="disclosure_requests.disclosurerequest",
                        verbose_name="申请",
                    ),
                ),
                (
                    "signed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="签发人",
                    ),
                ),
                (
                    "template",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="disclosure_requests.lettertemplate",
                        verbose_name="模板",
                    ),
                ),
            ],
            options={
                "verbose_name": "答复",
                "verbose_name_plural": "答复",
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("replaced_at__isnull", True)), fields=("request",), name="one_current_reply"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("number", ""), _negated=True), fields=("number",), name="reply_number_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("signed_at__isnull", True),
                            models.Q(("signed_by__isnull", False), models.Q(("number", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="signed_reply",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("served_on__isnull", True), ("signed_at__isnull", False), _connector="OR"),
                        name="served_after_signing",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("signed_by__isnull", True), models.Q(("signed_by", models.F("author")), _negated=True), _connector="OR"
                        ),
                        name="signed_by_another",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="WorkSuggestion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("problem", models.TextField(verbose_name="发现的问题")),
                ("advice", models.TextField(verbose_name="建议")),
                ("sent_at", models.DateTimeField(verbose_name="提出时间")),
                ("answer", models.TextField(blank=True, verbose_name="办理情况")),
                ("answered_at", models.DateTimeField(blank=True, null=True, verbose_name="回复时间")),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="agencies.agency", verbose_name="提出单位"
                    ),
                ),
                (
                    "request",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="suggestions",
                        to="disclosure_requests.disclosurerequest",
                        verbose_name="申请",
                    ),
                ),
                (
                    "to",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="suggestions_received",
                        to="agencies.agency",
                        verbose_name="被建议单位",
                    ),
                ),
            ],
            options={
                "verbose_name": "工作建议",
                "verbose_name_plural": "工作建议",
                "ordering": ["-sent_at", "-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(models.Q(("problem", ""), _negated=True), models.Q(("advice", ""), _negated=True)),
                        name="suggestion_has_words",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("answered_at__isnull", True), models.Q(("answer", ""), _negated=True), _connector="OR"),
                        name="suggestion_answer_has_words",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ApplicantLook",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("what", models.CharField(max_length=60, verbose_name="查看内容")),
                ("at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="时间")),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL, verbose_name="查看人"
                    ),
                ),
                (
                    "correction",
                    models.ForeignKey(
                        blank=True,
                        help_text="没有相关申请的更正",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="looks",
                        to="disclosure_requests.correction",
                        verbose_name="更正申请",
                    ),
                ),
                (
                    "request",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="looks",
                        to="disclosure_requests.disclosurerequest",
                        verbose_name="申请",
                    ),
                ),
            ],
            options={
                "verbose_name": "申请人信息查看记录",
                "verbose_name_plural": "申请人信息查看记录",
                "ordering": ["-at", "-id"],
                "indexes": [models.Index(fields=["request", "-at"], name="looks_of_request")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("request__isnull", False), ("correction__isnull", False), _connector="OR"),
                        name="look_at_somebody",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ReplyFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "areas",
                    models.JSONField(
                        blank=True, default=list, help_text="[{page, box, match, reason}]，见 gongkai.redaction", verbose_name="遮盖处"
                    ),
                ),
                (
                    "given",
                    models.FileField(
                        blank=True,
                        max_length=200,
                        storage=gongkai.sealing.files.SealedStorage(),
                        upload_to=gongkai.disclosure_requests.models.applicants.case_path,
                        verbose_name="提供的文件",
                    ),
                ),
                ("given_name", models.CharField(blank=True, max_length=200, verbose_name="提供的文件名")),
                ("given_sha256", models.CharField(blank=True, max_length=64, verbose_name="校验值")),
                ("given_size", models.PositiveBigIntegerField(default=0, verbose_name="字节")),
                ("made_at", models.DateTimeField(blank=True, null=True, verbose_name="制作时间")),
                ("failed", models.CharField(blank=True, max_length=300, verbose_name="不能制作的原因")),
                ("pages_done", models.PositiveIntegerField(default=0, verbose_name="已处理页数")),
                ("pages", models.PositiveIntegerField(default=0, verbose_name="页数")),
                (
                    "findings",
                    models.JSONField(
                        blank=True,
                        default=list,
                        help_text="[{kind, rule, severity, where, masked, why}]，只有遮掩后的值",
                        verbose_name="筛查结果",
                    ),
                ),
                (
                    "reply",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="files",
                        to="disclosure_requests.reply",
                        verbose_name="答复",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="disclosure_requests.casefile",
                        verbose_name="原件",
                    ),
                ),
            ],
            options={
                "verbose_name": "提供的文件",
                "verbose_name_plural": "提供的文件",
                "ordering": ["id"],
                "constraints": [models.UniqueConstraint(fields=("reply", "source"), name="file_given_once")],
            },
        ),
        migrations.CreateModel(
            name="ReplyReview",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(verbose_name="所审稿次")),
                (
                    "step",
                    models.CharField(
                        choices=[("content", "审核"), ("second", "复核"), ("secrecy", "保密审查")], max_length=8, verbose_name="步骤"
                    ),
                ),
                ("conclusion", models.CharField(choices=[("passed", "同意"), ("returned", "退回")], max_length=8, verbose_name="结论")),
                ("basis", models.CharField(max_length=300, verbose_name="依据")),
                ("opinion", models.TextField(blank=True, verbose_name="意见")),
                (
                    "items",
                    models.JSONField(
                        blank=True,
                        default=list,
                        help_text="保密审查：[{file, name, conclusion, basis, note}]，file 为空是正文",
                        verbose_name="逐项",
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="时间")),
                (
                    "reply",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reviews",
                        to="disclosure_requests.reply",
                        verbose_name="答复",
                    ),
                ),
                (
                    "reviewer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL, verbose_name="审核人"
                    ),
                ),
            ],
            options={
                "verbose_name": "答复审核",
                "verbose_name_plural": "答复审核",
                "ordering": ["at", "id"],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("basis", ""), _negated=True), name="reply_review_has_basis"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("conclusion", "returned"), _negated=True), models.Q(("opinion", ""), _negated=True), _connector="OR"
                        ),
                        name="reply_return_has_opinion",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("conclusion", "passed")), fields=("reply", "version", "step"), name="reply_step_passed_once"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Service",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("letter", models.CharField(max_length=40, verbose_name="文书")),
                (
                    "route",
                    models.CharField(
                        choices=[("online", "网上领取"), ("email", "电子邮件"), ("post", "邮寄"), ("fax", "传真"), ("pick_up", "自行领取")],
                        max_length=8,
                        verbose_name="途径",
                    ),
                ),
                ("sent_on", models.DateField(verbose_name="发出日期")),
                ("served_on", models.DateField(blank=True, null=True, verbose_name="送达日期")),
                ("proof", models.CharField(blank=True, help_text="邮件号、签收人、网上打开的时间", max_length=200, verbose_name="凭证")),
                ("failed", models.CharField(blank=True, max_length=200, verbose_name="没有送达的原因")),
                (
                    "file",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="disclosure_requests.casefile",
                        verbose_name="文书文件",
                    ),
                ),
                (
                    "proof_file",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="disclosure_requests.casefile",
                        verbose_name="凭证文件",
                    ),
                ),
                (
                    "reply",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="services",
                        to="disclosure_requests.reply",
                        verbose_name="答复",
                    ),
                ),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="services",
                        to="disclosure_requests.disclosurerequest",
                        verbose_name="申请",
                    ),
                ),
                (
                    "word_file",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="disclosure_requests.casefile",
                        verbose_name="文书的 Word 版",
                    ),
                ),
            ],
            options={
                "verbose_name": "送达",
                "verbose_name_plural": "送达",
                "ordering": ["sent_on", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("served_on__isnull", True), ("failed", ""), _connector="OR"), name="served_or_failed"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("served_on__isnull", True), ("served_on__gte", models.F("sent_on")), _connector="OR"),
                        name="served_after_sent",
                    ),
                ],
            },
        ),
    ]
