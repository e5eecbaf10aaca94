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
    path("work/documents/", include("gongkai.publications.drafting.urls")),
    path("work/reviews/", include("gongkai.publications.reviewing.urls")),
    path("work/screening/", include("gongkai.publications.screening.urls")),
    path("work/validity/", include("gongkai.publications.validity.urls")),
    path("work/pushes/", include("gongkai.publications.public.urls_work")),
    path("work/topics/", include("gongkai.publications.topics.urls")),
    path("work/channels/", include("gongkai.channels.urls")),
    path("work/catalogue/", include("gongkai.catalogue.urls")),
    path("work/catalogue/keeping/", include("gongkai.catalogue.urls_keeping")),
    path("work/requests/", include("gongkai.disclosure_requests.urls")),
    path("work/reports/", include("gongkai.reports.urls")),
    path("requests/", include("gongkai.disclosure_requests.public.urls")),
    path("reports/", include("gongkai.reports.urls_public")),
    path("feeds/", include("gongkai.reminders.feed_urls")),
    path("documents/", include("gongkai.publications.public.urls")),
    path("channels/", include("gongkai.channels.urls_public")),
    path("catalogue/", include("gongkai.catalogue.urls_keeping_public")),
    path("catalogue/", include("gongkai.catalogue.urls_public")),
    path("plans/", include("gongkai.plans.public_urls")),
    path("journal/", include("gongkai.journal.urls")),
    path("", include("gongkai.portal.urls")),
]

handler400 = "gongkai.portal.errors.bad_request"
handler403 = "gongkai.portal.errors.forbidden"
handler404 = "gongkai.portal.errors.not_found"
handler500 = "gongkai.portal.errors.server_error"
