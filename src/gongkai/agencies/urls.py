from django.urls import path

from gongkai.agencies import converters as converters  # registers <pk:>
from gongkai.agencies import views

app_name = "agencies"
urlpatterns = [
    path("", views.agency_list, name="list"),
    path("<pk:pk>/", views.agency_detail, name="detail"),
    path("suggestions/", views.suggestions, name="suggestions"),
    path("suggestions/<pk:pk>/", views.decide, name="decide"),
]
