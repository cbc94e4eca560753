"""What results show without model instances is what the models and the rules of effect and citation say."""

import datetime

import pytest
from django.db.models import Q

from api.v1.search.hit_provisions import HitEffects, hit_citation
from content.document_reads.found import found_documents, found_units, unit_texts
from content.documents import facets, provision_queries
from content.documents.citations import cite_provision
from content.documents.effect import provision_effect_of
from content.documents.models import EffectDoubt, LegalDocument, Provision, StatusEvent
from content.editing import services as editing
from content.publishing import services as documents
from content.search import queries
from content.search.models import ResultKind
from content.search.results import Hit, with_rows
from content.text.snippets import SnippetSource, best_snippet
from content.vietnam_time import today
from tests.builders import (  # fmt: skip
    a_document,
    a_draft,
    amend,
    an_amending_law,
    an_answered_question,
    an_event,
)

pytestmark = pytest.mark.django_db
DAY = datetime.date
DAYS = [DAY(2019, 12, 31), DAY(2021, 6, 1), DAY(2025, 7, 1), today()]
NESTED = """QUỐC HỘI
LUẬT
MẪU
Chương I
QUY ĐỊNH CHUNG
Mục 1
PHẠM VI
Điều 1. Phạm vi
1. Khoản một:
a) Điểm a.
Mục 2
ĐỐI TƯỢNG
Điều 2. Đối tượng
Chương II
THI HÀNH
Điều 3. Hiệu lực
"""


@pytest.fixture
def library():
    """Amended, with a part that begins later and one that has ended, doubted in whole and in part, consolidated."""
    law = a_document("1/2019/QH14")
    amend(an_amending_law(law, "2/2020/QH14", on=DAY(2021, 1, 1)))
    amend(an_amending_law(law, "3/2020/QH14", on=DAY(2021, 3, 1), instructions="1. Bãi bỏ Điều 1.\n"))
    parts = a_document("4/2019/QH14", text=NESTED)
    for kind, year, eids in (
        (StatusEvent.Kind.TAKES_EFFECT, 2022, ["chp_1"]),
        (StatusEvent.Kind.EXPIRES, 2024, ["art_3"]),
    ):
        documents.enter_status_event(parts, kind, on=DAY(year, 1, 1), scope="part", eids=eids)
    for number, scope, eids in (("5/2019/QH14", "whole", []), ("6/2019/QH14", "part", ["art_2"])):
        about = {"kind": "ends", "scope": scope, "eids": eids, "from_on": DAY(2021, 1, 1)}
        EffectDoubt.objects.create(document=a_document(number), act=law, words="…", **about)
    suspended = a_document("7/2019/QH14")
    documents.enter_status_event(suspended, StatusEvent.Kind.SUSPENDED, on=DAY(2021, 1, 1))
    a_document("8/VBHN-VPQH", doc_type="consolidated_text", title="Văn bản hợp nhất", effective_on=None)
    vague = a_document("9/2019/QH14")
    StatusEvent.objects.create(document=vague, kind="expires", scope="part", stated_on=DAY(2021, 1, 1))


def hits_of_all_provisions():
    kinds = facets.facets_on(today(), LegalDocument.objects.values_list("pk", flat=True))
    rows = Provision.objects.order_by("document", "position").values_list("pk", "document")
    return with_rows([Hit(ResultKind.PROVISION, 1.0, kinds[document], pk) for pk, document in rows])


@pytest.mark.parametrize("day", DAYS)
def test_a_provision_is_shown_with_the_path_the_citation_and_the_effect_that_the_models_give(library, day):
    effects, hits = HitEffects(day), hits_of_all_provisions()
    assert len(hits) == Provision.objects.count() > 40
    for hit in hits:
        provision = Provision.objects.select_related("document", "parent__parent__parent").get(pk=hit.pk)
        lineage = [provision]
        while lineage[0].parent:
            lineage.insert(0, lineage[0].parent)
        shown = [(each.eid, each.kind, each.number) for each in (*hit.provision.ancestors, hit.provision)]
        assert shown == [(each.eid, each.kind, each.number) for each in lineage]
        assert hit_citation(hit) == cite_provision(provision.document, lineage)
        expected = provision_effect_of(provision.document, provision.eid, day).status
        assert effects.status_of(hit) == expected, (provision.document.number, provision.eid)


@pytest.mark.parametrize("day", DAYS)
def test_the_text_of_a_provision_is_its_own_and_that_of_the_units_that_its_eid_leads(library, day):
    units = found_units(Provision.objects.values_list("pk", flat=True))
    texts = unit_texts(units.values(), day)
    assert set(texts) == set(Provision.objects.values_list("pk", flat=True))
    for pk, found in texts.items():
        unit = Provision.objects.get(pk=pk)
        under = Q(eid=unit.eid) | Q(eid__startswith=f"{unit.eid}__")
        rows = provision_queries.provisions_with_text_on(Provision.objects.filter(under, document=unit.document), day)
        expected = rows.order_by("position").values_list("eid", "heading", "text")
        assert [(each.eid, each.heading, each.text) for each in found] == list(expected)


def test_what_is_not_public_has_no_row_and_nothing_asked_is_nothing_read(library):
    law = LegalDocument.objects.get(number="1/2019/QH14")
    draft = a_draft("10/2019/QH14")
    assert set(found_documents([law.pk, draft.pk])) == {law.pk}
    editing.withdraw_document(law, reason="Nhầm")
    assert (found_documents([law.pk]), found_documents([]), found_units([]), unit_texts([], today())) == (
        {},
        {},
        {},
        {},
    )
    assert found_units([10**9]) == {}


def test_results_of_law_are_shown_without_a_query_for_a_row(library, django_assert_num_queries):
    """And those of other kinds with one for each kind, however many they are."""
    for place in range(3):
        an_answered_question(title=f"Mẫu thứ {place}", public_text="Bao lâu thì phải thử mẫu?")
        an_event(title=f"Mẫu thứ {place}", text="Thử mẫu ở hội trường.")
    hits = queries.search("mẫu thử", queries.SearchFilters(day=today())).hits
    kinds = {hit.kind for hit in hits}
    assert kinds == {ResultKind.DOCUMENT, ResultKind.PROVISION, ResultKind.QUESTION, ResultKind.EVENT}
    with django_assert_num_queries(2):  # statements of our own are not counted: `found_documents`, `found_units`
        for hit in with_rows(hits):
            row = hit.question or hit.event
            assert row is None or (row.key and (hit.question.public_text if hit.question else row.ends_at))


def test_a_snippet_comes_from_the_first_unit_with_the_most_different_words():
    units = [
        SnippetSource("art_1", "Một", "Nhà, nhà, nhà và nhà."),
        SnippetSource("art_1__clause_1", "", "Nhà ở — và đất ở."),
        SnippetSource("art_1__clause_2", "", "Đất, nhà."),
    ]
    assert best_snippet(units, {"nha", "dat"}).eid == "art_1__clause_1"
    assert best_snippet(units, {"xe"}).eid == "art_1"
    assert best_snippet(units[:1], {"nha"}).marks == [(0, 3), (5, 8), (10, 13), (17, 20)]
    assert best_snippet([], {"nha"}).text == ""


def test_the_rows_of_a_hit_that_shows_no_provision_are_refused():
    with pytest.raises(ValueError, match="shows no provision"):
        HitEffects(today()).status_of(Hit(ResultKind.DOCUMENT, None))
