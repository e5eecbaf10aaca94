from django.urls import path

from gongkai.agencies import converters as converters  # registers <pk:>
from gongkai.publications.validity import views as views_validity
from gongkai.publications.validity import views_checks as views_validity_checks
from gongkai.publications.validity import views_cleanups as views_validity_cleanups

app_name = "validity"
urlpatterns = [
    path("", views_validity.register_page, name="register"),
    path("register.<slug:fmt>", views_validity.register_export, name="register_export"),
    path("documents/<pk:pk>/", views_validity.document, name="document"),
    path("documents/<pk:pk>/mark/", views_validity.mark, name="mark"),
    path("documents/<pk:pk>/evaluate/", views_validity.evaluate, name="evaluate"),
    path("documents/<pk:pk>/label/", views_validity_checks.label_note, name="label_note"),
    path("documents/<pk:pk>/label/read/", views_validity_checks.label_import, name="label_import"),
    path("changes/<pk:pk>/", views_validity.change, name="change"),
    path("assessments/", views_validity_checks.assessments, name="assessments"),
    path("withheld/", views_validity_checks.withheld, name="withheld"),
    path("withheld.<slug:fmt>", views_validity_checks.withheld_export, name="withheld_export"),
    path("reconcile/", views_validity_checks.reconcile, name="reconcile"),
    path("reconcile.<slug:fmt>", views_validity_checks.reconcile_export, name="reconcile_export"),
    path("reconcile/<int:year>/<slug:what>/", views_validity_checks.reconcile_rows, name="reconcile_rows"),
    path("reconcile/<int:year>/<slug:what>.<slug:fmt>", views_validity_checks.reconcile_rows_export, name="reconcile_rows_export"),
    path("labels/", views_validity_checks.label_page, name="labels"),
    path("labels.<slug:fmt>", views_validity_checks.label_export, name="label_export"),
    path("terms/", views_validity_checks.term_page, name="terms"),
    path("cleanups/", views_validity_cleanups.cleanup_list, name="cleanups"),
    path("cleanups/start/", views_validity_cleanups.start, name="cleanup_start"),
    path("cleanups/<pk:pk>/", views_validity_cleanups.cleanup, name="cleanup"),
    path("cleanups/<pk:pk>/take/", views_validity_cleanups.take, name="cleanup_take"),
    path("cleanups/<pk:pk>/propose/", views_validity_cleanups.propose, name="cleanup_propose"),
    path("cleanups/<pk:pk>/remove/<pk:entry>/", views_validity_cleanups.remove, name="cleanup_remove"),
    path("cleanups/<pk:pk>/decide/", views_validity_cleanups.decide, name="cleanup_decide"),
    path("cleanups/<pk:pk>/announce/", views_validity_cleanups.announce, name="cleanup_announce"),
    path("cleanups/<pk:pk>/draft/", views_validity_cleanups.draft, name="cleanup_draft"),
    path("cleanups/<pk:pk>/notice.docx", views_validity_cleanups.notice, name="cleanup_notice"),
]
