from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "gongkai.portal"
    verbose_name = "门户"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from gongkai.plans.search_source import PLANS, TASKS
        from gongkai.portal.agency_source import AGENCIES
        from gongkai.publications.search_source import DOCUMENTS
        from gongkai.search.sources import register

        for one in (DOCUMENTS, PLANS, TASKS, AGENCIES):  # in the order of the tabs
            register(one)
