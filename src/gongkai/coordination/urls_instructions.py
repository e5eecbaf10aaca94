from django.urls import path

from gongkai.agencies import converters as converters  # registers <pk:>
from gongkai.coordination import views_instructions as views

app_name = "instructions"
urlpatterns = [
    path("", views.instruction_list, name="list"),
    path("export.<slug:fmt>", views.export, name="export"),
    path("issue/", views.issue, name="issue"),
    path("<pk:pk>/", views.detail, name="detail"),
    path("<pk:pk>/export.<slug:fmt>", views.recipients_export, name="recipients_export"),
    path("<pk:pk>/file/", views.file, name="file"),
    path("<pk:pk>/pass-on/", views.pass_on, name="pass_on"),
    path("<pk:pk>/withdraw/", views.withdraw, name="withdraw"),
]
