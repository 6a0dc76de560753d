"""What our own messages carry: an id that proves they are ours, and a subject."""

from django.conf import settings

from threadline.channels.reply_address import signature


def message_id(number: int, address: str) -> str:
    """The Message-ID of our interaction `number`, signed, so that a forged one is not taken for ours."""
    domain = address.rpartition("@")[2] or "threadline.invalid"
    return f"tl.{number}.{signature(f'message:{number}', settings.REPLY_KEY)}@{domain}"


def reply_subject(thread_subject: str, title: str) -> str:
    """`Re:` once, whatever the thread has gathered; a reply that begins a thread is titled with the story."""
    subject = " ".join((thread_subject or title or "Your message").split())
    return subject if subject.lower().startswith("re:") else f"Re: {subject}"
