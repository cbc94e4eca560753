"""Materials and layers on the staff site: ticks, uploads, two people, and the way from a draft to a phone."""

import html
import io

import pypdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.urls import reverse

from content import vietnam_time
from content.media import services as media
from content.media.models import Material
from content.people.models import Role
from content.provision_layers import queries as layers
from content.provision_layers import services as layer_services
from content.provision_layers.models import Layer
from content.stored_files.models import StoredFile
from notifications import fanout
from notifications.deliveries.models import Delivery
from tests.builders import a_document, a_follower, a_member_of_staff, amend, an_amending_law, land
from tests.builders_media import (
    CAPTIONS,
    a_draft_material,
    a_layer,
    a_material_on,
    a_ready_material,
    a_recording,
    an_author,
    an_mp4,
)

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"
READS, WRITES, PUBLISHES = set(Role.values), {"editor", "publisher"}, {"approver", "publisher"}


def signed_in(user):
    browser = Client()
    browser.force_login(user, BACKEND)
    return browser


def page(model, name, row=None, *more):
    return reverse(f"admin:content_{model}_{name}", args=[row.pk, *more] if row else list(more))


def seen_in(answer):
    return answer.context["form"].fields["seen"].initial or answer.context["form"].initial["seen"]


def transition(browser, model, row, name, **data):
    address = page(model, "transition", row, name)
    return browser.post(address, {"seen": seen_in(browser.get(address)), **data})


@pytest.mark.parametrize("role", Role.values)
def test_what_a_role_may_open(role):
    browser = signed_in(a_member_of_staff("somebody", role))
    draft, law = a_ready_material(), a_document()
    waiting = media.submit_material(a_ready_material(), by=an_author())
    layer = layer_services.write_layer(law, "art_2", by=an_author(), kind="summary", text="Mẫu.")
    may = {
        page("material", "changelist"): READS,
        page("material", "change", draft): READS,
        page("material", "add"): WRITES,
        page("material", "write", draft): WRITES,
        page("material", "files", draft): WRITES,
        page("material", "variant", draft): WRITES,
        page("material", "transition", draft, "submit"): WRITES,
        page("material", "transition", waiting, "publish"): PUBLISHES,
        page("material", "transition", waiting, "return"): PUBLISHES,
        page("layer", "changelist"): READS,
        page("layer", "change", layer): READS,
        page("layer", "add"): WRITES,
        page("layer", "write", layer): WRITES,
        page("layer", "transition", layer, "publish"): PUBLISHES,
        page("reviewerlanguage", "changelist"): {"administrator"},
        page("reviewerlanguage", "add"): {"administrator"},
    }
    opened = {address for address in may if browser.get(address).status_code == 200}
    assert opened == {address for address, roles in may.items() if role in roles}
    assert {Client().get(address).status_code for address in may} == {302}  # a stranger signs in first


def test_a_video_without_captions_is_refused_then_published_by_another_and_told():
    lan, hoa = an_author(), a_member_of_staff("hoa-publishes", "publisher")
    writer, publisher = signed_in(lan), signed_in(hoa)
    a_follower("minh", land())
    law = a_document()
    form = {
        "kind": "video", "title": "Vườn chung", "language": "vi", "licence": "CC-BY-4.0", "topics": [land().pk],
        "cite": [f"{law.key}/art_2"], "save": "1",
    }  # fmt: skip
    saved = writer.post(page("material", "add"), form)
    material = Material.objects.get()
    assert saved.url == page("material", "files", material)
    upload(writer, material, "main", "phim.mp4", an_mp4())
    refused = transition(writer, "material", material, "submit")
    assert refused.status_code == 200 and "Phụ đề bằng ngôn ngữ của tài liệu" in refused.content.decode()
    upload(writer, material, "captions", "phim.vtt", CAPTIONS)  # and with them a draft of the transcript
    assert transition(writer, "material", material, "submit").status_code == 302
    assert transition(publisher, "material", material, "publish").status_code == 302
    material.refresh_from_db()
    assert (material.status, material.approved_by, material.written_by) == ("published", hoa, lan)
    while fanout.read_changes():
        pass
    assert [each.payload["title"] for each in Delivery.objects.all()] == ["Vườn chung"]
    shown = Client().get(f"/api/v1/materials/{material.key}").json()
    assert [each["role"] for each in shown["files"]] == ["main", "captions"]
    assert [each["eid"] for each in shown["citations"]] == ["art_2"]


def upload(browser, material, role, name, content, **data):
    seen = seen_in(browser.get(page("material", "files", material)))
    file = SimpleUploadedFile(name, content)
    answer = browser.post(page("material", "files", material), {"role": role, "file": file, "seen": seen, **data})
    assert answer.status_code == 302, answer.content.decode()
    return answer


def test_a_renamed_program_is_refused_with_the_reason_beside_the_field():
    browser, material = signed_in(an_author()), a_ready_material()
    seen = seen_in(browser.get(page("material", "files", material)))
    file = SimpleUploadedFile("phim.mp4", b"MZ\x90\x00" + bytes(100), content_type="video/mp4")
    answer = browser.post(page("material", "files", material), {"role": "main", "file": file, "seen": seen})
    assert answer.status_code == 200 and answer.context["form"].errors["file"]
    assert material.files.count() == 2


def test_a_draft_is_previewed_by_staff_only():
    material = a_ready_material()
    file = material.files.get(role="captions")
    address = page("material", "content", material, file.pk)
    assert b"".join(signed_in(an_author()).get(address).streaming_content) == CAPTIONS
    assert Client().get(address).status_code == 302


