"""Public pages of the validity, topics and lists rooms, under /documents/."""

from django.urls import path

from gongkai.agencies import converters as converters  # registers <pk:>
from gongkai.publications.lists import public_views as public_lists_views
from gongkai.publications.topics import public_views as public_topics_views
from gongkai.publications.validity import public_views as public_validity_views

urlpatterns = [
    path("valid/", public_validity_views.valid, name="valid"),
    path("valid.<slug:fmt>", public_validity_views.valid_export, name="valid_export"),
    path("valid/<pk:pk>/document.<slug:fmt>", public_validity_views.download, name="download"),
    path("cleanups/<pk:pk>/", public_validity_views.cleanup, name="cleanup"),
    path("topics/", public_topics_views.topic_list, name="topics"),
    path("topics/<pk:pk>/", public_topics_views.topic, name="topic"),
    path("topics/<pk:pk>/booklet.<slug:fmt>", public_topics_views.booklet, name="booklet"),
    path("lists/", public_lists_views.list_index, name="lists"),
    path("lists/<pk:pk>/", public_lists_views.table, name="list_table"),
    path("lists/<pk:pk>/rows.<slug:fmt>", public_lists_views.rows, name="list_rows"),
]
