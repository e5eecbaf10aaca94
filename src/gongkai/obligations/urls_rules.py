from django.urls import path

from gongkai.obligations import views_rules

app_name = "rules"
urlpatterns = [
    path("", views_rules.rule_list, name="list"),
    path("<str:rule>/", views_rules.detail, name="detail"),
    path("<str:rule>/<slug:verb>/", views_rules.verb, name="verb"),
]
