"""Records of materials: one rebuilt from its record has the same record; its files are checked as uploads are."""

import contextlib
import datetime
import hashlib
import io
import json
import random
import unicodedata

import pytest
from django.db import transaction
from django.utils import timezone
from PIL import Image

from content.basis.models import Basis, BasisChange
from content.changes.models import Change
from content.copying import file_kinds, material_files, records
from content.copying.fields import RecordRefused, RecordWaits
from content.copying.models import CopiedMaterialFile
from content.copying.objects import OBJECTS
from content.editing import services as editing
from content.errors import RuleBroken
from content.media import queries
from content.media import services as media
from content.media.models import Material, MaterialFile
from content.media.services.outdated import flag_materials_citing, flag_outdated_materials
from content.public_changes.citations import update_citations
from content.stored_files import storage
from content.stored_files.file_types import media_type_of
from content.stored_files.models import Rendition, StoredFile
from content.sync.models import Origin
from content.vietnam_time import today
from tests.builders import a_document, amend, an_amending_law, approver, justice, land
from tests.builders_media import (
    CAPTIONS,
    TINY_PDF,
    a_draft_material,
    a_material,
    a_material_on,
    a_picture,
    a_publisher,
    a_recording,
    an_author,
    published,
)
from tests.builders_plans import an_editor

pytestmark = pytest.mark.django_db
HOME = "phapluat.example.gov.vn"
MATERIAL = OBJECTS["material"]


def material_records():
    return {each["key"]: each for each in records.public_records() if each["object"] == "material"}


def record_of(material):
    return material_records()[material.key]


def data_of(found):
    return {key: each["data"] for key, each in found.items()}


def empty_of_materials():
    """As if nobody here had ever heard of a material. What was stored of their files is kept for the test to serve."""
    bases = list(Material.objects.values_list("basis", flat=True))
    Material.objects.all().delete()
    Basis.objects.filter(pk__in=bases).delete()
    Rendition.objects.all().delete()
    StoredFile.objects.all().delete()


@transaction.atomic
def put(record):
    row = MATERIAL.locked(record["key"]) or Material(key=record["key"])
    row.home = HOME
    return MATERIAL.put(row, record["data"])


def served(sha256):
    with storage.open_file(sha256) as file:
        return file.read()


def fetch_all():
    """What the rounds without news do, from what the home stores."""
    for file in CopiedMaterialFile.objects.filter(fetched_at=None).select_related("material"):
        content = served(file.sha256)
        material_files.store_file(file, io.BytesIO(content), hashlib.sha256(content).hexdigest())


class HistoryOfMaterials:
    """What an office does to its materials; the same seed does the same."""

    def __init__(self, seed):
        self.random, self.number = random.Random(seed), 0
        self.laws = [a_document("1/2019/QH14"), a_document("2/2019/QH14")]

    def step(self):
        actions = (self.record, self.draw, self.link, self.correct, self.correct, self.translate, self.confirm,
                   self.withdraw, self.caption)  # fmt: skip
        with contextlib.suppress(RuleBroken):  # what the rules forbid is no part of the history
            self.random.choice(actions)()

    def any_material(self):
        found = list(Material.objects.filter(status="published", home="").order_by("pk"))
        return self.random.choice(found) if found else a_material()

    def record(self):
        a_material(law=self.random.choice((None, *self.laws)), title=f"Nghe luật {self.random.random()}")

    def draw(self):
        a_material("infographic", title="Bốn ô 📚", topics=[land(), justice()], audiences=["workers", "students"])

    def link(self):
        columns = {"external_url": "https://youtu.be/dQw4w9WgXcQ", "transcript": "Xin chào.", "seconds": 90}
        published(a_draft_material("video", **columns))

    def correct(self):
        words = self.random.choice(({"title": f"Tên {self.random.random()}"}, {"credits": "Sở Tư pháp"}))
        words |= self.random.choice(({}, {"citations": [(self.random.choice(self.laws), "art_1")]}))
        media.correct_material(self.any_material(), by=a_publisher(), reason="Sửa", **words)

    def translate(self):
        variant = media.write_variant(self.any_material(), self.random.choice(("en", "km")), by=an_author())
        media.add_file(variant, "main", [a_recording()], by=an_author())
        media.add_file(variant, "captions", [CAPTIONS], by=an_author())
        published(variant)

    def confirm(self):
        media.confirm_material(self.any_material(), by=a_publisher())

    def withdraw(self):
        media.withdraw_material(self.any_material(), by=a_publisher(), reason="Nhầm")

    def caption(self):
        media.add_file(self.any_material(), "captions", [CAPTIONS], language="hmn", by=a_publisher(), reason="Thêm")


