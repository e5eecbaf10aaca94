from django.apps import AppConfig


class CoordinationConfig(AppConfig):
    name = "gongkai.coordination"
    verbose_name = "统筹"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from gongkai.coordination import findings, following, proofs  # noqa: F401 — following connects
        from gongkai.coordination.actions.flow import issue_notes
        from gongkai.coordination.instruction_origins import Instructions
        from gongkai.coordination.models import Deed
        from gongkai.coordination.plan_links import links
        from gongkai.journal import words
        from gongkai.obligations import proving
        from gongkai.obligations.facts import declare
        from gongkai.obligations.origins import register
        from gongkai.plans.links import add_links, add_notes

        register("finding", findings.Findings())
        register("instruction", Instructions())
        proving.register(findings.KIND, findings.facts_of, label="整改情况")
        proofs.register_all()
        add_links(links)
        add_notes(issue_notes)
        declare("check_finished")
        words.declare({f"coordination.{kind}": f"统筹：{label}" for kind, label in Deed.Kind.choices})
