from django.urls import URLPattern, path

from threadline.desk.views import wall

urlpatterns: list[URLPattern] = [
    path("wallboard", wall.wallboard, name="wallboard"),
    path("wallboard/now", wall.now, name="wallboard-now"),
]