@pytest.mark.parametrize("seed", range(3))
def test_a_random_history_put_into_an_empty_installation_has_the_same_records(seed):
    history = HistoryOfMaterials(seed)
    for _step in range(20):
        history.step()
    before = material_records()
    assert len(before) > 2
    empty_of_materials()
    order = list(before.values())
    history.random.shuffle(order)
    for record in order:
        put(record)
    assert data_of(material_records()) == data_of(before)
    fetch_all()
    assert data_of(material_records()) == data_of(before)
    assert {each.stored.sha256 for each in MaterialFile.objects.all()} == {
        file["sha256"] for record in order for file in record["data"]["files"]
    }
    for record in order:  # a repeat
        put(record)
    assert data_of(material_records()) == data_of(before)
    assert not CopiedMaterialFile.objects.filter(fetched_at=None).exists()


def test_a_copy_is_read_searched_and_served_with_its_files(api):
    material, law = a_material_on(title="Chăm vườn cải bắp")
    record, shown = material_records()[material.key], api("get", f"materials/{material.key}").json()
    assert shown["home"] is None
    empty_of_materials()
    put(record)
    empty = api("get", f"materials/{material.key}").json()
    assert (empty["files"], empty["transcript"]) == ([], shown["transcript"])
    fetch_all()
    again = api("get", f"materials/{material.key}").json()
    changing = ("updated_at", "home", "home_url")
    assert {name: value for name, value in again.items() if name not in changing} == {
        name: value for name, value in shown.items() if name not in changing
    }
    assert (again["home"], again["home_url"]) == (HOME, f"https://{HOME}/api/v1/materials/{material.key}")
    for file in again["files"]:
        assert b"".join(api("get", file["url"])) == served(file["sha256"])
    for path in ("materials?", "search?q=vườn cải bắp&"):
        for home, count in ((HOME, 1), ("khac.example", 0)):
            results = json.dumps(api("get", f"{path}home={home}").json()["results"])
            assert (material.key in results) == count, (path, home)
    assert api("get", f"materials?cites={law.key}").json()["results"][0]["key"] == material.key


def test_a_transcript_from_captions_whose_accents_are_decomposed_arrives():
    captions = unicodedata.normalize("NFD", CAPTIONS.decode()).encode()
    assert captions != CAPTIONS
    material = a_draft_material("audio")
    media.add_file(material, "main", [a_recording()], by=an_author())
    media.add_file(material, "captions", [captions], by=an_author())
    material.refresh_from_db()
    record = record_of(published(material))
    assert "Xin chào." in record["data"]["transcript"]
    empty_of_materials()
    assert put(record).transcript == record["data"]["transcript"]


def test_texts_that_were_stored_before_they_were_cleaned_arrive():
    material = a_material()
    decomposed = unicodedata.normalize("NFD", "Xin chào.\u202e")
    Material.objects.filter(pk=material.pk).update(transcript=decomposed)
    record = record_of(material)
    empty_of_materials()
    assert put(record).transcript == "Xin chào."
    assert record_of(material)["data"] == record["data"]


def test_the_page_of_a_copy_leads_to_its_home(client):
    record = record_of(a_material())
    path = f"/tai-lieu/{record['key']}"
    empty_of_materials()
    put(record)
    shown = client.get(f"{path}?lang=vi", headers={"Accept": "text/html"}).content.decode()
    assert f'<a href="https://{HOME}{path}" rel="noreferrer">Bản gốc ở {HOME}</a>' in shown
    assert f'<link rel="canonical" href="https://{HOME}{path}">' in shown


def test_a_picture_of_a_copy_has_smaller_ones_made_here(api):
    material = a_draft_material("infographic", full_text="Vườn chung là của cả xóm.")
    media.add_file(material, "main", [a_picture(2400, 1600)], alt_text="Bốn ô chữ", by=an_author())
    record = record_of(published(material))
    smaller = Rendition.objects.count()
    assert smaller
    empty_of_materials()
    put(record)
    fetch_all()
    assert Rendition.objects.count() == smaller
    shown = api("get", f"materials/{material.key}").json()["files"][0]
    assert (shown["alt_text"], shown["width"]) == ("Bốn ô chữ", StoredFile.objects.get(sha256=shown["sha256"]).width)


