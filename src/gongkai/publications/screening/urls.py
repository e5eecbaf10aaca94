from django.urls import path

from gongkai.agencies import converters as converters  # registers <pk:>
from gongkai.publications.screening import views
from gongkai.publications.screening import views_keeping as keeping

app_name = "screening"
urlpatterns = [
    path("", views.index, name="index"),
    path("<pk:pk>/", views.page, name="page"),
    path("<pk:pk>/progress/", views.progress, name="progress"),
    path("<pk:pk>/decide/", views.decide, name="decide"),
    path("<pk:pk>/again/", views.again, name="again"),
    path("editions/<pk:pk>/", views.latest, name="edition"),
    path("wordings/", keeping.wording_lists, name="wordings"),
    path("wordings/<pk:pk>/", keeping.wording_list, name="wording_list"),
    path("wordings/<pk:pk>/export.<slug:fmt>", keeping.export, name="wording_export"),
    path("wordings/<pk:pk>/end/", keeping.end, name="wording_end"),
    path("settings/<pk:pk>/", keeping.policy, name="policy"),
    path("history/", keeping.histories, name="histories"),
    path("history/<pk:pk>/", keeping.history, name="history"),
    path("history/<pk:pk>/progress/", keeping.history_progress, name="history_progress"),
]
