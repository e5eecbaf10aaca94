from django.apps import AppConfig


class RemindersConfig(AppConfig):
    name = "gongkai.reminders"
    verbose_name = "提醒"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from gongkai.reminders import selecting as selecting  # registers the kinds of the engine
