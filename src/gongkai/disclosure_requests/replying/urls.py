"""答复: what waits, drafting, one reply, its files and the redaction tool, letters and their words."""

from django.urls import path

from gongkai.agencies import converters as converters  # registers <pk:>
from gongkai.disclosure_requests.replying import views, views_files, views_letters

urlpatterns = [
    path("", views.home, name="replies"),
    path("cases/<pk:pk>/", views.draft, name="draft_reply"),
    path("<pk:pk>/", views.reply, name="reply"),
    path("<pk:pk>/files/", views_files.attach, name="attach_found"),
    path("<pk:pk>/files/<pk:source>/", views_files.give, name="give_file"),
    path("<pk:pk>/screening/", views.clear, name="clear_findings"),
    path("<pk:pk>/review/<str:step>/", views.review, name="review_reply"),
    path("<pk:pk>/letter.<str:fmt>", views_letters.reply_letter, name="reply_letter"),
    path("<pk:pk>/do/<str:verb>/", views.verb, name="reply_verb"),
    path("files/<pk:pk>/", views_files.redact, name="redact"),
    path("files/<pk:pk>/pages/<pk:number>.png", views_files.picture, name="page_picture"),
    path("files/<pk:pk>/given/", views_files.given, name="given_file"),
    path("files/<pk:pk>/take-away/", views_files.take_away, name="take_away_file"),
    path("sources/<pk:pk>/", views_files.source, name="found_file"),
    path("services/<pk:pk>/letter.<str:fmt>", views_letters.service_letter, name="service_letter"),
    path("services/<pk:pk>/do/<str:verb>/", views_letters.service_verb, name="service_verb"),
    path("letters/<pk:pk>/", views_letters.templates, name="templates"),
    path("letters/<pk:pk>/<str:letter>/", views_letters.template, name="template"),
    path("letters/templates/<pk:pk>/do/<str:verb>/", views_letters.template_verb, name="template_verb"),
]
