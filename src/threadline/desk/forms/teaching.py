"""What admins send from the screens about intents. What the words may be, the actions know."""

from django import forms


class About(forms.Form):
    """The intent that a change is about; an empty name stands for the texts that are none."""

    intent = forms.CharField(required=False, strip=False)


class Examples(About):
    """One on each line."""

    examples = forms.CharField(required=False)

    def clean_examples(self) -> list[str]:
        return str(self.cleaned_data["examples"]).splitlines()


class Named(About):
    name = forms.CharField(required=False)
    group = forms.CharField(required=False)


class Opened(Examples, Named):
    """A new intent with its first examples."""


class Merged(About):
    into = forms.CharField(required=False, strip=False)


class Version(forms.Form):
    version = forms.IntegerField(min_value=1)
