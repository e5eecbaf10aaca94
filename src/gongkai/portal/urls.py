from django.urls import include, path

from gongkai.agencies import converters as converters  # registers <pk:>
from gongkai.portal import accountability_views, directory_views, feeds, search_views, site_look, sitemaps, views
from gongkai.portal.export import views as checks_views

app_name = "portal"
urlpatterns = [
    path("", views.home, name="home"),
    path("search", search_views.search, name="search"),
    path("search.json", search_views.search_json, name="search_json"),
    path("search/suggest", search_views.suggest, name="suggest"),
    path("opensearch.xml", search_views.opensearch, name="opensearch"),
    path("agencies", directory_views.index, name="agencies"),
    path("agencies.json", directory_views.index_json, name="agencies_json"),
    path("agencies/", include("gongkai.portal.urls_directory")),
    path("platform/", include("gongkai.portal.platform.urls")),
    path("columns/", include("gongkai.portal.urls_columns")),
    path("accountability/", accountability_views.index, name="accountability"),
    path("accountability/agencies/<str:code>/", accountability_views.agency, name="accountability_agency"),
    path("accountability/plans/<pk:pk>/", accountability_views.plan, name="accountability_plan"),
    path("sitemap", views.sitemap, name="sitemap"),
    path("sitemap.xml", sitemaps.index, name="sitemap_xml"),
    path("sitemap-<slug:part>-<int:number>.xml", sitemaps.part, name="sitemap_part"),
    path("feeds/<slug:name>.<slug:fmt>", feeds.feed, name="feed"),
    path("site-checks/", checks_views.checks, name="site_checks"),
    path("site-checks/data.json", checks_views.checks_json, name="site_checks_json"),
    path("site.css", site_look.css, name="site_css"),
    path("site.svg", site_look.svg, name="site_svg"),
    path("robots.txt", views.robots, name="robots"),
    path("favicon.ico", views.favicon, name="favicon"),
    path("accessibility", views.accessibility, name="accessibility"),
    path("large-type", views.large_type, name="large_type"),
]
