"""Brands: under which names customers know us."""

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from threadline.accounts.rights import Right
from threadline.channels import actions
from threadline.channels.models import Brand
from threadline.desk.forms.settings.channels import BrandForm
from threadline.desk.queries.settings.lately import lately
from threadline.desk.rights import needs
from threadline.desk.signed_in import agent_of
from threadline.desk.views.settings.shell import given, kept, page

HERE = "settings-brands"


@needs(Right.CHANNELS)
@require_safe
def brands(request: HttpRequest) -> HttpResponse:
    listed = Brand.objects.annotate(number=Count("channels")).order_by("name", "pk")[:200]
    return page(request, "brands", HERE, brands=listed)


@needs(Right.CHANNELS)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    form, by, now = BrandForm(given(request)), agent_of(request), timezone.now()
    if request.method == "POST":
        answer = kept(
            request,
            form,
            lambda said: actions.create_brand(name=said["name"], by=by, now=now),
            words=_("The brand is there. Channels can belong to it now."),
            to=HERE,
        )
        if answer:
            return answer
    return page(request, "brand", HERE, form=form, status=422 if form.errors else 200)


@needs(Right.CHANNELS)
@require_http_methods(["GET", "POST"])
def brand(request: HttpRequest, brand_id: int) -> HttpResponse:
    brand = get_object_or_404(Brand, pk=brand_id)
    form = BrandForm(given(request), initial={"name": brand.name})
    by, now = agent_of(request), timezone.now()
    if request.method == "POST":
        answer = kept(
            request,
            form,
            lambda said: actions.rename_brand(brand=brand, name=said["name"], by=by, now=now),
            words=_("Renamed."),
            to=HERE,
        )
        if answer:
            return answer
    shown = {"form": form, "brand": brand, "lately": lately(brand=brand.pk)}
    return page(request, "brand", HERE, status=422 if form.errors else 200, **shown)
