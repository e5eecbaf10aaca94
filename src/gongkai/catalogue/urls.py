from django.urls import path

from gongkai.agencies import converters as converters  # registers <pk:>
from gongkai.catalogue import views, views_columns, views_importing, views_items, views_reports

app_name = "catalogue"
urlpatterns = [
    path("", views.home, name="home"),
    path("create/", views.create, name="create"),
    path("coverage/", views_reports.place_coverage, name="place_coverage"),
    path("list.xlsx", views_reports.place_list, name="place_list"),
    path("columns/", views_columns.column_list, name="columns"),
    path("columns/<pk:pk>/", views_columns.column, name="column"),
    path("columns/<pk:pk>/log/", views_columns.log, name="column_log"),
    path("columns/<pk:pk>/close/", views_columns.close, name="close_column"),
    path("places/<pk:pk>/columns/add/", views_columns.add, name="add_column"),
    path("places/<pk:pk>/columns/found/", views_columns.found, name="found_columns"),
    path("places/<pk:pk>/terms/", views_columns.terms, name="terms"),
    path("<pk:pk>/", views.catalogue, name="catalogue"),
    path("<pk:pk>/revise/", views.revise, name="revise"),
    path("versions/<pk:pk>/", views.version, name="version"),
    path("versions/<pk:pk>/approve/", views.approve, name="approve"),
    path("versions/<pk:pk>/discard/", views.discard, name="discard"),
    path("versions/<pk:pk>/export.<slug:fmt>", views.export, name="export"),
    path("versions/<pk:pk>/add/", views_items.add, name="add_item"),
    path("versions/<pk:pk>/from-list/", views_items.from_list, name="from_list"),
    path("versions/<pk:pk>/columns/", views_items.bind, name="bind"),
    path("versions/<pk:pk>/import/", views_importing.upload, name="upload"),
    path("versions/<pk:pk>/report/", views_reports.report, name="report"),
    path("versions/<pk:pk>/coverage/", views_reports.coverage, name="coverage"),
    path("versions/<pk:pk>/compare/<pk:other>/", views_reports.compare, name="compare"),
    path("standards/<pk:pk>/", views_items.edit, name="edit_item"),
    path("standards/<pk:pk>/drop/", views_items.drop, name="drop_item"),
    path("imports/<pk:pk>/", views_importing.dry_run, name="import"),
    path("imports/<pk:pk>/progress/", views_importing.progress, name="import_progress"),
    path("imports/<pk:pk>/hidden/", views_importing.hidden, name="import_hidden"),
    path("imports/<pk:pk>/file/", views_importing.import_file, name="import_file"),
    path("imports/<pk:pk>/rejected/", views_importing.rejected, name="import_rejected"),
]
