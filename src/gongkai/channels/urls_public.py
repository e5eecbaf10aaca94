from django.urls import path

from gongkai.channels import views_public as views

app_name = "channels_public"
urlpatterns = [
    path("", views.accounts, name="accounts"),
    path("accounts.json", views.accounts_json, name="accounts_json"),
    path("accounts.csv", views.accounts_csv, name="accounts_csv"),
]
