"""Original files of a copy: fetched after its record by SHA-256, checked, bounded, gone with those of the home."""

import datetime

import pytest
from django.utils import timezone

from content.copying import files
from content.copying.fields import RecordRefused
from content.copying.models import CopiedFile
from content.documents.models import LegalDocument, OriginalFile
from content.sync.applying import apply_record
from content.sync.client import PeerAway, PeerClient
from content.sync.following import work_once
from tests.builders import a_document
from tests.sync import a_peer, catch_up, data_by_key

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4 the signed law"
WITH_FILE = (
    "from content.documents.records import OriginalBytes; law = a_document('{0}',"
    "original=OriginalBytes('luat.pdf', 'application/pdf', b'%PDF-1.4 the signed law'))"
)


@pytest.fixture
def following(db, ministry):
    key, chained = ministry.run("[chain.head().key, chain.head().chain]")
    return a_peer(ministry.url, state="following", loaded_at=timezone.now(), bookmark=key, chain=chained)


def the_law(ministry):
    return LegalDocument.objects.get(key=ministry.run("law.key"))


def test_a_file_comes_after_its_record_and_is_the_same_to_the_byte(ministry, following, api):
    ministry.run(WITH_FILE.format("1/2011/QH13"))
    catch_up(following)
    law = the_law(ministry)
    shown = api("get", f"documents/{law.key}/files").json()["results"]
    assert [(each["name"], each["media_type"], each["size"]) for each in shown] == [
        ("luat.pdf", "application/pdf", len(PDF))
    ]
    assert b"".join(api("get", shown[0]["url"])) == PDF
    assert data_by_key(ministry.key)[f"document/{law.key}"] == ministry.run("data_by_key()")[f"document/{law.key}"]
    fetched = CopiedFile.objects.get().fetched_at
    catch_up(following)
    assert CopiedFile.objects.get().fetched_at == fetched  # once


def test_a_file_that_its_home_deleted_is_gone_here_with_the_line_that_says_so(ministry, following):
    ministry.run(WITH_FILE.format("2/2011/QH13"))
    catch_up(following)
    assert OriginalFile.objects.exists()
    ministry.run(
        "from content.publishing import original_files;"
        "original_files.delete_original_files(law, reason='Có tên người dân');"
        "documents.enter_status_event(law, 'suspended', on=datetime.date(2027, 1, 1))"
    )
    catch_up(following)
    assert not OriginalFile.objects.exists() and not CopiedFile.objects.exists()


def test_the_files_of_a_law_that_its_home_withdrew_are_deleted(ministry, following):
    ministry.run(WITH_FILE.format("3/2011/QH13"))
    catch_up(following)
    ministry.run("editing.withdraw_document(law, reason='Có dữ liệu cá nhân')")
    catch_up(following)
    assert the_law(ministry).status == "withdrawn"
    assert not OriginalFile.objects.exists() and not CopiedFile.objects.exists()


def test_other_bytes_than_the_record_promised_are_not_stored_and_hold_back_nothing(ministry, following):
    class Lying(PeerClient):
        def file(self, document, sha256, most, on_chunk):
            return b"x" * most

    ministry.run(WITH_FILE.format("4/2011/QH13"))
    client = Lying(following.url)
    outcome = work_once(following, client)
    client.close()
    assert (outcome.objects, outcome.error) == ({"written": 1}, "")
    file = CopiedFile.objects.get()
    assert (file.fetched_at, file.tries, "SHA-256" in file.error) == (None, 1, True)
    assert file.next_try_at > timezone.now() and not OriginalFile.objects.exists()
    CopiedFile.objects.update(next_try_at=timezone.now())
    catch_up(following)
    assert bytes(OriginalFile.objects.get().content) == PDF


def test_a_file_that_cannot_be_had_waits_longer_each_time(ministry, following):
    class Away(PeerClient):
        def file(self, document, sha256, most, on_chunk):
            raise PeerAway("It answers 500.")

    ministry.run(WITH_FILE.format("5/2011/QH13"))
    client, pauses = Away(following.url), []
    for _round in range(3):
        work_once(following, client)
        pauses.append(CopiedFile.objects.get().next_try_at - timezone.now())
        CopiedFile.objects.update(next_try_at=timezone.now() - datetime.timedelta(seconds=1))
    client.close()
    assert pauses == sorted(pauses) and LegalDocument.objects.get().status == "published"


@pytest.mark.parametrize(
    "row",
    [
        {"sha256": "x"},
        {"sha256": "../../x"},
        {"size": -1},
        {"size": None},
        {"name": " "},
        {"media_type": "text/html"},
        {"twice": True},
    ],
)
def test_a_record_with_a_file_that_is_none_is_refused(ministry, following, row):
    ministry.run("law = a_document('6/2011/QH13')")
    record = ministry.run("records.public_record('document', law.key)")
    file = {"sha256": "a" * 64, "name": "luat.pdf", "media_type": "application/pdf", "size": 5}
    record["data"]["files"] = [file, file] if row.pop("twice", False) else [file | row]
    with pytest.raises(RecordRefused):
        apply_record(following, record, [])
    assert not LegalDocument.objects.exists()


def test_a_file_that_is_too_large_stays_at_its_home(ministry, following):
    ministry.run("law = a_document('7/2011/QH13')")
    record = ministry.run("records.public_record('document', law.key)")
    large = {"sha256": "a" * 64, "name": "x.pdf", "media_type": "application/pdf", "size": files.MOST_BYTES + 1}
    record["data"]["files"] = [large]
    apply_record(following, record, [])
    law = LegalDocument.objects.get()
    assert not files.missing_files([law.key], timezone.now()).exists()
    assert files.files_data(law) == [large]


def test_a_file_that_we_imported_ourselves_stays_when_the_law_becomes_a_copy():
    law = a_document("8/2011/QH13")
    law.original_files.create(name="ta.pdf", media_type="application/pdf", content=b"ta", size=2, sha256="b" * 64)
    law.home = "phapluat.example.gov.vn"
    law.save()
    files.put_files(law, [])
    files.forget_files(law)
    assert law.original_files.count() == 1
    assert files.files_data(law) == []  # it is none of its home's
