"""An ETag is known before anything is rendered, and never outlives what it names."""

import datetime
import itertools
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from api.entity_tags.program import program_version
from content.documents.models import (
    Amendment,
    EffectDoubt,
    LegalDocument,
    OriginalFile,
    Provision,
    ProvisionVersion,
    StatusEvent,
)
from content.documents.records import OriginalBytes
from content.editing import services as editing
from content.mentions.models import Mention
from content.organisations.models import Organisation, Province
from content.relations.models import Relation
from content.topics.models import Topic
from tests.builders import a_document, amend, an_amending_law, justice, land
from tests.random_history import RandomHistory

ROOT = Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.django_db
YESTERDAY = datetime.date(2026, 1, 1)
DETAIL, LIST, PROVISION, TEXT = (
    "documents/{key}",
    "documents",
    "documents/{key}/provisions/art_2",
    "documents/{key}/text",
)
PAGE_OF_TEXT, PLAIN = "documents/{key}/text?format=html", "documents/{key}/text?format=txt"
DOCUMENTS = (DETAIL, LIST, PROVISION, TEXT, PAGE_OF_TEXT)


@pytest.fixture
def law():
    """A law with all that an answer can show: topics, an amendment, a doubt, a file, mentions of another law."""
    text = (
        "Điều 1. Phạm vi\nLuật này quy định.\nĐiều 2. Giải thích\n1. Theo Điều 3 Luật số 9/2018/QH14.\n"
        "2. Khác.\nĐiều 3. Bỏ\nBỏ.\n"
    )
    named = a_document("9/2018/QH14", title="Luật Được nêu", issued_on=datetime.date(2018, 1, 1))
    made = a_document(
        "1/2019/QH14", topics=[land()], text=text, original=OriginalBytes("1.txt", "text/plain", b"1"), title="Luật Mẫu"
    )
    amend(an_amending_law(made, "2/2024/QH15", instructions="1. Bãi bỏ Điều 3.\n"))
    EffectDoubt.objects.create(
        document=made, act=named, kind="ends", scope="part", eids=["art_2"], source_eid="art_1",
        from_on=YESTERDAY, on=YESTERDAY, words="Bãi bỏ.",
    )  # fmt: skip
    return made


def get(path, **headers):
    return Client().get(f"/api/v1/{path}", **{f"HTTP_{name.upper()}": value for name, value in headers.items()})


def test_who_has_the_answer_costs_one_statement(law):
    paths = [*DOCUMENTS, PLAIN, "topics", "organisations", "provinces", "feeds/documents.atom"]
    for path, encoding in itertools.product(paths, ["", "gzip", "br"]):
        asked = path.format(key=law.key), encoding
        whole = get(asked[0], accept_encoding=encoding)
        with CaptureQueriesContext(connection) as said:
            again = get(asked[0], accept_encoding=encoding, if_none_match=whole["ETag"])
        assert (again.status_code, again.content, len(said)) == (304, b"", 1), asked
        for name in ("ETag", "Cache-Control", "Vary", "Content-Language", "Last-Modified", "Link"):
            assert again.get(name) == whole.get(name), asked
        assert get(asked[0], accept_encoding=encoding, if_none_match='"other"')["ETag"] == whole["ETag"], asked


def named(law):
    return LegalDocument.objects.filter(number="9/2018/QH14")


def own(law):
    return LegalDocument.objects.filter(pk=law.pk)


def article(law):
    return Provision.objects.filter(document=law, eid="art_2")


def version(law):
    return ProvisionVersion.objects.filter(provision__document=law, provision__eid="art_2__clause_1")


