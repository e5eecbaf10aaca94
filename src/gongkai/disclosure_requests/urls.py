"""Requests in the workbench, under /work/requests/; each room has its own addresses, all in one namespace."""

from django.urls import include, path

app_name = "request_cases"
urlpatterns = [
    path("", include("gongkai.disclosure_requests.handling.urls")),
    path("intake/", include("gongkai.disclosure_requests.intake.urls")),
    path("replies/", include("gongkai.disclosure_requests.replying.urls")),
    path("after/", include("gongkai.disclosure_requests.after.urls")),
    path("statistics/", include("gongkai.disclosure_requests.statistics.urls")),
    path("privacy/", include("gongkai.disclosure_requests.privacy.urls")),
]
