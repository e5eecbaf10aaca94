from django.urls import path

from gongkai.agencies import converters as converters  # registers <pk:>
from gongkai.publications.lists import views as views_lists
from gongkai.publications.topics import views as views_topics

app_name = "topics"
urlpatterns = [
    path("", views_topics.topic_list, name="list"),
    path("start/", views_topics.start, name="start"),
    path("lists/", views_lists.list_list, name="lists"),
    path("lists/<pk:pk>/", views_lists.edition, name="rows"),
    path("lists/<pk:pk>/import/", views_lists.import_rows, name="rows_import"),
    path("lists/<pk:pk>/rows.<slug:fmt>", views_lists.export, name="rows_export"),
    path("<pk:pk>/", views_topics.topic, name="topic"),
    path("<pk:pk>/change/", views_topics.change, name="change"),
    path("<pk:pk>/gather/", views_topics.gather, name="gather"),
    path("<pk:pk>/remove/<pk:entry>/", views_topics.remove, name="remove"),
    path("<pk:pk>/bind/", views_topics.bind, name="bind"),
    path("<pk:pk>/booklets/<pk:number>/", views_topics.booklet, name="booklet"),
    path("<pk:pk>/<slug:verb>/", views_topics.press, name="press"),
]
