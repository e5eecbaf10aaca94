"""The journal in words: what a deed, a kind of object and a field are called on the screen."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model

from gongkai.coordination.models import Deed
from gongkai.plans.models import PlanStep

ACTIONS: dict[str, str] = {
    "account.opened": "新建账号",
    "account.logged_in": "登录",
    "account.locked": "账号锁定",
    "account.password_changed": "修改密码",
    "account.password_reset": "重设密码",
    "account.totp_enrolled": "启用动态口令",
    "account.totp_removed": "停用动态口令",
    "account.codes_renewed": "重新生成备用码",
    "agency.registered": "登记机构",
    "agency.alias_added": "登记机构别名",
    "agency.renamed": "机构更名",
    "agency.subordinated": "登记主管单位",
    "agency.reorganised": "机构改革",
    "leader.appointed": "登记负责人",
    "leader.left": "负责人离任",
    "place.founded": "建立行政区划",
    "post.given": "任职",
    "post.moved": "调整科室",
    "section.added": "新增内设机构",
    "suggestion.decided": "确认单位",
    "plans.discarded": "方案：删除草稿",
    **{f"plans.{value}": f"方案：{label}" for value, label in PlanStep.Kind.choices},
    **{f"coordination.{value}": f"统筹：{label}" for value, label in Deed.Kind.choices},
    "obligation.opened": "事项：下达",
    "obligation.acknowledge": "事项：签收",
    "obligation.assign": "事项：交办",
    "obligation.report_progress": "事项：报送进展",
    "obligation.request_completion": "事项：申请办结",
    "obligation.pass_check": "事项：核查通过",
    "obligation.return_work": "事项：退回",
    "obligation.waive": "事项：免除",
    "obligation.waived": "事项：免除",
    "obligation.changed": "事项：调整",
    "obligation.settled": "事项：按佐证改变完成情况",
    "obligation.handed_over": "事项：移交",
    "obligation.urge": "事项：催办",
    "series.handed_over": "重复事项：移交",
    "evidence.handed_in": "佐证：提交",
    "evidence.withdrawn": "佐证：撤回",
    "evidence.rechecked": "佐证：重新核对",
    "evidence.no_change": "佐证：申明无变化",
    "rule.switched_on": "启用法定规则",
    "rule.switched_off": "停用法定规则",
    "reminders.preference": "提醒：改设置",
    "reminders.feed": "提醒：换日历订阅地址",
    "reminders.hook": "提醒：登记推送地址",
    "reminders.unhook": "提醒：停用推送地址",
    "reminders.retry": "提醒：重发",
}
"""Deeds without a name here are shown as they are written in the journal."""


def action_name(action: str) -> str:
    return ACTIONS.get(action, action)


@cache
def _model(kind: str) -> type[Model] | None:
    try:
        return apps.get_model(kind)
    except (LookupError, ValueError):
        return None


def kind_name(kind: str) -> str:
    model = _model(kind)
    return str(model._meta.verbose_name) if model else kind


def field_name(kind: str, name: str) -> str:
    model = _model(kind)
    if model is None:
        return name
    for spelling in (name, name.removesuffix("_id")):
        try:
            field: Any = model._meta.get_field(spelling)
        except FieldDoesNotExist:
            continue
        return str(getattr(field, "verbose_name", name))
    return name


def value_text(value: Any, longest: int = 200) -> str:
    """A value in one line; a long one is cut, the export has it whole."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list):
        text = "、".join(value_text(item) for item in value)
    elif isinstance(value, dict):
        text = "，".join(f"{name} {value_text(item)}" for name, item in value.items())
    else:
        text = " ".join(str(value).split())
    return text if len(text) <= longest else f"{text[:longest]}…"
