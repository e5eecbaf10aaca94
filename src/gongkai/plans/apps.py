from django.apps import AppConfig


class PlansConfig(AppConfig):
    name = "gongkai.plans"
    verbose_name = "方案"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from gongkai.obligations.origins import register
        from gongkai.plans import receivers  # noqa: F401 — connects
        from gongkai.plans.origins import PlanTasks

        register("plan_task", PlanTasks())