CHANGES = {  # what changes, past every service: `updated_at` stays as it is. And which answers show it
    "a title": (lambda law: own(law).update(title="Luật Khác"), DOCUMENTS),
    "a signer": (lambda law: own(law).update(signer="Lan"), (DETAIL,)),
    "its completeness": (lambda law: own(law).update(completeness="partial"), DOCUMENTS),
    "who verified it": (lambda law: own(law).update(verified_at=timezone.now(), verified_by="Văn phòng"), (DETAIL,)),
    "the name of a topic": (lambda law: Topic.objects.filter(pk=land().pk).update(name="Khác"), (DETAIL, LIST)),
    "a further topic": (lambda law: law.topics.add(justice()), (DETAIL, LIST)),
    "the name of its issuer": (
        lambda law: Organisation.objects.filter(pk=law.issuer_id).update(name="Khác"), (DETAIL, LIST)
    ),
    "an event of effect": (
        lambda law: StatusEvent.objects.create(document=law, kind="expires", on=YESTERDAY, stated_on=YESTERDAY),
        DOCUMENTS,
    ),
    "the cause of an event": (
        lambda law: StatusEvent.objects.filter(document=law).update(cause="Lan nhập", amendment=None), (DETAIL, LIST)
    ),
    "a doubt": (lambda law: EffectDoubt.objects.filter(document=law).update(scope="whole"), DOCUMENTS),
    "the words of a doubt": (
        lambda law: EffectDoubt.objects.filter(document=law).update(words="Khác"),
        (DETAIL, LIST, PROVISION, PAGE_OF_TEXT),
    ),
    "no doubt": (lambda law: EffectDoubt.objects.filter(document=law).delete(), DOCUMENTS),
    "the title of the act of a doubt": (lambda law: named(law).update(title="Luật Tên mới"), DOCUMENTS),
    "the title of an amending act": (
        lambda law: LegalDocument.objects.filter(number="2/2024/QH15").update(title="Luật Tên mới"),
        (DETAIL, TEXT, PAGE_OF_TEXT),
    ),
    "the day of an amendment": (
        lambda law: Amendment.objects.filter(document=law).update(on=datetime.date(2025, 1, 2)),
        (DETAIL, TEXT, PAGE_OF_TEXT),
    ),
    "its file": (lambda law: OriginalFile.objects.filter(document=law).update(sha256="f" * 64), (DETAIL, PAGE_OF_TEXT)),
    "the text of a clause": (
        lambda law: version(law).update(text="1. Khác.\n"), (PROVISION, TEXT, PAGE_OF_TEXT, PLAIN)
    ),
    "the heading of an article": (
        lambda law: ProvisionVersion.objects.filter(provision=article(law).get()).update(heading="Khác"),
        (DETAIL, PROVISION, TEXT, PAGE_OF_TEXT),
    ),
    "the end of a clause": (
        lambda law: version(law).update(valid_until=YESTERDAY), (PROVISION, TEXT, PAGE_OF_TEXT, PLAIN)
    ),
    "a code of the codification": (lambda law: article(law).update(codification_code="1.1"), (PROVISION,)),
    "the unit that words name": (
        lambda law: Mention.objects.filter(version__in=version(law)).update(eids=[]), (PROVISION, TEXT)
    ),
    "where the words begin": (
        lambda law: Mention.objects.filter(version__in=version(law)).update(start=0), (PROVISION, TEXT)
    ),
    "words that name nothing": (
        lambda law: Mention.objects.filter(version__in=version(law)).delete(), (PROVISION, TEXT)
    ),
    "a named unit that is gone": (
        lambda law: Provision.objects.filter(document__in=named(law), eid="art_3").update(eid="art_33"),
        (PROVISION, TEXT),
    ),
    "a named law that is gone": (
        lambda law: editing.withdraw_document(named(law).get(), reason="Nhập hai lần"), (PROVISION, TEXT, LIST)
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", CHANGES)
def test_whatever_changes_the_answer_changes_its_tag(law, what):
    change, paths = CHANGES[what]
    before = {path: get(path.format(key=law.key)) for path in paths}
    change(law)
    for path, answer in before.items():
        now = get(path.format(key=law.key), if_none_match=answer["ETag"])
        assert (now.status_code, now.content != answer.content) == (200, True), path
        assert now["ETag"] != answer["ETag"]


def test_a_consolidated_text_follows_what_it_merges(law):
    merged = a_document("7/VBHN-VPQH", doc_type="consolidated_text", title="Văn bản hợp nhất", effective_on=None)
    before = get(f"documents/{merged.key}")
    Relation.objects.create(
        actor=merged, target=law, target_key="1-2019-qh14", kind="consolidates", scope="whole", status="confirmed",
        decided_at=timezone.now(),
    )  # fmt: skip
    after = get(f"documents/{merged.key}", if_none_match=before["ETag"])
    assert (after.status_code, len(after.json()["consolidates"])) == (200, 1)


@pytest.mark.parametrize(
    ("path", "change"),
    [
        ("topics", lambda: Topic.objects.filter(pk=land().pk).update(name="Khác")),
        ("topics/11-dat-dai", lambda: Topic.objects.filter(pk=land().pk).update(name="Khác")),
        ("organisations", lambda: Organisation.objects.filter(code="QH").update(name_en="Assembly")),
        ("organisations?lang=en", lambda: Organisation.objects.filter(code="QH").update(name_en="The Assembly")),
        ("provinces", lambda: Province.objects.update(short_name="Khác")),
        ("feeds/documents.atom", lambda: LegalDocument.objects.update(title="Luật Khác")),
        ("feeds/documents.json", lambda: Organisation.objects.filter(code="QH").update(name="Khác")),
        ("feeds/documents.rss?type=law", lambda: a_document("77/2020/QH14")),
    ],
)
def test_what_is_made_once_is_made_again_when_it_changes(law, path, change):
    before = get(path)
    with CaptureQueriesContext(connection) as said:
        again = get(path)
    assert (again.content, again["Content-Type"], len(said)) == (before.content, before["Content-Type"], 1)
    change()
    after = get(path, if_none_match=before["ETag"])
    assert after.status_code == 200
    assert after.content != before.content


def test_a_name_that_is_changed_back_has_a_new_tag(law):
    """An answer that was made while the name was another one was stored under a tag that nobody asks for again."""
    before, name = get("topics/11-dat-dai"), land().name
    for each in ("Khác", name):
        Topic.objects.filter(pk=land().pk).update(name=each)
    after = get("topics/11-dat-dai")
    assert (after.content, after["ETag"] == before["ETag"]) == (before.content, False)


@pytest.mark.parametrize("part", ["documents-1", "articles-1"])
def test_a_sitemap_is_made_once_and_again_after_a_publication(law, part):
    before = Client().get(f"/sitemap-{part}.xml")
    with CaptureQueriesContext(connection) as said:
        again = Client().get(f"/sitemap-{part}.xml")
    expected = 1 if part == "documents-1" else 2  # that of articles asks for the last id as well
    assert (again.content, len(said)) == (before.content, expected)
    for name in ("Content-Type", "Last-Modified", "Cache-Control"):
        assert again[name] == before[name]
    with CaptureQueriesContext(connection) as said:
        assert Client().get(f"/sitemap-{part}.xml?anything=1").content == before.content
    assert len(said) == expected
    key = a_document("78/2020/QH14").key
    assert key in Client().get(f"/sitemap-{part}.xml").content.decode()
    assert key not in before.content.decode()


def test_another_day_another_tag_though_nothing_was_written(law):
    """At midnight in Viet Nam the status may be another one."""
    StatusEvent.objects.create(document=law, kind="expires", on=datetime.date(2026, 5, 2), stated_on=YESTERDAY)
    path = f"documents/{law.key}"
    before, after = (get(f"{path}?as_of=2026-05-0{day}") for day in (1, 2))
    assert [each.json()["effect_status"] for each in (before, after)] == ["partly_expired", "expired"]
    assert before["ETag"] != after["ETag"]


def test_language_parameters_and_formats_have_tags_of_their_own(law):
    answers = [
        get(f"documents/{law.key}"), get(f"documents/{law.key}", accept_language="en"),
        get(f"documents/{law.key}?lang=en"), get(f"documents/{law.key}?fields=key"),
        get(f"documents/{law.key}/text"), get(f"documents/{law.key}/text", accept="text/html"),
        get(f"documents/{law.key}/text", accept="text/plain"), get("documents"), get("documents?page_size=1"),
    ]  # fmt: skip
    assert len({each["ETag"] for each in answers}) == len(answers)


def test_another_program_has_other_tags(law, settings, tmp_path):
    """A release may write the same rows in another way."""
    path = f"documents/{law.key}"
    before = get(path)
    versions = []
    for words in ("one", "two", "two"):
        (tmp_path / "api").mkdir(exist_ok=True)
        (tmp_path / "api" / "views.py").write_text(words)
        (tmp_path / "requirements.txt").write_text("")
        settings.BASE_DIR = tmp_path
        program_version.cache_clear()
        versions.append((program_version(), get(path, if_none_match=before["ETag"]).status_code))
    program_version.cache_clear()
    assert versions[0][0] != versions[1][0] == versions[2][0]
    assert [status for _version, status in versions] == [200, 200, 200]


def test_through_a_random_history_no_tag_ever_names_two_answers():
    history, bodies = RandomHistory(seed=23), {}
    answers = 0
    for _step in range(45):
        history.step()
        keys = list(
            LegalDocument.objects.filter(status="published").order_by("-updated_at").values_list("key", flat=True)
        )
        paths = [path.format(key=key) for key in keys[:2] for path in (DETAIL, PROVISION, TEXT, PAGE_OF_TEXT)]
        for path in (*paths, LIST, "feeds/documents.atom"):
            answer = get(path)
            if answer.status_code == 200:
                answers += 1
                assert bodies.setdefault((path, answer["ETag"]), answer.content) == answer.content, path
    assert answers > len(bodies) > 45  # some answers stayed, and many changed


def test_the_program_is_read_before_the_web_server_forks():
    """Otherwise each process reads it in its first request, and each thread that answers then does it again."""
    code = (
        "import config.wsgi; from api.entity_tags.program import program_version as version;"
        "print(version.cache_info().currsize)"
    )
    ended = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert ended.stdout.split() == ["1"]
