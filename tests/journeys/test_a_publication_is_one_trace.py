"""Web server and worker send their spans to a collector over HTTP, and a publication is one trace over both."""

import re
import sys

import pytest
import requests

from tests.collector import Collector, running_collector
from tests.journeys.installation import eventually, printed_accounts
from tests.journeys.test_a_law_reaches_its_followers import LAND, follows_settled, register

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks for processes in /proc")
A_LAW_TO_PUBLISH = """
from content.editing import services as editing
from tests.builders import a_draft, land
print(editing.submit_for_review(a_draft("1/2019/QH14", topics=[land()])).pk)
"""


class Approver:
    """A person at the staff site, without a browser."""

    def __init__(self, installation):
        self.base = f"http://127.0.0.1:{installation.port}/staff/"
        self.session = requests.Session()
        self.session.trust_env = False
        password = printed_accounts(installation.first_said)["approver"]
        self.submit("login/", {"username": "approver", "password": password, "next": "/staff/"})

    def submit(self, path, fields):
        page = self.session.get(self.base + path).text
        hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
        answer = self.session.post(
            self.base + path, hidden | fields, headers={"Referer": self.base}, allow_redirects=False
        )
        assert answer.status_code == 302, answer.text


def test_a_law_published_by_a_click_is_one_trace_over_web_server_and_worker(installation):
    installation.stop()
    with running_collector() as collector:
        traced = {"OTEL_EXPORTER_OTLP_ENDPOINT": collector.address, "OTEL_BSP_SCHEDULE_DELAY": "200"}
        installation.environment |= traced
        installation.start()
        phone = register(installation, "a", LAND)
        eventually(lambda: follows_settled(installation, phone, [LAND]))
        pk = installation.manage("shell", "-v0", "-c", A_LAW_TO_PUBLISH).strip()

        Approver(installation).submit(f"content/legaldocument/{pk}/transition/publish/", {"notify": "on"})

        (trace,) = eventually(lambda: collector.traces_with("FCM send"))
        eventually(lambda: any(name.startswith("POST /staff/") for name in collector.names_of(trace)))
        names = collector.names_of(trace)
        assert {"change log, push", "send push", "INSERT content_change", "INSERT notifications_delivery"} <= names
        eventually(lambda: collector.traces_with("job changes.read"))
        assert {service for service, _span in collector.spans} == {"luatmo"}
        assert installation.stop() == 0


@pytest.mark.rehearsal
def test_a_collector_that_is_away_holds_up_nobody(installation):
    installation.stop()
    with Collector() as gone:  # it takes connections and never answers
        installation.environment |= {"OTEL_EXPORTER_OTLP_ENDPOINT": gone.address, "OTEL_BSP_SCHEDULE_DELAY": "200"}
        installation.start()
        phone = register(installation, "a", LAND)
        eventually(lambda: follows_settled(installation, phone, [LAND]))
        assert installation.stop() == 0
