from django.urls import path

from gongkai.agencies import views_settings

app_name = "place_settings"
urlpatterns = [path("place/", views_settings.place, name="place")]
