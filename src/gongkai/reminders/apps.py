from django.apps import AppConfig


class RemindersConfig(AppConfig):
    name = "gongkai.reminders"
    verbose_name = "提醒"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from gongkai.journal import words
        from gongkai.reminders import selecting as selecting  # registers the kinds of the engine

        words.declare(
            {
                "reminders.preference": "提醒：改设置",
                "reminders.feed": "提醒：换日历订阅地址",
                "reminders.hook": "提醒：登记推送地址",
                "reminders.unhook": "提醒：停用推送地址",
                "reminders.retry": "提醒：重发",
            }
        )
