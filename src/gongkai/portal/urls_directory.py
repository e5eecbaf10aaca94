from django.urls import path

from gongkai.portal import directory_views as views

app_name = "directory"
urlpatterns = [
    path("places/<str:code>/", views.functions, name="functions"),
    path("places/<str:code>/functions.<slug:fmt>", views.functions_file, name="functions_file"),
    path("<str:code>/", views.agency, name="agency"),
    path("<str:code>/agency.json", views.agency_json, name="agency_json"),
]
