from django.urls import path

from gongkai.publications.public import follow_views

app_name = "pushes"
urlpatterns = [path("", follow_views.pushes, name="log")]
