from django.urls import path

from gongkai.agencies import converters as converters  # registers <pk:>
from gongkai.agencies import views, views_detail, views_keeping, views_profile

app_name = "agencies"
urlpatterns = [
    path("", views.agency_list, name="list"),
    path("<pk:pk>/", views_detail.agency_detail, name="detail"),
    path("<pk:pk>/reorganise/", views_keeping.reorganise, name="reorganise"),
    path("<pk:pk>/leaders/", views_detail.appoint_leader, name="appoint_leader"),
    path("<pk:pk>/leaders/<pk:leader>/leave/", views_detail.leader_leaves, name="leader_leaves"),
    path("<pk:pk>/profile/", views_profile.profile, name="profile"),
    path("<pk:pk>/profile/confirm/", views_profile.confirm, name="confirm_profile"),
    path("<pk:pk>/sections/", views_profile.keep_section, name="keep_section"),
    path("<pk:pk>/sections/<pk:section>/end/", views_profile.end_section, name="end_section"),
    path("guides/", views_profile.guide_checks, name="guide_checks"),
    path("guides/places/<pk:pk>/", views_profile.guide_texts, name="guide_texts"),
    path("suggestions/", views.suggestions, name="suggestions"),
    path("suggestions/<pk:pk>/", views.decide, name="decide"),
]
