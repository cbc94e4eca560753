"""Every filter of a public list has an index behind it, or a written reason why it needs none."""

import pytest
from django.db import models
from django.db.models.expressions import F

from api.v1.account.inbox import InboxFilter
from api.v1.contests.contests import ContestFilter
from api.v1.documents.documents import DocumentFilter
from api.v1.documents.effects import EffectFilter
from api.v1.documents.relations import RelationFilter
from api.v1.events.events import EventFilter
from api.v1.materials.materials import MaterialFilter
from api.v1.plans.indicators import MeasurementFilter
from api.v1.plans.plans import PlanFilter
from api.v1.questions.questions import QuestionFilter
from api.v1.reference.organisations import OrganisationFilter
from api.v1.reference.provinces import ProvinceFilter
from api.v1.search.search import SearchParametersSerializer
from content.basis.models import Citation
from content.contests.models import Contest, Round
from content.documents.models import EffectDoubt, LegalDocument, StatusEvent
from content.events.models import Event
from content.media.models import Material
from content.qa.models import Question
from content.relations.models import Relation

FILTERS = (
    ContestFilter,
    DocumentFilter,
    EffectFilter,
    EventFilter,
    InboxFilter,
    MaterialFilter,
    MeasurementFilter,
    OrganisationFilter,
    PlanFilter,
    ProvinceFilter,
    QuestionFilter,
    RelationFilter,
)
INDEXED_COLUMNS = {  # filters with a method: the column whose index the method uses
    "ContestFilter.open": (Round, "contest"),
    "ContestFilter.q": (Contest, "search_words"),
    "ContestFilter.topic": (Contest, "topics"),
    "DocumentFilter.topic": (LegalDocument, "topics"),
    "DocumentFilter.status": (StatusEvent, "document"),
    "DocumentFilter.issuer": (LegalDocument, "issuer"),
    "DocumentFilter.applies_in": (LegalDocument, "province"),
    "DocumentFilter.doubt": (EffectDoubt, "document"),
    "DocumentFilter.effective_from": (StatusEvent, "document"),
    "DocumentFilter.effective_to": (StatusEvent, "document"),
    "DocumentFilter.q": (LegalDocument, "search_key"),
    "DocumentFilter.number": (LegalDocument, "number_key"),
    "EffectFilter.topic": (LegalDocument, "topics"),
    "EventFilter.topic": (Event, "topics"),
    "MaterialFilter.cites": (Citation, "document_key"),
    "MaterialFilter.q": (Material, "search_words"),
    "MaterialFilter.topic": (Material, "topics"),
    "QuestionFilter.q": (Question, "search_key"),
    "QuestionFilter.topic": (Question, "topic"),
    "QuestionFilter.cites": (Citation, "document_key"),
    "RelationFilter.direction": (Relation, "actor"),
}
FEW_ROWS = "The table has about a hundred rows."
FEW_PLANS = "There are some thousand plans in all; the list order is indexed."
WITHIN_DAYS = "The list always has a first and a last day, and the index by day selects its rows."
ONE_READER = "The inbox of one reader is selected first; the filter only narrows it."
FROM_WORDS = "The index of the words of `q` selects at most a few hundred candidates; the parameter narrows them."
LIST_ORDER = "There are some thousand materials, and the index of the list order stops after a page."
REASONS = {
    "ContestFilter.audience": "There are some hundred contests a year; the list order is indexed.",
    "ContestFilter.home": "There are some hundred contests a year; the list order is indexed.",
    "DocumentFilter.level": "A level is a large part of all documents: the list order, which is indexed, is read.",
    "DocumentFilter.signer": "Rarely used; the list order is indexed, so a page stops after its rows are found.",
    "EventFilter.kind": WITHIN_DAYS,
    "PlanFilter.home": FEW_PLANS,
    "PlanFilter.status": FEW_PLANS,
    "PlanFilter.year": FEW_PLANS,
    "PlanFilter.adopted_from": FEW_PLANS,
    "PlanFilter.adopted_to": FEW_PLANS,
    "EventFilter.audience": WITHIN_DAYS,
    "EventFilter.home": WITHIN_DAYS,
    "EventFilter.online": WITHIN_DAYS,
    "EventFilter.status": WITHIN_DAYS,
    "InboxFilter.after": ONE_READER,
    "InboxFilter.unread": ONE_READER,
    "MaterialFilter.audience": LIST_ORDER,
    "MaterialFilter.home": LIST_ORDER,
    "MaterialFilter.kind": LIST_ORDER,
    "MaterialFilter.language": LIST_ORDER,
    "OrganisationFilter.kind": FEW_ROWS,
    "OrganisationFilter.level": FEW_ROWS,
    "OrganisationFilter.valid_on": FEW_ROWS,
    "ProvinceFilter.valid_on": FEW_ROWS,
    "QuestionFilter.as_of": "It selects no rows: the view uses it to choose the date of the answers.",
    "QuestionFilter.basis_changed": "Outdated questions are few and the list order is indexed.",
    "RelationFilter.kind": "A document has few relations, and both its foreign keys are indexed.",
    "search.kind": "It chooses which of the six indexes are read.",
    "search.province": FROM_WORDS,
    "search.applies_in": FROM_WORDS,
    "search.level": FROM_WORDS,
    "search.home": FROM_WORDS,
    "search.topic": FROM_WORDS,
    "search.type": FROM_WORDS,
    "search.issuer": FROM_WORDS,
    "search.status": FROM_WORDS,
    "search.q": "It is the search itself: its words have an index of their own (content/search/index).",
    "search.in_force_first": "It selects no rows: it orders results.",
    "search.page_size": "It selects no rows: it cuts the ranked results.",
    "search.cursor": "It selects no rows: it cuts the ranked results.",
}


