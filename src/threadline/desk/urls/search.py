from django.urls import URLPattern, path

from threadline.desk.views import palette, search

urlpatterns: list[URLPattern] = [
    path("search", search.search, name="search"),
    path("palette", palette.palette, name="palette"),
]
