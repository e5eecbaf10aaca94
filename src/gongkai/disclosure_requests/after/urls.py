"""What follows a reply: corrections, remedies, suggestions, opening, frequent answers. Included by disclosure_requests/urls.py."""

from django.urls import path

from gongkai.agencies import converters as converters  # registers <pk:>
from gongkai.disclosure_requests.after import views, views_more

urlpatterns = [
    path("", views.home, name="after"),
    path("corrections/", views.corrections, name="corrections"),
    path("corrections/new/", views.new_correction, name="new_correction"),
    path("corrections/<pk:pk>/", views.correction, name="correction"),
    path("corrections/<pk:pk>/letter.<slug:fmt>", views.correction_letter, name="correction_letter"),
    path("remedies/", views.remedies, name="remedies"),
    path("remedies/<pk:pk>/<slug:name>/", views.remedy, name="remedy"),
    path("cases/<pk:pk>/remedy/", views.new_remedy, name="new_remedy"),
    path("suggestions/", views_more.suggestions, name="suggestions"),
    path("suggestions/new/", views_more.new_suggestion, name="new_suggestion"),
    path("suggestions/<pk:pk>/", views_more.suggestion, name="suggestion"),
    path("proposals/", views_more.proposals, name="proposals"),
    path("proposals/<pk:pk>/", views_more.proposal, name="proposal"),
    path("answers/", views_more.answers, name="answers"),
    path("answers/new/", views_more.new_answer, name="new_answer"),
    path("answers/<pk:pk>/", views_more.answer, name="answer"),
]
