from django.urls import path

from gongkai.reminders import views

app_name = "feeds"
urlpatterns = [path("ics/<slug:token>.ics", views.calendar, name="calendar")]