def test_variants_of_a_home_find_each_other_and_no_others():
    material = a_material()
    english = media.write_variant(material, "en", by=an_author())
    media.add_file(english, "main", [a_recording(5)], by=an_author())
    media.add_file(english, "captions", [CAPTIONS], by=an_author())
    published(english)
    found = material_records()
    empty_of_materials()
    copied = [put(found[key]) for key in (english.key, material.key)]
    assert [each.key for each in queries.variants_of(copied[1])] == [english.key]
    ours = a_material(group=material.key, language="km")  # as a home could say it of a material of ours
    assert list(queries.variants_of(ours)) == [] and [each.key for each in queries.variants_of(copied[1])] == [
        english.key
    ]


def test_a_copy_is_flagged_when_the_law_changes_here_and_settled_when_its_home_read_it():
    material, law = a_material_on()
    record = material_records()[material.key]
    empty_of_materials()
    copied = put(record)
    amend(an_amending_law(law, "2/2019/QH14"))
    while flag_outdated_materials():
        pass
    assert queries.public_materials().get().basis_changed
    assert Change.objects.filter(event_type="material.basis_changed", subject=copied.key).exists()
    record["data"]["read_on"] = "2027-01-01"
    put(record)
    assert not BasisChange.objects.filter(settled_at=None).exists()
    assert not queries.public_materials().get().basis_changed


def read_again_at_home(material):
    """The record of the material after its home read the law again; nothing of our log was handled meanwhile."""
    media.confirm_material(material, by=a_publisher())
    record = record_of(material)
    empty_of_materials()
    return record


def flag_all():
    while flag_outdated_materials():
        pass


def test_a_copy_that_came_before_its_change_of_law_was_handled_is_not_flagged_if_its_home_had_read_it():
    material, law = a_material_on()
    flag_all()
    amend(an_amending_law(law, "2/2019/QH14"))
    copied = put(read_again_at_home(material))
    flag_all()
    assert not BasisChange.objects.exists() and not queries.public_materials().get().basis_changed
    assert not Change.objects.filter(event_type="material.basis_changed", subject=copied.key).exists()


def test_what_an_amendment_does_to_the_effect_is_not_read_in_its_words():
    material, law = a_material_on()
    amend(an_amending_law(law, "2/2019/QH14"))
    put(read_again_at_home(material))
    change = Change.objects.get(event_type="document.amended")
    change.facts["events"].append({"kind": "suspended", "scope": "part", "eids": ["art_2"], "on": "2025-01-01"})
    flag_materials_citing(change)
    assert queries.public_materials().get().basis_changed


def test_words_that_change_later_are_read_only_on_a_later_day_than_that_of_the_change():
    material, law = a_material_on()
    flag_all()
    ahead = today() + datetime.timedelta(days=30)
    amend(an_amending_law(law, "2/2019/QH14", on=ahead))
    record = read_again_at_home(material)
    put(record)
    flag_all()
    assert queries.public_materials().get().basis_changed  # the home may have read them before the change, on that day
    empty_of_materials()
    record["data"]["read_on"] = str(today() + datetime.timedelta(days=1))
    put(record)
    for change in Change.objects.filter(subject=law.key, event_type="document.amended"):
        flag_materials_citing(change)
    assert not queries.public_materials().get().basis_changed


def test_materials_of_ours_say_that_a_law_is_called_otherwise_and_copies_wait_for_their_homes():
    material, law = a_material_on()
    other, _same = a_material_on(law)
    Material.objects.filter(pk=other.pk).update(home=HOME)
    editing.withdraw_document(law, reason="Có tên người dân", by=approver())
    words = {key: each["data"]["citations"][0]["words"] for key, each in material_records().items()}
    while update_citations():
        pass
    now = {key: each["data"]["citations"][0]["words"] for key, each in material_records().items()}
    assert now[material.key] != words[material.key] and now[other.key] == words[other.key]
    told = Change.objects.filter(event_type="material.corrected")
    assert [(each.subject, each.notify, each.facts["removes_words"]) for each in told] == [(material.key, False, True)]


