from django.urls import path

from gongkai.agencies import converters as converters  # registers <pk:>
from gongkai.reminders import views

app_name = "reminders"
urlpatterns = [
    path("", views.home, name="home"),
    path("feed/", views.feed, name="feed"),
    path("hook/<pk:pk>/", views.hook, name="hook"),
    path("messages/", views.outbox, name="outbox"),
    path("messages/<pk:pk>/retry/", views.retry, name="retry"),
]
