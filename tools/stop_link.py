"""The link under automatic mail in the newest thread of mail: `python -m tools.stop_link` prints its path."""

import sys

import django


def path() -> str:
    from threadline.interactions.models import Thread
    from threadline.interactions.stopping import stop_url

    thread = Thread.objects.filter(channel__kind="email").latest("pk")
    return stop_url(thread.channel, thread).partition("/stop/")[2]


if __name__ == "__main__":
    django.setup()
    sys.stdout.write(f"/stop/{path()}")
