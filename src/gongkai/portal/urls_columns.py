from django.urls import path

from gongkai.portal import columns_views as views

app_name = "columns"
urlpatterns = [
    path("", views.index, name="index"),
    path("<slug:code>/", views.tree, name="tree"),
    path("<slug:code>/columns.json", views.tree_json, name="tree_json"),
    path("<slug:code>/interactive.csv", views.interactive_csv, name="interactive_csv"),
    path("<slug:code>/<slug:slug>/", views.column, name="column"),
]
