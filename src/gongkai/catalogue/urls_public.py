from django.urls import path

from gongkai.agencies import converters as converters  # registers <pk:>
from gongkai.catalogue import public_views as views

app_name = "catalogue_public"
urlpatterns = [
    path("", views.catalogue_list, name="list"),
    path("catalogues.json", views.catalogues_json, name="catalogues_json"),
    path("items/<pk:pk>/", views.item, name="item"),
    path("items/<pk:pk>.json", views.item_json, name="item_json"),
    path("columns/<slug:code>/<slug:slug>/", views.column, name="column"),
    path("<pk:pk>/", views.catalogue, name="catalogue"),
    path("<pk:pk>/items.json", views.catalogue_json, name="catalogue_json"),
    path("<pk:pk>/items.<slug:fmt>", views.catalogue_file, name="catalogue_file"),
]
