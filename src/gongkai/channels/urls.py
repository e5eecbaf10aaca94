from django.urls import path

from gongkai.agencies import converters as converters  # registers <pk:>
from gongkai.channels import views, views_accounts, views_deliveries

app_name = "channels"
urlpatterns = [
    path("", views.home, name="home"),
    path("new/", views.choose, name="choose"),
    path("new/<slug:kind>/", views.open_channel, name="open"),
    path("<pk:pk>/", views.channel, name="channel"),
    path("<pk:pk>/change/", views.change, name="change"),
    path("<pk:pk>/switch/", views.switch, name="switch"),
    path("<pk:pk>/rules/", views.add_rule, name="add_rule"),
    path("<pk:pk>/rules/<pk:rule>/remove/", views.remove_rule, name="remove_rule"),
    path("<pk:pk>/deliveries.<slug:fmt>", views.export, name="export"),
    path("deliveries/<pk:pk>/", views_deliveries.delivery, name="delivery"),
    path("deliveries/<pk:pk>/<slug:verb>/", views_deliveries.verb, name="verb"),
    path("documents/<pk:pk>/add/", views_deliveries.add, name="add"),
    path("accounts/", views_accounts.accounts, name="accounts"),
    path("accounts/new/", views_accounts.open_account, name="open_account"),
    path("accounts/import/", views_accounts.import_accounts, name="import_accounts"),
    path("accounts.<slug:fmt>", views_accounts.export, name="accounts_export"),
    path("accounts/<pk:pk>/", views_accounts.account, name="account"),
    path("accounts/<pk:pk>/<slug:verb>/", views_accounts.verb, name="account_verb"),
]
