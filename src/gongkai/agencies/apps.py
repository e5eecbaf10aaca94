from django.apps import AppConfig


class AgenciesConfig(AppConfig):
    name = "gongkai.agencies"
    verbose_name = "机构"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from gongkai.agencies import guide_receivers  # noqa: F401 — receivers connect
        from gongkai.journal import words

        words.declare(
            {
                "account.opened": "新建账号",
                "account.password_reset": "重设密码",
                "agency.registered": "登记机构",
                "agency.alias_added": "登记机构别名",
                "agency.renamed": "机构更名",
                "agency.subordinated": "登记主管单位",
                "agency.reorganised": "机构改革",
                "agency.profile_changed": "修改机构信息",
                "agency.profile_confirmed": "核对机构信息",
                "guide.renewed": "政府信息公开指南更新",
                "guide.worded": "修改指南的通用文字",
                "leader.appointed": "登记负责人",
                "leader.left": "负责人离任",
                "place.founded": "建立行政区划",
                "place.lights": "设置预警天数",
                "post.given": "任职",
                "post.moved": "调整科室",
                "section.added": "新增内设机构",
                "section.changed": "修改内设机构",
                "section.ended": "撤销内设机构",
                "suggestion.decided": "确认单位",
            }
        )
