"""The queue, the page of a case, and its verbs between receipt and reply."""

from django.urls import path

from gongkai.agencies import converters as converters  # registers <pk:>
from gongkai.disclosure_requests.handling import views, views_queue

urlpatterns = [
    path("", views_queue.queue, name="queue"),
    path("export.<str:fmt>", views_queue.export, name="export"),
    path("files/<pk:pk>/", views.file, name="file"),
    path("<pk:pk>/", views.case, name="case"),
    path("<pk:pk>/show/", views.show, name="show"),
    path("<pk:pk>/do/<slug:verb>/", views.verb, name="verb"),
    path("<pk:pk>/do/<slug:verb>/<pk:on>/", views.verb, name="verb_on"),
]
