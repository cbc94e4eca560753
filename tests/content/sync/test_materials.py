"""Materials of the ministry in the installation of a province, over real HTTP: followed, corrected, withdrawn."""

import pytest
from django.utils import timezone

from content.changes.models import Change
from content.copying.models import CopiedMaterialFile
from content.media.models import Material
from content.sync import services
from content.sync.models import Conflict
from tests.builders_media import a_material
from tests.sync import a_peer, catch_up, data_by_key, two_of_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def following(db, ministry):
    key, chained = ministry.run("[chain.head().key, chain.head().chain]")
    return a_peer(ministry.url, state="following", loaded_at=timezone.now(), bookmark=key, chain=chained)


def test_a_material_arrives_with_its_files_is_corrected_and_withdrawn(ministry, following, api):
    ministry.run("material = a_material(title='Nghe luật')")
    assert catch_up(following)["written"] == 1  # its files come in a round without news
    key = ministry.run("material.key")
    assert not CopiedMaterialFile.objects.filter(fetched_at=None).exists()
    assert data_by_key(ministry.key)[f"material/{key}"] == ministry.run("data_by_key()")[f"material/{key}"]
    shown = api("get", f"materials/{key}").json()
    theirs = ministry.run(f"get('materials/{key}')")
    assert [each["sha256"] for each in shown["files"]] == [each["sha256"] for each in theirs["files"]] != []
    ministry.run("media.correct_material(material, by=a_publisher(), reason='Sửa', title='Nghe luật 📻'); None")
    assert catch_up(following) == {"written": 1}
    assert api("get", f"materials/{key}").json()["title"] == "Nghe luật 📻"
    ministry.run("media.withdraw_material(material, by=a_publisher(), reason='Nhầm bản'); None")
    assert catch_up(following) == {"gone": 1}
    gone = api("get", f"materials/{key}")
    assert (gone.status_code, "Nhầm bản" in gone.json()["detail"]) == (410, True)
    assert api("get", shown["files"][0]["url"]).status_code == 404
    lines = Change.objects.filter(subject=key).order_by("pk")
    assert [line.event_type for line in lines] == ["material.published", "material.corrected", "material.withdrawn"]
    assert all(line.facts["origin"]["home"] == ministry.key and not line.notify for line in lines)


def test_a_material_of_ours_never_becomes_that_of_another_because_the_key_is_the_same(ministry, following):
    following.scope = ["bo-tu-phap"]
    following.save()
    ours = a_material(title="Của ta")
    ministry.run("material = a_material(title='Của Bộ')")
    Material.objects.filter(pk=ours.pk).update(key=ministry.run("material.key"))
    assert catch_up(following)["conflict"] == 1
    conflict = Conflict.objects.get(object="material")
    assert conflict.kind == "scope"
    with pytest.raises(services.RuleBroken) as refused:
        services.decide_conflict(conflict, "theirs", by=two_of_staff("publisher")[0], reason="Bản của Bộ")
    assert refused.value.code == "record_refused"
    ours.refresh_from_db()
    assert (ours.title, ours.home, ours.files.count()) == ("Của ta", "", 2)


def test_a_first_load_brings_materials_and_tells_nobody(ministry, peer):
    ministry.run("material = a_material('infographic')")
    ministry.export()
    catch_up(peer)
    key = ministry.run("material.key")
    assert Material.objects.get(key=key).home == ministry.key
    assert not Change.objects.filter(notify=True).exists()
