"""Every kind of channel an interaction can come from."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    EMAIL = "email", _("Email")
    CHAT = "chat", _("Chat")
    PHONE = "phone", _("Phone")
    SMS = "sms", _("Text message")
    WHATSAPP = "whatsapp", _("WhatsApp")
    X = "x", _("X")
    FACEBOOK = "facebook", _("Facebook")
    REVIEW = "review", _("Review")
    COMMUNITY = "community", _("Community")
    STORE = "store", _("Store")
    WEB = "web", _("Web")
    PURCHASE = "purchase", _("Purchase")
    APP = "app", _("App")
    SURVEY = "survey", _("Survey")
    SIGNAL = "signal", _("Signal")
