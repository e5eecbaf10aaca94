from django.apps import AppConfig


class PlansConfig(AppConfig):
    name = "gongkai.plans"
    verbose_name = "方案"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from gongkai.journal import words
        from gongkai.obligations import records
        from gongkai.obligations.facts import declare
        from gongkai.obligations.origins import register
        from gongkai.plans import receivers  # noqa: F401 — connects
        from gongkai.plans.facts import PLAN, public_plan, public_plans
        from gongkai.plans.models import PlanStep
        from gongkai.plans.origins import PlanTasks

        register("plan_task", PlanTasks())
        declare("plan_issued")
        records.register(PLAN, public_plan, label="公开的方案", candidates=public_plans, page="public_plans:detail")
        words.declare({"plans.discarded": "方案：删除草稿"} | {f"plans.{kind}": f"方案：{label}" for kind, label in PlanStep.Kind.choices})
