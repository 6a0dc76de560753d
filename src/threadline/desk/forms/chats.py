"""What agents send from the chats side by side."""

from django import forms
from django.utils.translation import gettext_lazy as _

from threadline.channels.adapters.chat import LONGEST


class Reply(forms.Form):
    """`seen` is the newest touch that the writer had before them."""

    text = forms.CharField(
        max_length=LONGEST,
        error_messages={
            "required": _("Nothing is written yet. Write something first."),
            "max_length": _(
                "A chat message holds %(limit_value)d characters; this has %(show_value)d. Send it in two."
            ),
        },
    )
    seen = forms.IntegerField(required=False, min_value=0, max_value=2**63 - 1)
    stale = forms.BooleanField(required=False)


class Seen(forms.Form):
    upto = forms.IntegerField(min_value=0, max_value=2**63 - 1)
