"""Original files of a copy: fetched after its record by SHA-256, checked, bounded, gone with those of the home."""

import contextlib
import datetime
import hashlib
import io
import threading

import pytest
from django.db import connection
from django.utils import timezone

from content.copying import documents, file_kinds, files
from content.copying.models import CopiedFile
from content.documents.models import LegalDocument, OriginalFile
from content.peer_client.client import PeerAway, PeerClient
from content.sync import file_fetching
from content.sync.applying import apply_record
from content.sync.following import work_once
from content.sync.models import Origin
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


def catch_up_records(following):
    """The records of a round, without the files: those come in a round without news."""
    client = PeerClient(following.url)
    assert work_once(following, client).lines
    client.close()
    assert not OriginalFile.objects.exists()


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
        "documents.correct_document(law, a_record('2/2011/QH13'), topics=[], reason='Có tên người dân',"
        "delete_files=True); None"
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
        def file(self, path, file, most, on_chunk, seconds):
            file.write(b"x" * most)
            return hashlib.sha256(b"x" * most).hexdigest()

    ministry.run(WITH_FILE.format("4/2011/QH13"))
    client = Lying(following.url)
    outcomes = [work_once(following, client) for _round in range(2)]
    client.close()
    assert [(each.objects, each.error) for each in outcomes] == [({"written": 1}, ""), ({}, "")]
    file = CopiedFile.objects.get()
    assert (file.fetched_at, file.tries, "SHA-256" in file.error) == (None, 1, True)
    assert file.next_try_at > timezone.now() and not OriginalFile.objects.exists()
    CopiedFile.objects.update(next_try_at=timezone.now())
    catch_up(following)
    assert bytes(OriginalFile.objects.get().content) == PDF


def test_a_file_that_cannot_be_had_waits_longer_each_time(ministry, following):
    class Away(PeerClient):
        def file(self, *rest):
            raise PeerAway("It answers 500.")

    ministry.run(WITH_FILE.format("5/2011/QH13"))
    catch_up_records(following)
    client, pauses = Away(following.url), []
    for _round in range(3):
        work_once(following, client)
        pauses.append(CopiedFile.objects.get().next_try_at - timezone.now())
        CopiedFile.objects.update(next_try_at=timezone.now() - datetime.timedelta(seconds=1))
    client.close()
    assert pauses == sorted(pauses) and LegalDocument.objects.get().status == "published"


@pytest.mark.parametrize(
    "row",
    [{"sha256": "x"}, {"sha256": "../../x"}, {"size": -1}, {"size": None}, {"name": 5}, {"media_type": "text/html"}],
)
def test_a_row_that_is_no_file_costs_only_that_file(ministry, following, row):
    ministry.run("law = a_document('6/2011/QH13')")
    record = ministry.run("records.public_record('document', law.key)")
    file = {"sha256": "a" * 64, "name": "luat.pdf", "media_type": "application/pdf", "size": 5}
    other = file | {"sha256": "b" * 64}
    record["data"]["files"] = [file | row, other, other]
    assert apply_record(following, record, []).outcome == "written"
    assert list(CopiedFile.objects.values_list("sha256", flat=True)) == ["b" * 64]


@pytest.mark.parametrize("name", [" ", "  luật\u202e.pdf ", "luâ\u0323t.pdf"])
def test_a_file_comes_whatever_its_name_is_at_its_home(ministry, following, name):
    number = f"{len(name)}/2009/QH12"
    ministry.run(WITH_FILE.format(number))
    ministry.run(
        "from content.documents.models import OriginalFile;"
        f"OriginalFile.objects.filter(document=law).update(name={name!r}); None"
    )
    assert catch_up(following) == {"written": 1}
    law = the_law(ministry)
    shown = OriginalFile.objects.get(document=law).name
    assert shown == shown.strip() != "" and "\u202e" not in shown
    assert data_by_key(ministry.key)[f"document/{law.key}"] == ministry.run("data_by_key()")[f"document/{law.key}"]


def test_a_file_that_is_too_large_stays_at_its_home(ministry, following):
    ministry.run("law = a_document('7/2011/QH13')")
    record = ministry.run("records.public_record('document', law.key)")
    large = {"sha256": "a" * 64, "name": "x.pdf", "media_type": "application/pdf", "size": file_kinds.MOST_BYTES + 1}
    record["data"]["files"] = [large]
    apply_record(following, record, [])
    law = LegalDocument.objects.get()
    assert file_kinds.missing_files(following.origins.all(), timezone.now(), 20) == []
    CopiedFile.objects.update(size=file_kinds.MOST_BYTES)
    assert len(file_kinds.missing_files(following.origins.all(), timezone.now(), 20)) == 1
    CopiedFile.objects.update(size=large["size"])
    assert documents.as_data(law)["files"] == [large]


