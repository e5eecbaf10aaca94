from django.urls import path

from gongkai.agencies import converters as converters  # registers <pk:>
from gongkai.plans import public_views

app_name = "public_plans"
urlpatterns = [
    path("", public_views.plan_list, name="list"),
    path("<pk:pk>/", public_views.detail, name="detail"),
    path("<pk:pk>/document/", public_views.document, name="document"),
    path("<pk:pk>/file", public_views.file, name="file"),
    path("<pk:upper>/compare/<pk:lower>/", public_views.compare, name="compare"),
]
