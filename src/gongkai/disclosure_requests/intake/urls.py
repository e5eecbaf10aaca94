"""Taking down, the mailbox, and what is to be looked at."""

from django.urls import path

from gongkai.agencies import converters as converters  # registers <pk:>
from gongkai.disclosure_requests.intake import views, views_alarms, views_mail, views_settings

urlpatterns = [
    path("new/", views.new, name="new"),
    path("mail/", views_mail.mails, name="mails"),
    path("mail/<pk:pk>/", views_mail.mail, name="mail"),
    path("mail/<pk:pk>/aside/", views_mail.set_aside, name="mail_aside"),
    path("mail/<pk:pk>/raw/", views_mail.raw, name="mail_raw"),
    path("settings/<pk:pk>/", views_settings.settings, name="settings"),
    path("alarms/", views_alarms.alarms, name="alarms"),
    path("alarms/test/<pk:pk>/", views_alarms.send_test, name="contact_test"),
    path("alarms/answered/<pk:pk>/", views_alarms.answered, name="contact_answered"),
]
