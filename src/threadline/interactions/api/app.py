"""The application: routes, errors in words, and its own description."""

from typing import Annotated, Any

from fastapi import FastAPI, Header, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse, Response
from starlette.exceptions import HTTPException

from threadline.interactions.api.description import page
from threadline.interactions.api.door import Writing, body_of
from threadline.interactions.api.shapes import Interaction, Interactions, Taken, Trouble
from threadline.interactions.api.taking import gathering

ABOUT = """Hand interactions of any channel in, one or up to 1,000 at a time. Each gets its own verdict, and every one,
also a refused one, is in the ledger before you get the answer."""
BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {
                    "anyOf": [
                        Interaction.model_json_schema(),
                        Interactions.model_json_schema(ref_template="#/components/schemas/{model}"),
                    ]
                }
            }
        },
    }
}
TROUBLES: dict[int | str, dict[str, Any]] = {
    status: {"model": Trouble, "description": words}
    for status, words in {
        400: "The body is no JSON",
        401: "The key is missing, unknown, revoked or over",
        403: "The key has not the scope for this",
        409: "The idempotency key was used for another body",
        413: "The body is too large",
        429: "The key asks too often, or too many wrong keys came from there",
        503: "The database does not answer",
    }.items()
}
VERDICTS: dict[int | str, dict[str, Any]] = {
    207: {"model": Taken, "description": "Some were refused"},
    422: {"model": Taken, "description": "All were refused"},
}

api = FastAPI(title="Threadline", version="1", description=ABOUT, docs_url=None, redoc_url=None)


@api.post("/interactions", responses=TROUBLES | VERDICTS, response_model=Taken, openapi_extra=BODY)
async def receive_interactions(
    request: Request,
    key: Writing,
    idempotency_key: Annotated[str | None, Header(description="the same key and body are taken once")] = None,
) -> Response:
    """Take one interaction, or `{"interactions": […]}`."""
    body = await body_of(request)
    answer = await gathering.take(body, api_key=key, once=idempotency_key)
    headers = {"Idempotent-Replay": "true"} if answer.repeated else None
    return Response(answer.body, answer.status, headers, media_type="application/json")


@api.get("/docs", include_in_schema=False)
async def docs() -> HTMLResponse:
    return HTMLResponse(page(api.openapi()))


@api.exception_handler(HTTPException)
async def in_words(request: Request, error: HTTPException) -> JSONResponse:
    words = (
        error.detail
        if error.status_code not in (404, 405) or error.detail not in ("Not Found", "Method Not Allowed")
        else nowhere(request)
    )
    return JSONResponse({"error": words}, error.status_code, error.headers)


def nowhere(request: Request) -> str:
    return f"There is no {request.method} {request.url.path}. See docs for what there is."


@api.exception_handler(RequestValidationError)
async def misread(request: Request, error: RequestValidationError) -> JSONResponse:
    wrong = [
        f"“{'.'.join(map(str, one['loc'][1:]))}” is {str(one.get('input'))[:80]!r}: {one['msg']}"
        for one in error.errors()
    ]
    return JSONResponse({"error": f"{'; '.join(wrong)}. Correct it and send it again."}, 422)
