"""Files of ours that a provider fetches itself: behind an address that nobody can guess and that ends after a day."""

from django.core import signing
from starlette.requests import Request
from starlette.responses import Response

from threadline.interactions.api.door import in_thread
from threadline.interactions.models import Upload
from threadline.interactions.outgoing import ENCLOSURE

GOOD_FOR = 24 * 3600


def opened(token: str) -> tuple[bytes, str] | None:
    try:
        number = signing.loads(token, salt=ENCLOSURE, max_age=GOOD_FOR)
    except signing.BadSignature:
        return None
    found = Upload.objects.filter(pk=number).values_list("data", "content_type").first()
    return (bytes(found[0]), found[1]) if found else None


async def enclosure(request: Request) -> Response:
    found = await in_thread(opened, request.path_params["token"])
    if found is None:
        return Response("This file is not here any more.", 404)
    headers = {"Content-Disposition": "attachment", "Cache-Control": "private, max-age=3600"}
    return Response(found[0], media_type=found[1], headers=headers)