@pytest.mark.parametrize(
    ("role", "content"),
    [
        ("captions", b"WEBVTT\n\n00:00:05.000 --> 00:00:01.000\nNg\xc6\xb0\xe1\xbb\xa3c\n"),
        ("main", TINY_PDF + b"1 0 obj << /OpenAction << /S /JavaScript /JS (app.alert(1)) >> >> endobj"),
        ("main", b"<html><script>alert(1)</script>"),
        ("main", b""),
    ],
)
def test_bytes_that_no_upload_may_be_are_not_stored(role, content):
    record = record_of(a_material())
    empty_of_materials()
    types = {"captions": "text/vtt", "main": "application/pdf"}
    wanted = {"role": role, "language": "vi", "alt_text": "", "sha256": hashlib.sha256(content).hexdigest(),
              "media_type": types[role], "size": len(content) or 1}  # fmt: skip
    record["data"]["files"] = [wanted]
    put(record)
    with pytest.raises(RecordRefused) as refused:
        material_files.store_file(CopiedMaterialFile.objects.get(), io.BytesIO(content), wanted["sha256"])
    assert str(refused.value)
    assert not MaterialFile.objects.exists() and not StoredFile.objects.exists()


EXIF = Image.Exif()
EXIF[271] = "the phone of somebody"


@pytest.mark.parametrize(
    "content",
    [
        a_picture(400, 300, "JPEG", exif=EXIF),
        a_picture(400, 300, "PNG", exif=EXIF),
        a_picture(400, 300, "WEBP", exif=EXIF),
        a_picture(400, 300) + b"<?php echo 1;",
        a_picture(2400, 1600),
    ],
)
def test_a_picture_with_more_than_its_pixels_or_wider_than_the_widest_is_not_stored(content):
    record = record_of(a_material("infographic"))
    empty_of_materials()
    wanted = record["data"]["files"][0]
    wanted |= {"sha256": hashlib.sha256(content).hexdigest(), "size": len(content)}
    wanted["media_type"] = str(media_type_of(content))
    put(record)
    with pytest.raises(RecordRefused):
        material_files.store_file(CopiedMaterialFile.objects.get(), io.BytesIO(content), wanted["sha256"])
    assert not MaterialFile.objects.exists() and not StoredFile.objects.exists()


@pytest.mark.parametrize("picture_format", ["PNG", "JPEG", "WEBP"])
def test_a_picture_as_its_home_drew_it_is_stored_to_the_byte(picture_format):
    material = a_draft_material("infographic", full_text="Vườn chung là của cả xóm.")
    given = a_picture(2400, 1600, picture_format, exif=EXIF)
    media.add_file(material, "main", [given], alt_text="Bốn ô chữ", by=an_author())
    record = record_of(published(material))
    empty_of_materials()
    put(record)
    fetch_all()
    stored = MaterialFile.objects.get().stored
    assert (stored.sha256, stored.width) == (record["data"]["files"][0]["sha256"], 1920)


def test_what_was_tried_with_another_size_is_tried_again():
    record = record_of(a_material("infographic"))
    empty_of_materials()
    record["data"]["files"][0]["size"] += 1
    put(record)
    CopiedMaterialFile.objects.update(tries=9, next_try_at=timezone.now() + datetime.timedelta(days=7), error="x")
    put(record)
    assert CopiedMaterialFile.objects.get().tries == 9  # the same again says nothing new
    record["data"]["files"][0]["size"] -= 1
    put(record)
    file = CopiedMaterialFile.objects.get()
    assert (file.size, file.tries, file.next_try_at) == (record["data"]["files"][0]["size"], 0, None)
    fetch_all()
    assert MaterialFile.objects.exists()


def test_other_bytes_than_promised_are_not_stored():
    record = record_of(a_material())
    empty_of_materials()
    put(record)
    file, other = CopiedMaterialFile.objects.get(role="main"), a_recording(3)
    with pytest.raises(RecordRefused):
        material_files.store_file(file, io.BytesIO(other), hashlib.sha256(other).hexdigest())
    assert not MaterialFile.objects.exists()


def test_a_file_that_its_home_took_away_is_served_to_nobody(api):
    material = a_material()
    record = material_records()[material.key]
    empty_of_materials()
    copied = put(record)
    fetch_all()
    url = next(each["url"] for each in api("get", f"materials/{material.key}").json()["files"])
    assert api("get", url).status_code == 200
    record["data"]["files"] = []
    put(record)
    assert api("get", url).status_code == 404
    assert not CopiedMaterialFile.objects.exists()
    MATERIAL.withdraw(copied, "Có dữ liệu cá nhân")
    gone = api("get", f"materials/{material.key}")
    assert (gone.status_code, "Có dữ liệu cá nhân" in gone.json()["detail"]) == (410, True)
    assert api("get", f"materials/{material.key}/record").status_code == 410


