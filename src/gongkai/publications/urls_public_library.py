"""Public pages of the validity, topics and lists rooms, under /documents/."""

from django.urls import path

from gongkai.publications import public_validity_views

urlpatterns = [
    path("valid/", public_validity_views.valid, name="valid"),
    path("valid.<slug:fmt>", public_validity_views.valid_export, name="valid_export"),
    path("valid/<pk:pk>/document.<slug:fmt>", public_validity_views.download, name="download"),
    path("cleanups/<pk:pk>/", public_validity_views.cleanup, name="cleanup"),
]