def first_columns(model: type[models.Model]) -> set[str]:
    """The columns of a model that begin an index: of its fields, Meta.indexes and unique constraints."""
    columns = {
        field.name
        for field in model._meta.get_fields()
        if isinstance(field, models.ManyToManyField)
        or (getattr(field, "concrete", False) and (field.unique or field.db_index))
    }
    for index in model._meta.indexes:
        first = index.fields[0].lstrip("-") if index.fields else name_of(index.expressions[0])
        columns.add(first)
    for constraint in model._meta.constraints:
        if isinstance(constraint, models.UniqueConstraint) and constraint.fields:
            columns.add(constraint.fields[0])
    return columns


def name_of(expression: models.Expression | F) -> str:
    """The column that an expression of an index is, or sorts by; "" for another expression."""
    inner = expression.expression if isinstance(expression, models.expressions.OrderBy) else expression
    return inner.name if isinstance(inner, F) else ""


def has_index(model: type[models.Model], path: str) -> bool:
    """Whether the last column of a lookup path ("asked_ahead__event", "pk") begins an index of its model."""
    *above, last = path.split("__")
    for name in above:
        related = model._meta.get_field(name).related_model
        assert related is not None
        model = related
    return last == "pk" or last in first_columns(model)


def filters():
    """(name, model, lookup path or None for a method) of every filter of a public list."""
    for filter_set in FILTERS:
        for name, each in filter_set.base_filters.items():
            yield f"{filter_set.__name__}.{name}", filter_set.Meta.model, None if each.method else each.field_name


ALL_FILTERS = list(filters())


@pytest.mark.parametrize(("name", "model", "path"), ALL_FILTERS)
def test_every_filter_has_an_index_or_a_reason(name, model, path):
    if path is not None and has_index(model, path):
        assert name not in REASONS, "It has an index; the reason is out of date."
        return
    if name in INDEXED_COLUMNS:
        assert has_index(*INDEXED_COLUMNS[name])
        return
    assert name in REASONS


@pytest.mark.parametrize("name", SearchParametersSerializer().fields)
def test_every_parameter_of_the_search_has_a_reason(name):
    assert f"search.{name}" in REASONS


def test_no_reason_is_for_a_filter_that_does_not_exist():
    names = {name for name, _model, _path in ALL_FILTERS}
    names |= {f"search.{name}" for name in SearchParametersSerializer().fields}
    assert (REASONS.keys() | INDEXED_COLUMNS.keys()) - names == set()


def test_a_column_without_an_index_would_be_found():
    assert has_index(LegalDocument, "issued_on") and has_index(LegalDocument, "key")
    assert not has_index(LegalDocument, "signer")
    assert not has_index(LegalDocument, "issuer__level")
