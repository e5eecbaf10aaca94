from django.apps import AppConfig


class ObligationsConfig(AppConfig):
    name = "gongkai.obligations"
    verbose_name = "义务"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from gongkai.agencies.belongings import add_belongings
        from gongkai.agencies.panels import add_panel
        from gongkai.obligations import following, statute_receivers
        from gongkai.obligations.agency_panel import figures
        from gongkai.obligations.facts import declare
        from gongkai.obligations.models import Obligation
        from gongkai.obligations.origins import register
        from gongkai.obligations.statute_origin import StatuteRules

        add_panel("台账", figures)
        add_belongings(following.TITLE, following.open_belongings)
        declare(statute_receivers.AGENCY_CHANGED)
        register(Obligation.Source.STATUTE, StatuteRules())
