from django.urls import include, path, register_converter

from gongkai.agencies import converters as converters  # registers <pk:>
from gongkai.publications.public import follow_views
from gongkai.publications.public import listing as public_list
from gongkai.publications.public import views as public_views
from gongkai.publications.public.facets import BY_SLUG


class FacetConverter:
    """The ways through the documents that have addresses of their own."""

    regex = "|".join(BY_SLUG)

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(FacetConverter, "facet")

app_name = "documents"
urlpatterns = [
    path("", public_list.document_list, name="list"),
    path("feed.<slug:fmt>", public_list.feed, name="feed"),
    path("browse/", public_list.browse, name="browse"),
    path("follow/", follow_views.follow, name="follow"),
    path("subscriptions/<str:token>/", follow_views.subscription, name="subscription"),
    path("", include("gongkai.publications.public.urls_library")),
    path("<facet:facet>/", public_list.facet_index, name="facet"),
    path("<facet:facet>/<str:value>/", public_list.facet_value, name="facet_value"),
    path("<pk:pk>/", public_views.document, name="document"),
    path("<pk:pk>.json", public_views.document_json, name="document_json"),
    path("<pk:pk>/editions/<pk:number>/", public_views.edition, name="edition"),
    path("<pk:pk>/editions/<pk:number>/files/<pk:attachment>/", public_views.edition_file, name="edition_file"),
    path("<pk:pk>/compare/<pk:old>/<pk:new>/", public_views.compare, name="compare"),
    path("<pk:pk>/files/<pk:attachment>/", public_views.file, name="file"),
    path("<pk:pk>/subscribe/", follow_views.subscribe, name="subscribe"),
]
