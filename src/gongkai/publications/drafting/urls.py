from django.urls import path

from gongkai.agencies import converters as converters  # registers <pk:>
from gongkai.publications.drafting import views
from gongkai.publications.drafting import views_edit as editing
from gongkai.publications.drafting import views_files as files
from gongkai.publications.drafting import views_settings as place

app_name = "drafting"
urlpatterns = [
    path("", views.document_list, name="list"),
    path("export.<slug:fmt>", views.export, name="export"),
    path("start/", views.start, name="start"),
    path("settings/", place.settings, name="settings"),
    path("<pk:pk>/", views.document, name="document"),
    path("<pk:pk>/arrange/", views.arrange, name="arrange"),
    path("<pk:pk>/begin/", views.begin, name="begin"),
    path("<pk:pk>/history/", editing.history, name="history"),
    path("editions/<pk:pk>/edit/", editing.edit, name="edit"),
    path("editions/<pk:pk>/import/", editing.import_docx, name="import"),
    path("editions/<pk:pk>/discard/", views.discard, name="discard"),
    path("editions/<pk:pk>/restore/<pk:revision_pk>/", editing.restore, name="restore"),
    path("editions/<pk:pk>/slip/", editing.slip, name="slip"),
    path("editions/<pk:pk>/slip.docx", editing.slip_docx, name="slip_docx"),
    path("editions/<pk:pk>/attach/", files.attach, name="attach"),
    path("editions/<pk:pk>/files/", files.describe, name="describe"),
    path("editions/<pk:pk>/files/<pk:attachment_pk>/replace/", files.replace, name="replace"),
    path("editions/<pk:pk>/files/<pk:attachment_pk>/detach/", files.detach, name="detach"),
    path("revisions/<pk:pk>/", editing.revision, name="revision"),
    path("files/<pk:pk>/", files.original, name="original"),
]
