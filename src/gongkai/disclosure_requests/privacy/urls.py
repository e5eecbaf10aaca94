"""What is kept of a case and of a person, and who looked. Included by disclosure_requests/urls.py."""

from django.urls import path

from gongkai.agencies import converters as converters  # registers <pk:>
from gongkai.disclosure_requests.privacy import views

urlpatterns = [
    path("", views.home, name="privacy"),
    path("looks/", views.looks, name="looks"),
    path("assessments/", views.assessments, name="assessments"),
    path("assessments/new/", views.new_assessment, name="new_assessment"),
    path("cases/<pk:pk>/archive/", views.archive, name="archive"),
    path("cases/<pk:pk>/package/", views.package, name="package"),
]
