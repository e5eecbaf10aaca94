from django.urls import include, path

urlpatterns = [
    path("work/", include("gongkai.workbench.urls")),
    path("work/plans/", include("gongkai.plans.urls")),
    path("work/ledger/", include("gongkai.obligations.urls")),
    path("work/rules/", include("gongkai.obligations.urls_rules")),
    path("work/reminders/", include("gongkai.reminders.urls")),
    path("work/rollup/", include("gongkai.obligations.rollup_urls")),
    path("work/agencies/", include("gongkai.agencies.urls")),
    path("work/settings/", include("gongkai.agencies.settings_urls")),
    path("work/coordination/", include("gongkai.coordination.urls")),
    path("work/instructions/", include("gongkai.coordination.urls_instructions")),
    path("feeds/", include("gongkai.reminders.feed_urls")),
    path("plans/", include("gongkai.plans.public_urls")),
    path("journal/", include("gongkai.journal.urls")),
    path("", include("gongkai.portal.urls")),
]

handler400 = "gongkai.portal.errors.bad_request"
handler403 = "gongkai.portal.errors.forbidden"
handler404 = "gongkai.portal.errors.not_found"
handler500 = "gongkai.portal.errors.server_error"
