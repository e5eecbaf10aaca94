from django.urls import path

from gongkai.agencies import converters as converters  # registers <pk:>
from gongkai.obligations import views

app_name = "obligations"
urlpatterns = [
    path("", views.ledger, name="ledger"),
    path("export.<slug:fmt>", views.export, name="export"),
    path("files/<pk:pk>/", views.file, name="file"),
    path("<pk:pk>/", views.detail, name="detail"),
    path("<pk:pk>/<slug:verb>/", views.verb, name="verb"),
]
