"""Lists and exports of many materials and layers: as many queries as of few, and no long text that nobody shows."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from api.v1.materials.materials import MaterialDetailSerializer
from api.v1.sync.bulk_export import layer_lines, material_lines
from content.media import queries
from content.media import services as media
from content.media.models import Material
from content.provision_layers import queries as layers
from content.vietnam_time import today
from tests.builders import a_document, land
from tests.builders_media import a_layer, a_material, a_ready_material, published

pytestmark = pytest.mark.django_db


def queries_of(make):
    with CaptureQueriesContext(connection) as said:
        list(make())
    return len(said)


def a_variant(material, language, title):
    """A public variant of the material in another language."""
    draft = media.write_variant(material, language)
    made = a_ready_material(language=language, title=title)
    Material.objects.filter(pk=made.pk).update(group=draft.group)
    draft.delete()
    made.refresh_from_db()
    return published(made)


def test_an_export_of_many_materials_asks_as_often_as_of_few():
    a_material(title="Một")
    few = queries_of(lambda: material_lines(queries.public_materials(), today()))
    for number in range(4):
        a_variant(a_material(title=f"Bài {number}"), "en", f"Part {number}")
    assert queries_of(lambda: material_lines(queries.public_materials(), today())) == few


def test_an_export_names_the_same_variants_as_the_page():
    material = a_material(title="Một")
    for language in ("km", "en"):
        a_variant(material, language, f"In {language}")
    found = list(queries.with_details(queries.public_materials()))
    known = queries.variants_by_key(found)
    for each in found:
        context = {"variants": known}
        assert MaterialDetailSerializer(each, context=context).data == MaterialDetailSerializer(each).data
    assert [each.language for each in known[material.key]] == ["en", "km"]


def test_an_export_of_many_layers_reads_each_document_once():
    law = a_document()
    a_layer(law)
    few = queries_of(lambda: layer_lines(layers.public_layers(), today()))
    for eid in ("art_1", "art_2__clause_1"):
        a_layer(law, eid, text=f"Tóm tắt của {eid}.")
    assert queries_of(lambda: layer_lines(layers.public_layers(), today())) == few


@pytest.mark.parametrize("path", ["materials", "feeds/materials.json", "materials?topic={topic}", "materials?q=Vườn"])
def test_a_list_reads_no_text_that_it_does_not_show(api, path):
    a_material(topics=[land()])
    with CaptureQueriesContext(connection) as said:
        answer = api("get", path.format(topic=land().key))
    assert answer.status_code == 200
    read = [each["sql"] for each in said if '"content_material"."transcript"' in each["sql"].partition(" FROM ")[0]]
    assert read == []


def test_a_material_with_several_topics_and_citations_is_listed_once(api):
    law = a_document()
    heading = land()
    material = a_material(law=law, topics=[heading])
    for path in (f"materials?topic={heading.key}", f"materials?cites={law.key}", f"materials?cites={law.key}~art_2"):
        assert [each["key"] for each in api("get", path).json()["results"]] == [material.key], path
    assert api("get", f"materials?cites={law.key}~art_20").json()["results"] == []
