from django.urls import path

from gongkai.agencies import converters as converters  # registers <pk:>
from gongkai.catalogue import views_keeping, views_keeping_expansion, views_keeping_negative, views_keeping_sectors, views_keeping_sites
from gongkai.catalogue import views_keeping_suggestions as views_suggestions

app_name = "catalogue_keeping"
urlpatterns = [
    path("", views_keeping.home, name="home"),
    path("items/", views_keeping.states, name="states"),
    path("items.<slug:fmt>", views_keeping.states_export, name="states_export"),
    path("items/<pk:pk>/", views_keeping.item, name="item"),
    path("limits/<pk:pk>/", views_keeping.limits, name="limits"),
    path("negative/", views_keeping_negative.class_list, name="negative"),
    path("negative.<slug:fmt>", views_keeping_negative.export, name="negative_export"),
    path("negative/propose/", views_keeping_negative.propose, name="negative_propose"),
    path("negative/match/", views_keeping_negative.match, name="negative_match"),
    path("negative/<pk:pk>/", views_keeping_negative.detail, name="negative_class"),
    path("negative/<pk:pk>/<slug:verb>/", views_keeping_negative.verb, name="negative_verb"),
    path("expansions/", views_keeping_expansion.expansion_list, name="expansions"),
    path("expansions.<slug:fmt>", views_keeping_expansion.export, name="expansions_export"),
    path("expansions/<pk:pk>/", views_keeping_expansion.detail, name="expansion"),
    path("expansions/<pk:pk>/<slug:verb>/", views_keeping_expansion.verb, name="expansion_verb"),
    path("expansions/from/<pk:pk>/", views_keeping_expansion.hand_down, name="hand_down"),
    path("suggestions/", views_suggestions.suggestion_list, name="suggestions"),
    path("suggestions/<pk:pk>/", views_suggestions.detail, name="suggestion"),
    path("sectors/", views_keeping_sectors.body_list, name="sectors"),
    path("sectors/set/", views_keeping_sectors.set_body, name="set_body"),
    path("sectors/<pk:pk>/make/", views_keeping_sectors.make, name="make_sector"),
    path("sites/", views_keeping_sites.site_list, name="sites"),
    path("sites/checks/", views_keeping_sites.check_list, name="site_checks"),
    path("sites/open/", views_keeping_sites.open_site, name="open_site"),
    path("sites/<pk:pk>/", views_keeping_sites.detail, name="site"),
    path("sites/<pk:pk>/<slug:verb>/", views_keeping_sites.verb, name="site_verb"),
]