def test_a_file_that_we_imported_ourselves_stays_when_the_law_becomes_a_copy():
    law = a_document("8/2011/QH13")
    law.original_files.create(name="ta.pdf", media_type="application/pdf", content=b"ta", size=2, sha256="b" * 64)
    law.home = "phapluat.example.gov.vn"
    law.save()
    files.put_files(law, [])
    files.forget_files(law)
    assert law.original_files.count() == 1
    assert documents.as_data(law)["files"] == []  # it is none of its home's


def test_an_original_that_we_had_with_the_same_bytes_stays_when_its_home_deletes_its_own():
    law = a_document("9/2011/QH13")
    digest = hashlib.sha256(PDF).hexdigest()
    columns = {"media_type": "application/pdf", "size": len(PDF), "sha256": digest}
    law.original_files.create(name="ta.pdf", content=PDF, **columns)
    law.home = "phapluat.example.gov.vn"
    law.save()
    files.put_files(law, [columns | {"name": "ho.pdf"}])
    files.store_file(CopiedFile.objects.get(), io.BytesIO(PDF), digest)
    files.put_files(law, [])
    assert law.original_files.get().name == "ta.pdf"
    files.put_files(law, [columns | {"name": "ho.pdf"}])
    files.store_file(CopiedFile.objects.get(), io.BytesIO(PDF), digest)
    files.forget_files(law)
    assert law.original_files.get().name == "ta.pdf"


def test_a_file_that_comes_slowly_ends_in_seconds_and_waits(hostile):
    def answer(handler):
        handler.send_response(200)
        handler.send_header("Content-Length", "900000")
        handler.end_headers()
        with contextlib.suppress(OSError):
            while not hostile.stopped.wait(0.05):
                handler.wfile.write(b"a")
                handler.wfile.flush()

    hostile.stopped, hostile.answer = threading.Event(), answer
    giving_up = threading.Timer(20, hostile.stopped.set)  # else a fault would hold the test
    giving_up.start()
    client = PeerClient(f"http://127.0.0.1:{hostile.server_port}")
    with pytest.raises(PeerAway):
        client.file(f"/api/v1/documents/luat-1/files/{'a' * 64}", io.BytesIO(), 900_000, lambda: None, 0.5)
    assert not hostile.stopped.is_set()
    hostile.stopped.set()
    giving_up.cancel()
    client.close()


def test_an_installation_that_says_we_ask_too_often_is_asked_for_no_further_file(ministry, following):
    class Busy(PeerClient):
        def file(self, *rest):
            raise PeerAway("It answers 429.", 60, is_busy=True)

    ministry.run(WITH_FILE.format("1/2008/QH12"))
    catch_up_records(following)
    client = Busy(following.url)
    assert work_once(following, client).error == "It answers 429."
    client.close()
    assert CopiedFile.objects.get().tries == 0  # it is no fault of the file


def test_a_file_that_the_database_refuses_waits_and_the_peer_is_read_on(ministry, following):
    ministry.run(WITH_FILE.format("2/2008/QH12"))
    catch_up_records(following)
    table = OriginalFile._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT refuses_all CHECK (size < 0) NOT VALID")
    client = PeerClient(following.url)
    outcome = work_once(following, client)
    client.close()
    file = CopiedFile.objects.get()
    assert (outcome.error, file.fetched_at, file.tries) == ("", None, 1)
    assert "refuses_all" in file.error


def test_the_files_of_one_installation_take_no_more_room_than_they_may(ministry, following):
    ministry.run(WITH_FILE.format("3/2008/QH12"))
    catch_up_records(following)
    law, other = the_law(ministry), a_document("4/2008/QH12")
    Origin.objects.create(peer=following, object="document", subject=other.key, home=ministry.key, of_change=0)
    for number in range(30):
        CopiedFile.objects.create(
            document=other, sha256=f"{number:064x}", name="x", media_type="application/pdf", size=2**31 - 1,
            fetched_at=timezone.now(),
        )  # fmt: skip
    catch_up(following)
    assert not law.original_files.exists() and law.copied_files.get().tries == 1


def test_while_others_download_no_file_is_asked_for(ministry, following):
    ministry.run(WITH_FILE.format("5/2008/QH12"))
    catch_up_records(following)
    with file_fetching.DOWNLOADS, file_fetching.DOWNLOADS:
        catch_up(following)
        assert not OriginalFile.objects.exists()
    catch_up(following)
    assert OriginalFile.objects.exists()
