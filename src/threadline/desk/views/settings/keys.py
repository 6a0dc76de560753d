"""API keys: which programs may ask, for what, and until when."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from threadline.accounts import actions
from threadline.accounts.models import ApiKey
from threadline.accounts.rights import Right, Scope
from threadline.desk.forms.settings.keys import KeyForm
from threadline.desk.rights import needs
from threadline.desk.signed_in import agent_of
from threadline.desk.views.settings.shell import done, given, page
from threadline.lib.errors import ThreadlineError
from threadline.lib.paging import page as one_page

HERE = "settings-keys"
SIZE = 50
API_DOCS = "/api/v1/docs"  # served by the front door, which stands beside Django


@needs(Right.KEYS)
@require_safe
def keys(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    found = one_page(
        ApiKey.objects.select_related("made_by"), by="-made_at", after=request.GET.get("after", ""), size=SIZE
    )
    rows = [
        {"key": key, "works": key.works(now), "scopes": [Scope(scope).label for scope in key.scopes]}
        for key in found.rows
    ]
    return page(request, "keys", HERE, rows=rows, after=found.after, api_docs=API_DOCS)


@needs(Right.KEYS)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """The key stands on the answer to the form, and nowhere else ever after."""
    form = KeyForm(given(request))
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            key, secret = actions.create_api_key(
                name=said["name"],
                scopes=said["scopes"],
                expires_at=form.expires_at(),
                by=agent_of(request),
                now=timezone.now(),
            )
        except ThreadlineError as error:
            form.add_error(None, str(error))
        else:
            answer = page(request, "key_made", HERE, key=key, secret=secret)
            answer["Cache-Control"] = "no-store"
            return answer
    return page(request, "key", HERE, form=form, status=422 if form.errors else 200)


@needs(Right.KEYS)
@require_POST
def revoke(request: HttpRequest, key_id: int) -> HttpResponse:
    key = get_object_or_404(ApiKey, pk=key_id)
    actions.revoke_api_key(key=key, by=agent_of(request), now=timezone.now())
    return done(request, _("%(name)s works no more.") % {"name": key.name}, None, to=HERE)
