from django.urls import URLPattern

from gongkai.agencies import converters as converters  # registers <pk:>

app_name = "catalogue_kept"
urlpatterns: list[URLPattern] = []
