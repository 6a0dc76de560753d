from django.urls import URLPattern, path

from threadline.desk.views import reports

urlpatterns: list[URLPattern] = [
    path("reports", reports.times, name="reports"),
    path("reports/people", reports.people, name="reports-people"),
    path("reports/coaching", reports.coaching, name="reports-coaching"),
    path("reports/exports", reports.export, name="reports-export"),
]
