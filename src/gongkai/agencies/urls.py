from django.urls import path

from gongkai.agencies import converters as converters  # registers <pk:>
from gongkai.agencies import views, views_detail, views_keeping

app_name = "agencies"
urlpatterns = [
    path("", views.agency_list, name="list"),
    path("<pk:pk>/", views_detail.agency_detail, name="detail"),
    path("<pk:pk>/reorganise/", views_keeping.reorganise, name="reorganise"),
    path("<pk:pk>/leaders/", views_detail.appoint_leader, name="appoint_leader"),
    path("<pk:pk>/leaders/<pk:leader>/leave/", views_detail.leader_leaves, name="leader_leaves"),
    path("suggestions/", views.suggestions, name="suggestions"),
    path("suggestions/<pk:pk>/", views.decide, name="decide"),
]
