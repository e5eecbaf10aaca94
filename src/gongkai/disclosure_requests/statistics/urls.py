"""Statistics of the office's work on requests. Included by disclosure_requests/urls.py."""

from django.urls import path

from gongkai.disclosure_requests.statistics import views

urlpatterns = [
    path("", views.page, name="statistics"),
    path("rows/", views.rows, name="statistics_rows"),
    path("export.<slug:fmt>", views.export, name="statistics_export"),
]
