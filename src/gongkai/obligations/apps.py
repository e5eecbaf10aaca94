from django.apps import AppConfig


class ObligationsConfig(AppConfig):
    name = "gongkai.obligations"
    verbose_name = "义务"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from gongkai.agencies.belongings import add_belongings
        from gongkai.agencies.panels import add_panel
        from gongkai.journal import words
        from gongkai.obligations import connections, following, statute_receivers
        from gongkai.obligations.agency_panel import figures
        from gongkai.obligations.facts import declare
        from gongkai.obligations.models import ClockEvent, Obligation
        from gongkai.obligations.origins import register
        from gongkai.obligations.statute_origin import StatuteRules

        connections.listen()
        add_panel("台账", figures)
        add_belongings(following.TITLE, following.open_belongings)
        declare(statute_receivers.AGENCY_CHANGED)
        register(Obligation.Source.STATUTE, StatuteRules())
        words.declare(
            {
                "obligation.opened": "事项：下达",
                "obligation.acknowledge": "事项：签收",
                "obligation.assign": "事项：交办",
                "obligation.report_progress": "事项：报送进展",
                "obligation.request_completion": "事项：申请办结",
                "obligation.pass_check": "事项：核查通过",
                "obligation.return_work": "事项：退回",
                "obligation.waive": "事项：免除",
                "obligation.reinstate": "事项：取消免除",
                "obligation.waived": "事项：随来源撤销免除",
                "obligation.changed": "事项：调整",
                "obligation.settled": "事项：按佐证改变完成情况",
                "obligation.handed_over": "事项：移交",
                "obligation.urge": "事项：催办",
                "obligation.reply": "事项：答复催办",
                "obligation.ended": "事项：不再要求",
                "obligation.again": "事项：恢复办理",
                "series.opened": "定期任务：开始",
                "series.closed": "定期任务：终止",
                "series.again": "定期任务：恢复",
                "series.handed_over": "定期任务：移交",
                "evidence.handed_in": "佐证：提交",
                "evidence.judged": "佐证：核查",
                "evidence.withdrawn": "佐证：撤回",
                "evidence.rechecked": "佐证：重新核对",
                "evidence.no_change": "佐证：声明没有新内容",
                "duplicate.decided": "重复任务：确认",
                "duplicate.separated": "重复任务：取消并案",
                "rule.switched_on": "启用法定规则",
                "rule.switched_off": "停用法定规则",
            }
            | {"clock.recounted": "计时：按新的放假安排重算"}
            | {f"clock.{kind}": f"计时：{label}" for kind, label in ClockEvent.Kind.choices}
        )
