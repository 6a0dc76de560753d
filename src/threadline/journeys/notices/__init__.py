"""Who is told what about a story, and how.

    an Event is recorded ─► Cause, in the same transaction         (causes: which verb tells whom)
    the worker           ─► Notice, one per agent and story        (telling)
                         ─► NoticeSend: on screen, push, mail      (pushing, digest; wishes say which and when)

A new verb adds a line to `causes`; a new reason its words to `reasons`.
"""
