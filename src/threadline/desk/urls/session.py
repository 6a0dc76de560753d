from django.urls import URLPattern, path

from threadline.desk.views import session

urlpatterns: list[URLPattern] = [
    path("sign-in", session.sign_in, name="sign-in"),
    path("sign-out", session.sign_out, name="sign-out"),
]
