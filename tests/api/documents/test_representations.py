"""What is written without serializers is, to the byte, what the serializers of the contract write."""

import datetime
import json

import pytest
from django.utils import timezone, translation
from rest_framework.renderers import JSONRenderer
from rest_framework.serializers import Serializer

from api.v1.documents import provisions, summaries
from api.v1.documents.documents import DocumentDetailSerializer, DocumentSerializer
from api.v1.documents.effect_doubts import EffectDoubtSerializer
from api.v1.documents.provenance import ProvenanceSerializer
from api.v1.link_serializers import DocumentLinkSerializer, document_link
from content.document_reads import queries as reads
from content.document_reads.contexts import children_shown_on, provision_context
from content.documents import effect_queries, history, provision_queries, queries
from content.documents.models import EffectDoubt, LegalDocument, Provision, StatusEvent
from content.documents.records import OriginalBytes
from content.mentions import queries as mentions
from content.organisations.models import Organisation
from content.publishing import services as documents
from content.relations.models import Relation
from content.vietnam_time import today
from tests.builders import a_document, amend, an_amending_law, justice, land

pytestmark = pytest.mark.django_db
DAYS = [datetime.date(2019, 12, 31), datetime.date(2021, 6, 1), datetime.date(2025, 7, 1), today()]


@pytest.fixture
def library():
    """Documents of every shape: amended, repealed in part and whole, suspended, doubted, consolidated, bare."""
    land_law = a_document(
        "31/2024/QH15", topics=[land(), justice()], title="Luật Đất “đai”", signer="Lan", gazette_number="1/2024",
        gazette_on=datetime.date(2024, 2, 1), original=OriginalBytes("1.txt", "text/plain", b"1"),
        source_url="https://example.org/1",
    )  # fmt: skip
    amend(an_amending_law(land_law, "43/2024/QH15", on=datetime.date(2025, 1, 1)))
    amend(an_amending_law(land_law, "44/2024/QH15", on=datetime.date(2025, 3, 1), instructions="1. Bãi bỏ Điều 1.\n"))
    ended = a_document("2/2019/QH14")
    documents.enter_status_event(ended, StatusEvent.Kind.EXPIRES, on=datetime.date(2025, 1, 1))
    suspended = a_document("3/2019/QH14")
    documents.enter_status_event(suspended, StatusEvent.Kind.SUSPENDED, on=datetime.date(2021, 1, 1))
    vague = a_document("4/2019/QH14")
    StatusEvent.objects.create(document=vague, kind="expires", scope="part", stated_on=datetime.date(2021, 1, 1))
    StatusEvent.objects.create(
        document=vague, kind="amended", scope="part", on=datetime.date(2021, 2, 1),
        stated_on=datetime.date(2021, 1, 1), eids=["art_2"], cause="Luật khác",
    )  # fmt: skip
    for number, kind, scope, eids in (
        ("5/2019/QH14", "ends", "whole", []),
        ("6/2019/QH14", "amends", "part", ["art_2"]),
    ):
        doubted = a_document(number)
        EffectDoubt.objects.create(
            document=doubted, act=land_law, kind=kind, scope=scope, eids=eids, source_eid="art_3",
            from_on=datetime.date(2021, 1, 1), on=datetime.date(2021, 1, 1), words="Bãi bỏ “Luật”.",
        )  # fmt: skip
    merged = a_document("7/VBHN-VPQH", doc_type="consolidated_text", title="Văn bản hợp nhất", effective_on=None)
    Relation.objects.create(
        actor=merged,
        target=land_law,
        target_key="31-2024-qh15",
        kind="consolidates",
        scope="whole",
        status="confirmed",
        decided_at=timezone.now(),
    )
    bare = a_document("8/2019/QH14", issuer="", issued_on=None, effective_on=None, text="Điều 1. Một\nNội dung.\n")
    LegalDocument.objects.filter(pk=bare.pk).update(
        completeness="partial", verified_at=timezone.now(), verified_by="Văn phòng", is_official_copy=True
    )
    Organisation.objects.filter(key=land_law.issuer.key).update(name_en="National Assembly")
    a_document(
        "9/2019/QH14", text="Điều 1. Dẫn chiếu\nTheo khoản 1 Điều 2 Luật số 31/2024/QH15.\nĐiều 2. Hai\nTheo Điều 1.\n"
    )


def as_bytes(representation):
    return JSONRenderer().render(representation)


def as_serializers_write(serializer_class, document, day):
    return as_bytes(serializer_class(document, context={"day": day}).data)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_row_of_a_list_and_a_document_are_what_their_serializers_write(library, language):
    with translation.override(language):
        for day in DAYS:
            for document in queries.public_documents():
                state = reads.document_state(document.key, day)
                shown = reads.shown_document(state)
                row = as_bytes(summaries.summary_representation(shown.document, day))
                assert row == as_serializers_write(DocumentSerializer, document, day)
                whole = as_bytes(summaries.detail_representation(shown, day))
                assert whole == as_serializers_write(DocumentDetailSerializer, document, day)
                assert state.modified_at == effect_queries.last_modified(document, day)


