from django.urls import URLPattern, path

from threadline.desk.views import search

urlpatterns: list[URLPattern] = [path("search", search.search, name="search")]
