from django.urls import path

from gongkai.agencies import converters as converters  # registers <pk:>
from gongkai.portal.platform import views

app_name = "platform"
urlpatterns = [
    path("", views.index, name="index"),
    path("<str:code>/", views.home, name="home"),
    path("<str:code>/guide/", views.guide, name="guide"),
    path("<str:code>/guide/versions/<pk:number>/", views.guide, name="guide_version"),
    path("<str:code>/guide.docx", views.guide_docx, name="guide_docx"),
    path("<str:code>/guide.json", views.guide_json, name="guide_json"),
    path("<str:code>/rules/", views.rules, name="rules"),
    path("<str:code>/content/", views.content, name="content"),
    path("<str:code>/content.json", views.content_json, name="content_json"),
    path("<str:code>/content/<slug:item>/", views.item, name="item"),
    path("<str:code>/annual/", views.annual, name="annual"),
    path("<str:code>/requests/", views.requests, name="requests"),
]
