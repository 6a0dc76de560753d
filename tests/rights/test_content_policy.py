"""The strict policy: nothing runs but our own files, on no page and on nothing served beside the pages."""

import asyncio
import re
from pathlib import Path

import httpx
import pytest
from django.urls import reverse

from threadline.config.front_door import app
from threadline.lib.pages import POLICY

TEMPLATES = sorted((Path(__file__).parents[2] / "src" / "threadline").rglob("templates/**/*.html"))
INLINE = re.compile(r"<script(?![^>]*\ssrc=)|<style|\sstyle=|\son(?!e=)[a-z]+=|javascript:", re.IGNORECASE)


def test_the_policy_of_pages_allows_no_inline_and_no_foreign_script():
    assert "unsafe" not in POLICY
    assert "script-src 'self'" in POLICY
    assert {"object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"} <= set(POLICY.split("; "))


def test_no_template_has_a_script_or_a_style_of_its_own():
    found = {path.name: INLINE.findall(path.read_text()) for path in TEMPLATES}

    assert {name: inline for name, inline in found.items() if inline} == {}
    assert len(TEMPLATES) > 50


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["sign-in", "settings", "settings-audit", "settings-key-new"])
def test_every_page_carries_the_policy(desk, name: str):
    assert desk.get(reverse(name)).headers["Content-Security-Policy"] == POLICY


@pytest.mark.parametrize("path", ["/api/v1/docs", "/api/v1/openapi.json", "/static/desk/icons.svg", "/api/v1/nowhere"])
def test_what_is_served_beside_the_pages_runs_nothing(path: str):
    answer = asyncio.run(asked(path))

    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


async def asked(path: str) -> httpx.Response:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://desk") as client:
        return await client.get(path)
