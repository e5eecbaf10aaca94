"""政府信息公开年报 for everybody, under /reports/."""

from django.urls import path

from gongkai.agencies import converters as converters  # registers <pk:>
from gongkai.reports import views_public

app_name = "reports_public"
urlpatterns = [
    path("", views_public.report_list, name="list"),
    path("<pk:pk>/", views_public.report, name="report"),
    path("<pk:pk>/report.<slug:fmt>", views_public.file, name="file"),
]
