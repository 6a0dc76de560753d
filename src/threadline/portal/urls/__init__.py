"""Every address for customers, one file for each screen."""

from threadline.portal.urls import times

urlpatterns = [*times.urlpatterns]
