from django.urls import path

from gongkai.obligations import views_rollup

app_name = "rollup"
urlpatterns = [
    path("", views_rollup.page, name="page"),
    path("export.<slug:fmt>", views_rollup.export, name="export"),
]
