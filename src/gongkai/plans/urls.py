from django.urls import path

from gongkai.agencies import converters as converters  # registers <pk:>
from gongkai.plans import views, views_compare, views_events, views_own, views_review

app_name = "plans"
urlpatterns = [
    path("", views.plan_list, name="list"),
    path("import/", views.import_plan, name="import"),
    path("compare/", views_compare.compare, name="compare"),
    path("counterpart/", views_compare.counterpart, name="counterpart"),
    path("events/<pk:duty>/", views_events.event, name="event"),
    path("<pk:pk>/", views.detail, name="detail"),
    path("<pk:pk>/review/", views_review.review, name="review"),
    path("<pk:pk>/accept-all/", views_review.accept_all, name="accept_all"),
    path("<pk:pk>/assign-unnamed/", views_review.assign_unnamed, name="assign_unnamed"),
    path("<pk:pk>/tasks/<pk:task>/<slug:verb>/", views_review.task_verb, name="task_verb"),
    path("<pk:pk>/resolve/", views_review.resolve, name="resolve"),
    path("<pk:pk>/add/", views_review.add_task, name="add_task"),
    path("<pk:pk>/issue/", views.issue, name="issue"),
    path("<pk:pk>/discard/", views.discard, name="discard"),
    path("<pk:pk>/diff/", views_compare.diff, name="diff"),
    path("<pk:pk>/export.<slug:fmt>", views.export, name="export"),
    path("<pk:pk>/matrix.xlsx", views_own.matrix_file, name="matrix"),
    path("<pk:pk>/own/", views_own.own_list, name="own_list"),
    path("<pk:pk>/own/<pk:agency>/", views_own.own, name="own"),
    path("<pk:pk>/own/<pk:agency>/assign/<pk:duty>/", views_own.assign, name="own_assign"),
    path("<pk:pk>/own/<pk:agency>/export.<slug:fmt>", views_own.export, name="own_export"),
]
