from django.urls import path

from gongkai.journal import views

app_name = "journal"
urlpatterns = [
    path("", views.index, name="heads"),
    path("heads.json", views.heads_json, name="heads_json"),
    path("heads.txt", views.heads_txt, name="heads_txt"),
]
