from django.urls import include, path

from gongkai.agencies import converters as converters  # registers <pk:>
from gongkai.publications import public_list, public_views

app_name = "documents"
urlpatterns = [
    path("", public_list.document_list, name="list"),
    path("feed.atom", public_list.feed, name="feed"),
    path("subscriptions/<str:token>/", public_views.subscription, name="subscription"),
    path("", include("gongkai.publications.urls_public_library")),
    path("<pk:pk>/", public_views.document, name="document"),
    path("<pk:pk>.json", public_views.document_json, name="document_json"),
    path("<pk:pk>/editions/<pk:number>/", public_views.edition, name="edition"),
    path("<pk:pk>/editions/<pk:number>/files/<pk:attachment>/", public_views.edition_file, name="edition_file"),
    path("<pk:pk>/compare/<pk:old>/<pk:new>/", public_views.compare, name="compare"),
    path("<pk:pk>/files/<pk:attachment>/", public_views.file, name="file"),
    path("<pk:pk>/subscribe/", public_views.subscribe, name="subscribe"),
]