def test_a_page_has_the_rows_that_its_documents_have(library):
    page = queries.public_documents()[:5]
    rows = reads.rows_of_page(reads.page_state(page))
    assert [as_bytes(summaries.summary_representation(row.document, today())) for row in rows] == [
        as_serializers_write(DocumentSerializer, document, today()) for document in page
    ]
    assert [row.list_order for row in rows] == [document.list_order for document in page]


def test_a_page_of_a_filter_that_nothing_passes_is_empty():
    assert reads.rows_of_page(reads.page_state(LegalDocument.objects.filter(pk__in=[])[:3])) == []


def test_a_link_is_what_its_serializer_writes(library):
    for document in LegalDocument.objects.all():
        assert as_bytes(document_link(document)) == as_bytes(DocumentLinkSerializer(document).data)


def test_a_provision_has_the_units_links_and_versions_that_the_queries_of_its_parts_find(library):
    removed, linked = False, False
    for day in DAYS:
        for provision in Provision.objects.filter(document__number__in=["31/2024/QH15", "9/2019/QH14"]):
            document, eid = queries.public_documents().get(pk=provision.document_id), provision.eid
            expected = provision_context(document, eid, day)
            shown = reads.shown_provision(reads.provision_state(document.key, eid, day))
            context = shown.context()
            assert (context is None) == (expected is None), (document, eid, day)
            if expected is None:
                continue
            assert context.text == expected.text
            for name in ("units", "ancestors", "children"):
                assert facts(getattr(context, name)) == facts(getattr(expected, name)), (document, eid, name)
            for name in ("provision", "previous", "next"):
                assert facts([getattr(context, name)]) == facts([getattr(expected, name)])
            children = [units(shown.children(context)), units(children_shown_on(document, expected, day))]
            assert children[0] == children[1]
            versions = [(e.valid_from, e.valid_until, e.act and e.act.key) for e in shown.history(eid)]
            assert versions == [
                (e.valid_from, e.valid_until, e.act and e.act.key) for e in history.history_entries(document, eid)
            ]
            links = [links_of(shown.links()), links_of(mentions.links_in(unit.version_pk for unit in expected.units))]
            assert links[0] == links[1]
            removed = removed or any(is_removed for *_unit, is_removed, _is_repealed in children[0])
            linked = linked or bool(links[0])
    assert (removed, linked) == (True, True)  # the library has what this compares


def facts(units):
    names = ("pk", "eid", "kind", "number", "heading", "codification_code")
    return [unit and tuple(getattr(unit, name) for name in names) for unit in units]


def units(shown):
    return [
        (each.provision.eid, each.amendment and each.amendment.on, each.amendment and each.amendment.act.key,
         each.is_removed, each.is_repealed)
        for each in shown
    ]  # fmt: skip


def links_of(links):
    return {
        version: [(each.start, each.end, document_link(each.document), each.eids) for each in found]
        for version, found in links.items()
    }


def test_an_outline_has_the_units_that_are_shown(library):
    removed = False
    for day in DAYS:
        for document in queries.public_documents():
            shown = reads.shown_document(reads.document_state(document.key, day)).outline()
            expected = [
                each for each in provision_queries.units_shown_on(document, day)
                if each.provision.kind not in provision_queries.KINDS_BELOW_ARTICLE
            ]  # fmt: skip
            assert units(shown) == units(expected)
            assert facts(each.provision for each in shown) == facts(each.provision for each in expected)
            removed = removed or any(each.is_removed for each in shown)
    assert removed


@pytest.mark.parametrize(
    ("serializer", "path"),
    [
        (provisions.ProvisionSerializer, "documents/{key}/provisions/art_2"),
        (provisions.DocumentTextSerializer, "documents/{key}/text"),
    ],
)
def test_a_provision_and_a_text_have_the_fields_of_their_serializers(library, api, serializer, path):
    key = LegalDocument.objects.get(number="31/2024/QH15").key
    answer = api("get", path.format(key=key)).json()
    assert answer.keys() == serializer().fields.keys()
    nested = {name: field for name, field in serializer().fields.items() if name in ("provisions", "children")}
    for name, field in nested.items():
        assert answer[name][0].keys() == field.child.fields.keys()


def test_the_provenance_and_the_doubt_have_the_fields_of_their_serializers(library, api):
    fields_of = {"provenance": ProvenanceSerializer, "effect_doubt": EffectDoubtSerializer}
    key = LegalDocument.objects.get(number="5/2019/QH14").key
    answer = json.loads(api("get", f"documents/{key}").content)
    for name, serializer in fields_of.items():
        assert issubclass(serializer, Serializer)
        assert list(answer[name]) == list(serializer().fields)