def test_a_file_is_removed_with_a_post():
    browser, material = signed_in(an_author()), a_ready_material()
    address = page("material", "remove_file", material, material.files.get(role="captions").pk)
    assert browser.get(address).status_code == 405
    assert browser.post(address).status_code == 302
    assert [each.role for each in material.files.all()] == ["main"]


def test_a_material_whose_law_changed_is_confirmed_beside_the_law():
    material, law = a_material_on()
    amend(an_amending_law(law, on=vietnam_time.today()))
    while media.flag_outdated_materials():
        pass
    browser = signed_in(a_member_of_staff("minh-confirms", "publisher"))
    answer = browser.get(page("material", "law", material))
    assert answer.status_code == 200
    assert browser.post(page("material", "law", material), {"seen": seen_in(answer)}).status_code == 302
    assert not material.basis.changes.filter(settled_at=None).exists()


def test_somebody_who_opened_the_page_before_another_saved_is_told():
    browser, material = signed_in(an_author()), a_ready_material()
    seen = seen_in(browser.get(page("material", "write", material)))
    media.revise_material(material, by=an_author(), title="Tên khác")
    form = {"kind": "audio", "title": "Tên của tôi", "language": "vi", "seen": seen, "save": "1"}
    answer = browser.post(page("material", "write", material), form)
    assert answer.status_code == 200 and "Tên của tôi" in answer.content.decode()
    material.refresh_from_db()
    assert material.title == "Tên khác"


def test_a_layer_is_written_published_and_confirmed_on_its_pages():
    law, lan, hoa = a_document(), an_author(), a_member_of_staff("hoa-publishes", "publisher")
    form = {"kind": "summary", "language": "vi", "text": "Mẫu là vật để thử.", "save": "1"}
    writer, publisher = signed_in(lan), signed_in(hoa)
    assert writer.post(page("layer", "add"), form).status_code == 200  # no provision is ticked
    assert writer.post(page("layer", "add"), form | {"cite": [f"{law.key}/art_2"]}).status_code == 302
    layer = Layer.objects.get()
    assert transition(publisher, "layer", layer, "publish").status_code == 302
    amend(an_amending_law(law, on=vietnam_time.today()))
    assert [is_outdated for _layer, is_outdated in layers.layers_of_document(law, vietnam_time.today())] == [True]
    assert transition(publisher, "layer", layer, "confirm").status_code == 302
    assert [is_outdated for _layer, is_outdated in layers.layers_of_document(law, vietnam_time.today())] == [False]


def test_an_administrator_says_who_judges_a_language():
    administrator = signed_in(a_member_of_staff("keeper", "administrator"))
    reviewer = a_member_of_staff("reviewer", "publisher")
    answer = administrator.post(page("reviewerlanguage", "add"), {"user": reviewer.pk, "language": "km"})
    assert answer.status_code == 302
    assert [each.language for each in reviewer.reviewer_languages.all()] == ["km"]
    a_layer(a_document())  # Vietnamese needs nobody


def test_who_replaces_a_file_is_asked_whether_captions_and_texts_fit_it():
    lan, material = signed_in(an_author()), a_ready_material()
    files = page("material", "files", material)
    new = {"file": SimpleUploadedFile("moi.mp3", a_recording(20)), "role": "main", "seen": seen_in(lan.get(files))}
    shown = lan.post(files, new, follow=True).content.decode()
    assert "Tệp đã được thay." in shown
    stale = {"seen": "a fingerprint of before"}
    assert "Tệp đã được thay." in lan.post(page("material", "compared", material), stale, follow=True).content.decode()
    material.refresh_from_db()
    assert material.alternatives_outdated
    now = {"seen": lan.get(files).context["seen"]}
    assert (
        "Tệp đã được thay." not in lan.post(page("material", "compared", material), now, follow=True).content.decode()
    )
    material.refresh_from_db()
    assert not material.alternatives_outdated
    answerer = signed_in(a_member_of_staff("tra-loi", "answerer"))
    assert answerer.post(page("material", "compared", material), now).status_code == 403


def test_who_uploads_a_pdf_is_told_that_it_names_its_author():
    lan, material = signed_in(an_author()), a_draft_material("leaflet")
    files = page("material", "files", material)
    writer, written = pypdf.PdfWriter(), io.BytesIO()
    writer.add_blank_page(200, 200)
    writer.add_metadata({"/Author": "Nguyễn Văn A"})
    writer.write(written)
    file = SimpleUploadedFile("to-gap.pdf", written.getvalue())
    answer = lan.post(files, {"file": file, "role": "main", "seen": seen_in(lan.get(files))}, follow=True)
    assert "Tệp PDF ghi tên tác giả: «Nguyễn Văn A»" in html.unescape(answer.content.decode())


@pytest.mark.parametrize("kept", [0.3, 0.9])
def test_an_upload_that_was_cut_off_changes_nothing(kept):
    lan, material = signed_in(an_author()), a_draft_material()
    files = page("material", "files", material)
    form = {"role": "main", "seen": seen_in(lan.get(files)), "file": SimpleUploadedFile("a.mp3", a_recording(60))}
    body = encode_multipart(BOUNDARY, form)
    answer = lan.generic("POST", files, body[: int(kept * len(body))], content_type=MULTIPART_CONTENT)
    assert answer.status_code in (200, 400)
    assert not material.files.exists() and not StoredFile.objects.exists()
