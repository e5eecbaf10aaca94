"""依申请公开 for everybody, under /requests/."""

from django.urls import path, re_path

from gongkai.agencies import converters as converters  # registers <pk:>
from gongkai.disclosure_requests.public import identity, progress_views, twins, views

app_name = "requests"
urlpatterns = [
    path("", views.start, name="start"),
    path("form/<str:code>/", views.form, name="form"),
    path("identity/back/", identity.back, name="identity_back"),
    path("identity/<str:code>/", identity.go, name="identity"),
    path("receipt/", views.receipt, name="receipt"),
    path("challenge/", views.challenge, name="challenge"),
    path("suggest/", views.suggest, name="suggest"),
    path("seen/", views.seen, name="seen"),
    path("answers/", views.answers, name="answers"),
    re_path(r"^answers/feed\.(?P<fmt>atom|json)$", twins.feed, name="answers_feed"),
    path("progress/", progress_views.look_up, name="progress"),
    path("progress/leave/", progress_views.leave, name="leave"),
    path("progress/<pk:pk>/", progress_views.case, name="case"),
    path("progress/<pk:pk>/reply/", progress_views.reply, name="reply"),
    path("progress/<pk:pk>/clarify/", progress_views.clarify, name="clarify"),
    path("progress/<pk:pk>/reasons/", progress_views.reasons, name="reasons"),
    path("progress/<pk:pk>/withdraw/", progress_views.withdraw, name="withdraw"),
    path("progress/<pk:pk>/rate/", progress_views.rate, name="rate"),
    path("progress/<pk:pk>/letter/<pk:service>/", progress_views.letter, name="letter"),
    path("progress/<pk:pk>/file/<pk:file>/", progress_views.reply_file, name="file"),
]
