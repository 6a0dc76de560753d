"""The API's description as a page: plain HTML from openapi.json, without scripts or anything from elsewhere."""

import json
from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title} API</title></head>
<body><main><h1>{title} API</h1><p>{about}</p>
<p>The same for programs: <a href="openapi.json">openapi.json</a>.
Every request carries <code>Authorization: Bearer tl_…</code>.</p>
{operations}
</main></body></html>
"""


def page(schema: Mapping[str, Any]) -> str:
    operations = "\n".join(
        part
        for path, methods in schema["paths"].items()
        for method, operation in methods.items()
        for part in described(path, method, operation)
    )
    about = schema["info"]
    return PAGE.format(title=escape(about["title"]), about=escape(about["description"]), operations=operations)


def described(path: str, method: str, operation: Mapping[str, Any]) -> Iterator[str]:
    yield f"<h2><code>{method.upper()} {escape(path)}</code></h2>"
    yield f"<p>{escape(operation.get('description', operation['summary']))}</p>"
    for each in operation.get("parameters", ()):
        about = escape(each.get("description", ""))
        yield f"<p><code>{escape(each['name'])}</code> ({each['in']}): {about}</p>"
    for example in examples(operation.get("requestBody", {})):
        yield f"<pre>{escape(json.dumps(example, indent=2, ensure_ascii=False))}</pre>"
    answers = operation["responses"].items()
    listed = (f"<li><code>{status}</code> {escape(answer['description'])}</li>" for status, answer in answers)
    yield f"<ul>{''.join(listed)}</ul>"


def examples(value: Any) -> Iterator[Any]:
    """Every example anywhere in a schema."""
    if isinstance(value, Mapping):
        yield from value.get("examples", ())
        for name, each in value.items():
            if name != "examples":
                yield from examples(each)
    elif isinstance(value, list):
        for each in value:
            yield from examples(each)
