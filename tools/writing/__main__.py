"""`tools/docs`: write every generated page."""

import os
import sys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "threadline.config.settings")
import django

django.setup()

from tools.writing.pages import pages  # noqa: E402 - the models can be looked at only now

for path, text in pages().items():
    path.parent.mkdir(parents=True, exist_ok=True)
    changed = not path.exists() or path.read_text() != text
    path.write_text(text)
    sys.stdout.write(f"{'written  ' if changed else 'unchanged'} {path.relative_to(path.parents[2])}\n")
