from django.urls import path

from gongkai.agencies import converters as converters  # registers <pk:>
from gongkai.publications.reviewing import views as views_reviewing
from gongkai.publications.reviewing import views_workflow

app_name = "reviewing"
urlpatterns = [
    path("", views_reviewing.home, name="home"),
    path("flow/", views_workflow.flows, name="flows"),
    path("flow/<pk:place>/", views_workflow.flow, name="flow"),
    path("flow/<pk:place>/chart.<slug:fmt>", views_workflow.chart, name="chart"),
    path("flow/<pk:place>/columns/<pk:column>/", views_workflow.flow, name="column_flow"),
    path("flow/<pk:place>/columns/<pk:column>/chart.<slug:fmt>", views_workflow.chart, name="column_chart"),
    path("<pk:pk>/", views_reviewing.edition, name="edition"),
    path("<pk:pk>/steps/<slug:step>/", views_reviewing.review, name="review"),
    path("<pk:pk>/inquiries/<pk:inquiry>/", views_reviewing.determine, name="determine"),
    path("<pk:pk>/<slug:verb>/", views_reviewing.verb, name="verb"),
]
