from django.apps import AppConfig


class CoordinationConfig(AppConfig):
    name = "gongkai.coordination"
    verbose_name = "统筹"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from gongkai.coordination import proofs
        from gongkai.coordination.actions.flow import issue_notes
        from gongkai.coordination.plan_links import links
        from gongkai.plans.links import add_links, add_notes

        proofs.register_all()
        add_links(links)
        add_notes(issue_notes)
