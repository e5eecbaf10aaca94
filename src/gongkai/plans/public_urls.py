app_name = "public_plans"
urlpatterns: list = []
