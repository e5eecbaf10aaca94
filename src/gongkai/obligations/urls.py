from django.urls import path

from gongkai.agencies import converters as converters  # registers <pk:>
from gongkai.obligations import views, views_clock, views_duplicates, views_evidence, views_handing, views_ledger, views_urging

app_name = "obligations"
urlpatterns = [
    path("", views_ledger.ledger, name="ledger"),
    path("export.<slug:fmt>", views_ledger.export, name="export"),
    path("files/<pk:pk>/", views.file, name="file"),
    path("<pk:pk>/", views.detail, name="detail"),
    path("urge/", views_urging.choose_many, name="choose_many"),
    path("urge/send/", views_urging.urge_many, name="urge_many"),
    path("<pk:pk>/urge/", views_urging.urge, name="urge"),
    path("<pk:pk>/reply/", views_urging.reply, name="reply"),
    path("hand-over/<pk:pk>/", views_handing.hand_over_all, name="hand_over_all"),
    path("<pk:pk>/hand-over/", views_handing.hand_over, name="hand_over"),
    path("<pk:pk>/evidence/<slug:verb>/", views_evidence.evidence, name="evidence"),
    path("<pk:pk>/clock/", views_clock.clock, name="clock"),
    path("duplicates/", views_duplicates.offered, name="duplicates"),
    path("duplicates/decide/", views_duplicates.decide, name="duplicates_decide"),
    path("<pk:pk>/separate/", views_duplicates.separate, name="separate"),
    path("<pk:pk>/<slug:verb>/", views.verb, name="verb"),
]
