"""What our own messages carry."""


def reply_subject(thread_subject: str, title: str) -> str:
    """`Re:` once, whatever the thread has gathered; a reply that begins a thread is titled with the story."""
    subject = " ".join((thread_subject or title or "Your message").split())
    return subject if subject.lower().startswith("re:") else f"Re: {subject}"
