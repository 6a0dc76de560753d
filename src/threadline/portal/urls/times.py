from django.urls import URLPattern, path

from threadline.portal.views import times

urlpatterns: list[URLPattern] = [path("times", times.times, name="times")]
