from django.urls import path

from gongkai.agencies import converters as converters  # registers <pk:>
from gongkai.portal import accountability_views, search_views, views

app_name = "portal"
urlpatterns = [
    path("", views.home, name="home"),
    path("search", search_views.search, name="search"),
    path("search.json", search_views.search_json, name="search_json"),
    path("search/suggest", search_views.suggest, name="suggest"),
    path("opensearch.xml", search_views.opensearch, name="opensearch"),
    path("agencies", views.agencies, name="agencies"),
    path("accountability/", accountability_views.index, name="accountability"),
    path("accountability/agencies/<str:code>/", accountability_views.agency, name="accountability_agency"),
    path("accountability/plans/<pk:pk>/", accountability_views.plan, name="accountability_plan"),
    path("sitemap", views.sitemap, name="sitemap"),
    path("sitemap.xml", views.sitemap_xml, name="sitemap_xml"),
    path("robots.txt", views.robots, name="robots"),
    path("favicon.ico", views.favicon, name="favicon"),
    path("accessibility", views.accessibility, name="accessibility"),
    path("large-type", views.large_type, name="large_type"),
]