def test_files_that_a_material_of_ours_had_are_not_shown_as_those_of_a_home(api):
    theirs = record_of(a_material())
    empty_of_materials()
    ours = a_draft_material()
    media.add_file(ours, "main", [a_recording(7)], language="km", by=an_author())
    Material.objects.filter(pk=ours.pk).update(key=theirs["key"])
    copied = put(theirs)  # a person takes theirs
    assert copied.pk == ours.pk and not MaterialFile.objects.exists()
    fetch_all()
    shown = api("get", f"materials/{copied.key}").json()["files"]
    assert {each["sha256"] for each in shown} == {each["sha256"] for each in theirs["data"]["files"]}


def test_bytes_that_are_here_already_are_not_fetched_again():
    material = a_material()
    record = material_records()[material.key]
    Material.objects.all().delete()  # the files stay
    put(record)
    assert not CopiedMaterialFile.objects.filter(fetched_at=None).exists()
    assert MaterialFile.objects.count() == 2


def test_each_missing_file_has_an_address_at_its_home(api):
    material = a_material()
    record = material_records()[material.key]
    at_home = {
        each["role"]: api("get", each["url"]) for each in api("get", f"materials/{material.key}").json()["files"]
    }
    paths = {each.role: material_files.path(each) for each in material_files.files_of(record["data"])}
    for role, answer in at_home.items():
        assert b"".join(api("get", paths[role].removeprefix("/api/v1/"))) == b"".join(answer)


def test_only_files_of_what_came_from_an_installation_are_asked_of_it():
    record = record_of(a_material())
    empty_of_materials()
    put(record)
    assert file_kinds.missing_files(Origin.objects.all(), timezone.now(), 20) == []


@pytest.mark.parametrize(
    "spoil",
    [
        lambda data: data.update(title=" "),
        lambda data: data.update(title="a\u202eb"),
        lambda data: data.update(kind="poem"),
        lambda data: data.update(language="xx"),
        lambda data: data.update(audiences=["bots"]),
        lambda data: data.update(licence=""),
        lambda data: data.update(group="Nhóm"),
        lambda data: data.update(seconds=-1),
        lambda data: data.update(published_at=None),
        lambda data: data.update(read_on=None),
        lambda data: data.update(citations=[{"document": "a", "eid": "", "words": "a", "hash": "b"}]),
        lambda data: data["files"][0].update(role="virus"),
        lambda data: data["files"][0].update(sha256="a"),
        lambda data: data["files"][0].update(media_type="text/html"),
        lambda data: data["files"][0].update(media_type="image/png", role="captions"),
        lambda data: data["files"][0].update(media_type="text/vtt", role="main"),
        lambda data: data["files"][0].update(size=10**9),
        lambda data: data["files"].append(data["files"][0]),
        lambda data: data.update(external_url="https://youtu.be/dQw4w9WgXcQ"),
    ],
)
def test_data_that_no_material_can_have_are_refused_and_leave_no_row(spoil):
    record = record_of(a_material())
    empty_of_materials()
    spoil(record["data"])
    with pytest.raises(RecordRefused) as refused:
        put(record)
    assert str(refused.value)
    assert not Material.objects.exists() and not CopiedMaterialFile.objects.exists()


def test_an_address_that_nobody_should_open_is_refused():
    record = record_of(a_material())
    empty_of_materials()
    record["data"] |= {"files": [], "external_url": "javascript:alert(1)"}
    with pytest.raises(RuleBroken) as refused:
        put(record)
    assert refused.value.code == "invalid_url"


@pytest.mark.parametrize("unknown", [{"topics": ["99-la"]}, {"organisation": "la"}, {"province": "la"}])
def test_what_is_unknown_here_waits(unknown):
    record = record_of(a_material())
    empty_of_materials()
    record["data"].update(unknown)
    with pytest.raises(RecordWaits):
        put(record)
    assert not Material.objects.exists()


def test_nothing_private_is_in_a_record_of_a_material():
    material = a_material(by=an_editor("lan-made-it"))
    media.correct_material(material, by=a_publisher(), reason="Lý do riêng", title="Tên mới")
    draft = a_draft_material(title="Chưa duyệt")
    gone = a_material(title="Chuyện của Lê Thị Kín")
    media.withdraw_material(gone, by=a_publisher(), reason="Có dữ liệu cá nhân")
    said = json.dumps(list(records.public_records()), ensure_ascii=False)
    assert material.key in said
    private = ["lan-made-it", "hoa-publishes", "Lý do riêng", draft.title, draft.key, "Lê Thị Kín", "written_by"]
    assert [words for words in private if words in said] == []
