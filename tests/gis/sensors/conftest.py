"""A broker, and a desk that hears it."""

import pytest

from tests.brokers import Broker
from tests.gis.sensors.mqttdesk import Desk


@pytest.fixture
def broker(tmp_path):
    made = Broker(tmp_path / "broker")
    yield made
    made.kill()


@pytest.fixture
def desk(tmp_path, store, clock):
    made = Desk(tmp_path / "desk", store, clock)
    yield made
    made.leave()


@pytest.fixture(scope="module")
def secured(tmp_path_factory):
    made = Broker(tmp_path_factory.mktemp("secured"), secured=True)
    yield made
    made.kill()
