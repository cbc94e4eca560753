"""Openings belong to a link and a day, never to a person: the tables know no reader, and nothing is to be erased."""

import pytest
from django.apps import apps
from django.test import Client

from content.dissemination import models, services
from content.dissemination.models import LinkDay
from content.dissemination.openings import COUNTER
from content.law.page_paths import short_path
from content.people.models import Reader
from tests.builders import a_device
from tests.builders_media import a_material

pytestmark = pytest.mark.django_db
PHONE = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/125 Mobile Safari/537.36"


def test_no_table_of_openings_refers_to_a_reader_a_device_or_an_address():
    tables = [each for each in apps.get_models() if each.__module__ == models.__name__]
    assert LinkDay in tables and len(tables) >= 5
    for table in tables:
        referred = {field.related_model.__name__ for field in table._meta.fields if field.related_model}
        assert referred.isdisjoint({"Reader", "Device", "Session"}), table
    columns = {field.attname for field in LinkDay._meta.fields}
    assert columns == {"id", "link_id", "day", "opened", "previews"}


def test_who_deletes_everything_of_theirs_changes_no_count(api):
    minh = a_device("minh")
    link = services.share_link("material", a_material().key)
    opened = Client().get(
        short_path(link.code), headers={"User-Agent": PHONE, "Authorization": f"Bearer {minh.secret}"}
    )
    assert opened.status_code == 200
    COUNTER.add_to_database()
    before = list(LinkDay.objects.values_list("link", "day", "opened", "previews"))
    assert before
    assert api("delete", "me", device=minh).status_code == 204
    assert not Reader.objects.filter(pk=minh.reader.pk).exists()
    assert list(LinkDay.objects.values_list("link", "day", "opened", "previews")) == before
