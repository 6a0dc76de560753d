"""Di, who sets things up."""

import pytest
from django.test import Client

from threadline.accounts import sights
from threadline.accounts.models import Agent


@pytest.fixture(autouse=True)
def nobody_looked_yet() -> None:
    sights.forget()


@pytest.fixture
def di(db: None) -> Agent:
    return Agent.objects.create(email="di@harbourpine.example", name="Di Moreau", is_admin=True)


@pytest.fixture
def desk(client: Client, di: Agent) -> Client:
    client.force_login(di)
    return client
