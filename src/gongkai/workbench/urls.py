from django.contrib.auth.views import LogoutView
from django.urls import path

from gongkai.workbench import account, journal_views, views, views_calendar, views_deadline

app_name = "workbench"
urlpatterns = [
    path("", views.home, name="home"),
    path("deadline/", views_deadline.deadline, name="deadline"),
    path("calendar/", views_calendar.calendar, name="calendar"),
    path("journal/", journal_views.journal, name="journal"),
    path("journal/export.<str:fmt>", journal_views.journal_export, name="journal_export"),
    path("login/", account.Login.as_view(), name="login"),
    path("login/totp/", account.totp_verify, name="totp_verify"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("account/password/", account.Password.as_view(), name="password"),
    path("account/totp/", account.totp_page, name="totp"),
    path("account/totp/change/", account.totp_change, name="totp_change"),
]
