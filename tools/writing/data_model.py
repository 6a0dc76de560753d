"""docs/reference/data-model.md, from the models: what each table holds and what the database refuses."""

import re
from collections.abc import Iterator

from django.apps import apps
from django.contrib.postgres.indexes import GinIndex
from django.db.migrations.loader import MigrationLoader
from django.db.models import CheckConstraint, Field, Index, Model, UniqueConstraint

from tools.writing.conditions import in_words, shown

GUARD = re.compile(r"CREATE TRIGGER (\w+) [^;]*?threadline_refuse\('([^']*)'\)")
GUARDED = """## Never edited, never deleted

Triggers refuse what no constraint can say:
"""
TYPES = {
    "BigAuto": "number, given by the database",
    "BigInteger": "number",
    "Integer": "number",
    "PositiveInteger": "number",
    "PositiveSmallInteger": "number",
    "Float": "number with decimals",
    "Char": "text",
    "Text": "text",
    "Slug": "word",
    "Boolean": "yes or no",
    "DateTime": "moment",
    "JSON": "object",
    "Binary": "bytes",
    "Array": "list",
    "GenericIPAddress": "IP address",
    "Generated": "made by the database",
}
ROOMS = ("accounts", "channels", "customers", "interactions", "journeys", "portal")
ABOVE = """
# The data model

One table for each word, in the order of the rooms. What the database refuses holds whatever the code does. The reasons
stand in [How a touch finds its story](../explanation/how-a-touch-finds-its-story.md)
and in the [decisions](../decisions).
"""


def page() -> str:
    return "\n".join([ABOVE, *(room(name) for name in ROOMS), GUARDED, *(f"- {line}" for line in guards())])


def guards() -> Iterator[str]:
    """What the triggers of the migrations say when they refuse."""
    for (app, _), migration in sorted(MigrationLoader(None).disk_migrations.items()):
        for operation in migration.operations if app in ROOMS else ():
            sql = getattr(operation, "sql", "")
            for name, reason in GUARD.findall(sql if isinstance(sql, str) else "\n".join(sql)):
                yield f"{name.replace('_', ' ')}: {reason}"


def room(name: str) -> str:
    models = sorted(apps.get_app_config(name).get_models(), key=lambda model: model.__name__)
    return f"## {name}\n\n" + "\n".join(table(model) for model in models)


def table(model: type[Model]) -> str:
    parts = [
        f"### {model.__name__}",
        about(model),
        "| Column | Type | Note |\n|---|---|---|\n" + "\n".join(column(each) for each in model._meta.concrete_fields),
        listed("The database refuses anything else than this:", promises(model)),
        listed("Found quickly by:", ways(model)),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def about(model: type[Model]) -> str:
    """The docstring, unless Django made it up from the columns."""
    text = model.__doc__ or ""
    return "" if text.startswith(f"{model.__name__}(") else "\n".join(line.strip() for line in text.strip().split("\n"))


def column(field: "Field[object, object]") -> str:
    return f"| `{field.column}` | {kind(field)} | {note(field)} |"


def kind(field: "Field[object, object]") -> str:
    if field.is_relation and field.related_model:
        return f"→ {field.related_model.__name__}"  # type: ignore[union-attr]
    size = f", up to {field.max_length}" if field.max_length else ""
    name = field.get_internal_type().removesuffix("Field")
    return f"{TYPES.get(name, name)}{size}"


def note(field: "Field[object, object]") -> str:
    said = [
        "key" if field.primary_key else "",
        "unique" if field.unique and not field.primary_key else "",
        "may be empty" if field.null else "",
        ", ".join(str(value) for value, _ in field.flatchoices if value) if field.choices else "",
        str(field.help_text),
    ]
    return "; ".join(each for each in said if each)


def promises(model: type[Model]) -> Iterator[str]:
    for each in model._meta.constraints:
        name = each.name.replace("_", " ")
        if isinstance(each, CheckConstraint):
            yield f"{name}: {in_words(each.condition)}"
        elif isinstance(each, UniqueConstraint):
            only = f", where {in_words(each.condition)}" if each.condition else ""
            columns = each.fields or [shown(expression) for expression in each.expressions]
            yield f"{name}: one row for each {' + '.join(columns)}{only}"


def ways(model: type[Model]) -> Iterator[str]:
    for each in model._meta.indexes:
        only = f", where {in_words(each.condition)}" if each.condition else ""
        yield f"{order(each)}{only}"


def order(index: Index) -> str:
    if isinstance(index, GinIndex):
        return f"words ({index.name.replace('_', ' ')})"
    return ", ".join(f"{name.removeprefix('-')}{' (newest first)' * name.startswith('-')}" for name in index.fields)


def listed(title: str, lines: Iterator[str]) -> str:
    found = [f"- {line}" for line in lines]
    return "\n".join([title, "", *found]) if found else ""
