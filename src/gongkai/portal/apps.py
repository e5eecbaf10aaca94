from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "gongkai.portal"
    verbose_name = "门户"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from gongkai.disclosure_requests.public.entry import entries
        from gongkai.plans.search_source import PLANS, TASKS
        from gongkai.portal import column_usage
        from gongkai.portal.agency_source import AGENCIES
        from gongkai.portal.catalogue_source import ITEMS
        from gongkai.portal.entries import RequestEntry, register_request_entry
        from gongkai.portal.platform import duties, generated
        from gongkai.publications.search_source import DOCUMENTS
        from gongkai.reports.search_source import REPORTS
        from gongkai.search.sources import register

        for one in (DOCUMENTS, PLANS, TASKS, ITEMS, AGENCIES, REPORTS):  # in the order of the tabs
            register(one)
        duties.register_all()
        generated.register()
        column_usage.register_all()
        register_request_entry(lambda agency: [RequestEntry(url) for url in entries(agency)])
