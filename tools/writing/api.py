"""docs/reference/api.md, from the API's own OpenAPI description."""

from collections.abc import Iterator, Mapping
from typing import Any

from threadline.config import front_door
from threadline.interactions.api import api

ABOVE = """
# The API

Base address: `/api/v1` on the port of the desk. The machine-readable description is `/api/v1/openapi.json`. How to
use it, step by step: [Send interactions through the API](../how-to/send-interactions.md).
"""
Node = Mapping[str, Any]


def page() -> str:
    assert front_door.app, "importing it lets every room add its part to the API"
    described = api.openapi()
    shapes = described.get("components", {}).get("schemas", {}) | dict(taken_in(described["paths"]))
    calls = (
        told(path, method, call) for path, methods in described["paths"].items() for method, call in methods.items()
    )
    return "\n".join([ABOVE, *calls, "## Shapes\n", *(shape(name, node) for name, node in sorted(shapes.items()))])


def taken_in(paths: Node) -> Iterator[tuple[str, Node]]:
    """The shapes that bodies hold within themselves, by their titles."""
    for call in (call for methods in paths.values() for call in methods.values()):
        for content in call.get("requestBody", {}).get("content", {}).values():
            schema = content.get("schema", {})
            for each in schema.get("anyOf", [schema]):
                if "properties" in each:
                    yield each.get("title", call["operationId"]), each


def told(path: str, method: str, call: Node) -> str:
    parts = [
        f"## {method.upper()} /api/v1{path}",
        call.get("description") or call.get("summary", ""),
        "\n".join(parameters(call)),
        f"Body: {body(call['requestBody'])}" if "requestBody" in call else "",
        "Answers:\n\n" + "\n".join(answers(call)),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def parameters(call: Node) -> Iterator[str]:
    for each in call.get("parameters", ()):
        need = "needed" if each.get("required") else "optional"
        about = f": {each['description']}" if each.get("description") else ""
        yield f"- `{each['name']}` in the {each['in']}, {need}{about}"


def body(request: Node) -> str:
    return ", or ".join(
        f"{kind(content.get('schema', {}))} as `{mime}`" for mime, content in request["content"].items()
    )


def answers(call: Node) -> Iterator[str]:
    for status, answer in sorted(call["responses"].items()):
        shapes = [kind(content["schema"]) for content in answer.get("content", {}).values() if content.get("schema")]
        yield f"- `{status}`: {answer['description']}" + (f" ({', '.join(shapes)})" if shapes else "")


def shape(name: str, node: Node) -> str:
    about = f"{node['description']}\n\n" if node.get("description") else ""
    rows = "\n".join(field(each, value, node) for each, value in node.get("properties", {}).items())
    table = f"| Field | Type | Meaning |\n|---|---|---|\n{rows}\n" if rows else ""
    return f"### {name}\n\n{about}{table}"


def field(name: str, value: Node, node: Node) -> str:
    need = "" if name in node.get("required", ()) else "optional. "
    about = " ".join(str(value.get("description", "")).split())
    return f"| `{name}` | {kind(value)} | {need}{about} |"


def kind(schema: Node) -> str:
    """A schema in a word or two."""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    for choice in ("anyOf", "oneOf"):
        if choice in schema:
            return " or ".join(dict.fromkeys(kind(each) for each in schema[choice]))
    if "properties" in schema and "title" in schema:
        return str(schema["title"])
    if "enum" in schema:
        return ", ".join(f"`{each}`" for each in schema["enum"])
    if schema.get("type") == "array":
        return f"list of {kind(schema.get('items', {}))}"
    return str(schema.get("format") or schema.get("type") or "anything")
