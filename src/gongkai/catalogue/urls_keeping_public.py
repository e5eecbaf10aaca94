from django.urls import path

from gongkai.agencies import converters as converters  # registers <pk:>
from gongkai.catalogue import views_keeping_public as views

app_name = "catalogue_kept"
urlpatterns = [
    path("negative/", views.negative_list, name="negative"),
    path("negative.<slug:fmt>", views.negative_export, name="negative_export"),
    path("expansions/", views.expansions, name="expansions"),
    path("sectors/", views.sector_list, name="sectors"),
    path("sectors/<slug:code>/", views.sector, name="sector"),
    path("sites/", views.site_list, name="sites"),
    path("items/<pk:pk>/suggest/", views.suggest, name="suggest"),
    path("suggestions/", views.find_suggestion, name="find_suggestion"),
    path("suggestions/<slug:code>/", views.suggestion, name="suggestion"),
]
