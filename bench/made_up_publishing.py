"""Materials, channels, plans, outlets and another installation for bench/made_up_requests.py."""

import json
from typing import Any

from attacks.target import Client, Target, require

PLACEMENTS = 8  # of each kind; the last one is not used up
FURNISH = """
import json
from content.dissemination import outcomes
from content.plans import services as plans
from content.sync.models import Peer
from tests import builders
from tests.builders_dissemination import a_placement, an_outlet
from tests.builders_media import a_channel, a_layer, a_material, a_playlist
from tests.builders_plans import A_FILE, a_plan_form, a_public_measurement
recording = a_material()
playlist, channel = a_playlist(recording), a_channel(recording)
layer = a_layer(builders.a_document())
plan = plans.publish_plan(plans.write_plan(a_plan_form(title="Kế hoạch có tệp", file=A_FILE)))
measurement = a_public_measurement()
outlet = an_outlet()
waiting, claimed = [
    [a_placement(outlet, material=recording, wave=first + number) for number in range({placements})]
    for first in (1, {placements} + 1)
]
for each in claimed:
    outcomes.claim(each, outlet=outlet)
peer = Peer.objects.create(key="phapluat.example", url="https://phapluat.example", name="Mẫu", state="paused")
print(json.dumps({{
    "material": recording.key, "playlist": playlist.key, "channel": channel.key, "layer": layer.key, "plan": plan.key,
    "indicator": measurement.indicator.code, "programme": plan.programme.key, "peer": peer.key,
    "outlet": outlet.key, "secret": outlet.secret,
    "waiting": [each.key for each in waiting], "claimed": [each.key for each in claimed],
}}))
"""
BODIES: dict[str, Any] = {"reportPlacement": {"status": "placed", "url": "https://example.com/bai-1"}}
BY_THE_OUTLET = ("listQueue", "claimPlacement", "reportPlacement")


class Publishing:
    """What is published, and an outlet with its secret."""

    def __init__(self, installation: Target) -> None:
        self._base = installation.base
        self._rows = json.loads(installation.manage("shell", "-v0", "-c", FURNISH.format(placements=PLACEMENTS)))
        self.secret = self._rows["secret"]

    def paths(self) -> dict[str, dict[str, Any]]:
        """As `World._good_paths`."""
        rows = self._rows
        sha256, name = self._file_of(rows["material"])
        return {
            "channels": {"key": rows["channel"]},
            "files": {"sha256": sha256, "name": name},
            "indicators": {"key": rows["indicator"]},
            "layers": {"key": rows["layer"]},
            "materials": {"key": rows["material"], "transcript_format": "vtt"},
            "outlets": {"key": rows["outlet"]},
            "peers": {"key": rows["peer"]},
            "plans": {"key": rows["plan"]},
            "playlists": {"key": rows["playlist"], "feed_format": "rss"},
            "programmes": {"key": rows["programme"]},
        }

    def _file_of(self, material: str) -> tuple[str, str]:
        """(SHA-256, name) of a file of the material."""
        shown = Client(self._base).get(f"/api/v1/materials/{material}").text
        found = shown.partition("/api/v1/files/")[2].partition('"')[0]
        require(found, "the material names no file")
        sha256, _slash, name = found.partition("/")
        return sha256, name

    def value(self, operation: str, name: str) -> Any:
        """The value of a path parameter that is used up; None: that of `paths`."""
        of = {"claimPlacement": "waiting", "reportPlacement": "claimed"}.get(operation)
        return self._rows[of][0] if of and name == "key" else None

    def after(self, operation: str) -> None:
        """Take note of what a good request has used up."""
        of = {"claimPlacement": "waiting", "reportPlacement": "claimed"}.get(operation)
        if of and len(self._rows[of]) > 1:
            self._rows[of].pop(0)
