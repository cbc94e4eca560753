"""What statements for another installation may name."""
# ruff: noqa: F401, F403

import datetime

from rest_framework.test import APIClient

from api.v1.sync import bulk_export
from content.amendments import services as amendments
from content.changes import chain
from content.changes.models import Change
from content.contest_results import services as results
from content.contests import services as contests
from content.contests.models import Contest
from content.copying import records
from content.copying.models import HomeSeal
from content.documents.models import Amendment, EffectDoubt, LegalDocument
from content.editing import services as editing
from content.events import services as events
from content.events.models import Event
from content.jobs import settle_changes
from content.media import services as media
from content.media.models import Material
from content.peer_client.client import PeerClient
from content.plans import services as plans
from content.plans.models import Plan
from content.publishing import services as documents
from content.qa import services as questions
from content.qa.models import Question
from content.sync.following import work_once
from content.sync.models import Conflict, Origin, Peer, Waiting, Witness
from content.topics.models import Topic
from tests.builders import *
from tests.builders_contests import *
from tests.builders_media import *
from tests.builders_plans import *
from tests.random_history import RandomHistory
from tests.random_history_of_everything import HistoryOfEverything
from tests.sync import a_peer, catch_up, data_by_key, two_of_staff


def get(path):
    """What an address under /api/v1 answers."""
    return APIClient(HTTP_HOST="127.0.0.1").get(f"/api/v1/{path}").json()
