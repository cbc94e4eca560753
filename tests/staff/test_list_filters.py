"""No list of the staff site says what its pages do not show: not by a filter, an order, a search or another view."""

import string
from collections import Counter

import pytest
from django.contrib import admin
from django.contrib.admin.exceptions import DisallowedModelAdminLookup, DisallowedModelAdminToField
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.contenttypes.models import ContentType
from django.db.models import ForeignKey
from django.test import Client, RequestFactory

from content.people.models import AuditRow, Reader, Role
from content.qa import services as questions
from content.qa.models import ProblemReport, Question
from tests.builders import a_delivery, a_document, a_member_of_staff, a_question, an_answered_question, an_event

pytestmark = pytest.mark.django_db
admin.autodiscover()  # the URLs do so, which no test has loaded yet
ADMINS = sorted(  # without the jobs, which no role may open
    (each for each in admin.site._registry.values() if each.opts.app_label != "procrastinate"),
    key=lambda each: each.opts.label,
)
LOOKUPS = ("exact", "startswith", "contains", "regex", "gt", "isnull")
TEXT = "mẹ tôi nợ"
DECLARED = {  # parameters that may narrow a list
    "auth.Group": set(),
    "content.Amendment": set(),
    "content.AuditRow": {
        "action", "at__day", "at__gte", "at__lt", "at__month", "at__year", "by__id__exact", "by__isnull",
    },
    "content.CalendarDay": {
        "day__day", "day__month", "day__year", "is_provisional__exact", "is_provisional__isnull", "is_working__exact",
        "is_working__isnull",
    },
    "content.Channel": set(),
    "content.Conflict": set(),
    "content.Contest": {"status__exact", "status__isnull"},
    "content.DeadlineRule": set(),
    "content.Disqualification": {"objection"},
    "content.Duty": {"programme__id__exact", "programme__isnull", "show"},
    "content.EndingCase": {"kind__exact", "kind__isnull", "show"},
    "content.Event": {"kind__exact", "kind__isnull", "status__exact", "status__isnull"},
    "content.Indicator": {"programme__id__exact", "programme__isnull"},
    "content.Layer": {
        "kind__exact", "kind__isnull", "language__exact", "language__isnull", "outdated", "status__exact",
        "status__isnull",
    },
    "content.LegalDocument": {"issuer", "status", "topic", "type"},
    "content.Material": {
        "kind__exact", "kind__isnull", "language__exact", "language__isnull", "status__exact", "status__isnull",
    },
    "content.Measurement": {"indicator__id__exact", "indicator__isnull", "show"},
    "content.Mention": {"show"},
    "content.Outlet": {"is_active__exact", "is_active__isnull", "kind__exact", "kind__isnull"},
    "content.Peer": set(),
    "content.Plan": {"programme__id__exact", "programme__isnull", "status__exact", "status__isnull"},
    "content.PlanStatement": {"programme__id__exact", "programme__isnull"},
    "content.Placement": {
        "form__exact", "form__isnull", "outlet__kind__exact", "outlet__kind__isnull", "status__exact", "status__isnull",
    },
    "content.Playlist": set(),
    "content.ProblemReport": {"kind", "status"},
    "content.Programme": set(),
    "content.Question": {"queue", "status", "topic"},
    "content.QuestionBank": set(),
    "content.QuizQuestion": {"bank", "status", "topic"},
    "content.Relation": {
        "kind__exact", "kind__isnull", "scope__exact", "scope__isnull", "status__exact", "status__isnull",
    },
    "content.ReviewerLanguage": {"language__exact", "language__isnull"},
    "content.RoleProposal": {"status"},
    "content.Round": {"is_practice__exact", "is_practice__isnull", "status__exact", "status__isnull"},
    "content.RoundQuestion": {"round", "void"},
    "content.StatusConflict": {"show"},
    "content.Synonym": {"is_abbreviation__exact", "is_abbreviation__isnull"},
    "content.Topic": set(),
    "content.User": {"is_active__exact", "is_active__isnull", "role"},
    "content.Waiting": set(),
    "content.Winner": {"status__exact", "status__isnull"},
    "notifications.Delivery": {
        "created_at__gte", "created_at__lt", "status__exact", "status__in", "status__isnull", "target_kind__exact",
        "target_kind__isnull",
    },
}  # fmt: skip
ORDERED_BY = {  # columns by which a list may be ordered: each is shown in it
    "auth.Group": {"name"},
    "content.Amendment": {
        "act__number_key", "applied_at", "applied_by__username", "document__number_key", "on", "withdrawn_at",
    },
    "content.AuditRow": {"action", "address", "at", "by__username", "reason", "subject"},
    "content.CalendarDay": {"day", "is_provisional", "is_working", "name", "source"},
    "content.Channel": {"key", "organisation", "published_at", "title"},
    "content.Conflict": {"decided_by", "decision", "kind", "object", "opened_at", "peer", "subject"},
    "content.Contest": {"first_start", "last_end", "organisation", "province", "status", "title"},
    "content.DeadlineRule": {"working_days"},
    "content.Disqualification": {"at", "entry__code", "entry__contest__title", "objected_at"},
    "content.Duty": {"basis", "due_on", "organisation", "programme", "year"},
    "content.EndingCase": set(),
    "content.Event": {"kind", "place", "province", "starts_at", "status", "title"},
    "content.Indicator": {"breakdown", "code", "name_vi", "programme", "unit"},
    "content.Layer": {"document", "eid", "key", "kind", "language", "status"},
    "content.LegalDocument": {"doc_type", "issued_on", "issuer__name", "number_key", "status", "title"},
    "content.Material": {"kind", "language", "organisation", "published_at", "status", "title"},
    "content.Measurement": {"area", "indicator", "period_from", "period_until", "source", "value"},
    "content.Mention": set(),
    "content.Outlet": {"is_active", "kind", "name", "organisation"},
    "content.Peer": {"conflicts", "key", "last_ok_at", "name", "state"},
    "content.Plan": {"adopted_on", "adopter", "number", "programme", "status", "title", "year"},
    "content.PlanStatement": {"adopter", "on", "programme", "source"},
    "content.Placement": {"form", "outlet", "placed_at", "status", "title"},
    "content.Playlist": {"key", "organisation", "published_at", "title"},
    "content.ProblemReport": {"claimed_by__username", "kind", "reported_at", "resolved_at"},
    "content.Programme": {"act_number", "name_vi", "valid_from", "valid_until"},
    "content.Question": {"answerer__username", "due_on", "key", "status", "topic__position"},
    "content.QuestionBank": {"approved_count", "draft_count", "flagged_count", "name", "organisation__name"},
    "content.QuizQuestion": {"bank__name", "key", "kind", "status", "topic__position"},
    "content.Relation": {"effective_on", "kind", "scope", "source_eid", "status"},
    "content.ReviewerLanguage": {"language", "user"},
    "content.RoleProposal": {"decided_by", "proposed_at", "proposed_by", "reason", "role", "user__username"},
    "content.Round": {"contest__title", "ends_at", "number", "starts_at", "status"},
    "content.RoundQuestion": {"position", "round", "voided_at"},
    "content.StatusConflict": set(),
    "content.Synonym": {"is_abbreviation", "meant", "said"},
    "content.Topic": {"name", "position"},
    "content.User": {"is_active", "last_login", "username"},
    "content.Waiting": {"error", "next_try_at", "object", "peer", "subject", "tries"},
    "content.Winner": {"contest__title", "entry__code", "position", "prize", "status"},
    "notifications.Delivery": {"attempts", "created_at", "error", "settled_at", "status"},
}  # fmt: skip


def signed_in(*roles, name="lan"):
    browser = Client()
    browser.force_login(a_member_of_staff(name, *roles), "django.contrib.auth.backends.ModelBackend")
    return browser


def rows_of_every_list():
    """(question, report of a problem) with texts that only some may read."""
    a_document()
    a_delivery()
    an_event()
    reader = Reader.objects.create()
    question = a_question(title="Hỏi", text=TEXT, reader=reader)
    report, _created = questions.report_problem(an_answered_question(), reader=reader, kind="wrong", text=TEXT)
    return question, report


def parameters(model):
    """Each column of the model with each lookup, and behind each of its relations, in either direction, each column."""
    for field in model._meta.get_fields():
        for name in {field.name, field.attname if isinstance(field, ForeignKey) else field.name}:
            yield name
            yield from (f"{name}__{lookup}" for lookup in LOOKUPS)
        if field.is_relation and field.related_model:
            far = [f"{field.name}__{each.name}" for each in field.related_model._meta.get_fields()]
            yield from (name + lookup for name in far for lookup in ("", "__startswith", "__isnull"))


def outcome(model_admin, user, parameter, value):
    """What the list answers to `?parameter=value`: "shown", "refused" (400), or "no value of it" (back to the list)."""
    request = RequestFactory().get("/", {parameter: value})
    request.user = user
    try:
        model_admin.get_changelist_instance(request)
    except DisallowedModelAdminLookup:
        return "refused"
    except IncorrectLookupParameters:
        return "no value of it"
    return "shown"


@pytest.mark.parametrize("role", Role.values)
def test_every_column_of_every_model_is_refused_to_every_role_unless_a_filter_declares_it(role):
    user, tried, passed = a_member_of_staff("lan", role), Counter(), {label: set() for label in DECLARED}
    for each in ADMINS:
        for parameter in {*parameters(each.model), *DECLARED[each.opts.label]}:
            tried[each.opts.label] += 1
            if outcome(each, user, parameter, "1") != "refused":
                passed[each.opts.label].add(parameter)
    assert passed == DECLARED
    assert min(tried.values()) > 30


def test_every_list_is_in_the_tables_of_what_narrows_and_orders_it():
    assert [each.opts.label for each in ADMINS] == sorted(DECLARED) == sorted(ORDERED_BY)


def test_a_list_is_ordered_only_by_what_it_shows():
    request = RequestFactory().get("/")
    request.user = a_member_of_staff("lan", *Role.values)
    ordered = {}
    for each in ADMINS:
        changes = each.get_changelist_instance(request)
        fields = [changes.get_ordering_field(name) for name in changes.list_display if name != "action_checkbox"]
        ordered[each.opts.label] = {str(field) for field in fields if field}
    assert ordered == ORDERED_BY


def test_no_search_reads_what_its_list_and_pages_do_not_show():
    """The question's list searches its public copy; the report's its question's; neither the reader."""
    question, report = rows_of_every_list()
    questions.redact(question, title="Vay nợ", text="Ai phải trả?", by=a_member_of_staff("hoa", Role.APPROVER))
    browser = signed_in(*Role.values)
    for name, row, key in (("question", question, question.key), ("problemreport", report, report.question.key)):
        shown = [
            key in browser.get(f"/staff/content/{name}/", {"q": said}).content.decode().split("result_list")[-1]
            for said in (TEXT, TEXT.split()[0], str(row.reader_id), str(row.reader_id)[:8], key)
        ]
        assert shown == [False, False, False, False, True], name


def read_by_guessing(browser, path, column, letters, shown):
    """What somebody with a script reads of a column: letter by letter, as long as a right guess is answered otherwise.

    `shown`: what the list shows of the row.
    """

    def answer(guess):
        page = browser.get(path, {f"{column}__startswith": guess})
        return page.status_code, page.get("Location"), shown in page.content.decode().split("result_list")[-1]

    read = ""
    while len(read) < len(TEXT):
        none = answer(read + "\N{SNOWMAN}")
        fits = [letter for letter in letters if answer(read + letter) != none]
        if not fits:
            return read
        read += fits[0]
    return read


@pytest.mark.parametrize("role", Role.values)
def test_nobody_reads_an_original_text_or_a_reader_through_the_lists(role):
    """Reproduces an attack: a sentence of a question was read in 143 requests, without one row of the audit."""
    (question, report), browser = rows_of_every_list(), signed_in(role)
    before = AuditRow.objects.count()
    letters, digits = [*sorted(set(TEXT)), "x"], string.hexdigits.lower()[:16] + "-"
    lists = (
        ("/staff/content/question/", question.key),
        ("/staff/content/problemreport/", report.question.key),
    )
    read = {
        (path, column): read_by_guessing(browser, path, column, signs, shown)
        for path, shown in lists
        for column, signs in (("text", letters), ("reader__id", digits))
    }
    assert read == dict.fromkeys(read, "")
    assert AuditRow.objects.count() == before


def test_a_refused_filter_is_answered_in_words_and_byte_for_byte_alike_whether_the_row_is_there():
    rows_of_every_list()
    browser = signed_in(Role.EDITOR)
    for name, column in (("question", "text"), ("problemreport", "text"), ("question", "reader__firebase_uid")):
        path = f"/staff/content/{name}/"
        answers = [
            browser.get(path, {f"{column}__contains": TEXT}),
            browser.get(path, {f"{column}__contains": "\N{SNOWMAN}"}),
            browser.get(path, {f"{column}__isnull": "True"}),
            browser.get(path, {f"{column}__regex": "("}),
            browser.get(path, {f"no_such_{column}": TEXT}),
            browser.get(path, {f"{column}__no_such_lookup": TEXT}),
            browser.get(path, {f"{column}__contains": TEXT, "e": "1"}),
        ]
        assert {answer.status_code for answer in answers} == {400}
        assert len({answer.content for answer in answers}) == 1
        assert "Danh sách không có bộ lọc này" in answers[0].content.decode()


def test_an_export_of_the_audit_is_narrowed_as_its_list_is():
    browser = signed_in(Role.ADMINISTRATOR)
    answer = browser.post(
        "/staff/content/auditrow/export/?by__password__startswith=p", {"format": "csv", "reason": "x"}
    )
    assert answer.status_code == 400
    assert not AuditRow.objects.filter(action="audit.exported").exists()


def test_an_action_on_a_narrowed_list_is_refused_as_the_list_is():
    delivery = a_delivery()
    data = {"action": "cancel", "_selected_action": [delivery.pk], "reason": "x"}
    answer = signed_in(Role.PUBLISHER).post("/staff/notifications/delivery/?device__secret_hash__startswith=a", data)
    delivery.refresh_from_db()
    assert (answer.status_code, delivery.status) == (400, "queued")


def test_a_popup_of_a_list_names_no_other_column():
    """Django's `_to_field` writes the value of a column into each row of the popup."""
    user = a_member_of_staff("lan", *Role.values)
    for each in ADMINS:
        for field in each.opts.fields:
            request = RequestFactory().get("/", {"_popup": "1", "_to_field": field.name})
            request.user = user
            if field.primary_key:
                each.get_changelist_instance(request)
                continue
            with pytest.raises(DisallowedModelAdminToField):
                each.get_changelist_instance(request)


def test_no_view_of_the_site_says_whether_a_row_of_any_table_is_there():
    """Django's `r/<type>/<id>/` answers otherwise for a row that is there; `autocomplete/` lists any model's."""
    question, _report = rows_of_every_list()
    browser, reader = signed_in(*Role.values), ContentType.objects.get_for_model(Reader)
    here, nowhere = question.reader_id, "00000000-0000-0000-0000-000000000000"
    answers = [browser.get(f"/staff/r/{reader.pk}/{pk}/") for pk in (here, nowhere)]
    model = {"app_label": "content", "model_name": "answer", "field_name": "question", "term": question.key}
    answers.append(browser.get("/staff/autocomplete/", model))
    assert [answer.status_code for answer in answers] == [404] * 3
    assert len({answer.content for answer in answers}) == 1
    topics = {"app_label": "content", "model_name": "legaldocument", "field_name": "topics", "term": "đất đai"}
    assert "Đất đai" in browser.get("/staff/autocomplete/", topics).json()["results"][0]["text"]


def test_the_lists_count_their_filters_and_nothing_else():
    """`?_facets` counts rows for each choice of a declared filter."""
    rows_of_every_list()
    browser = signed_in(*Role.values)
    for each in ADMINS:
        path = f"/staff/{each.opts.app_label}/{each.opts.model_name}/"
        assert browser.get(path, {"_facets": "True"}).status_code == 200
        assert browser.get(path, {"_facets": "True", "pk__gt": "0"}).status_code == 400


def test_a_new_admin_cannot_forget_it():
    """The site narrows the list of whatever is registered, even if its admin allows every lookup."""

    class Careless(admin.ModelAdmin):
        def lookup_allowed(self, lookup, value, request=None):
            return True

    site = type(admin.site._wrapped if hasattr(admin.site, "_wrapped") else admin.site)()
    site.register(ProblemReport, Careless)
    site.register(Question)
    user = a_member_of_staff("lan", Role.APPROVER)
    for model in (ProblemReport, Question):
        assert outcome(site._registry[model], user, "text__startswith", "a") == "refused"


def test_the_links_of_the_first_page_and_of_the_filters_still_lead_to_lists():
    rows_of_every_list()
    browser = signed_in(*Role.values)
    first = browser.get("/staff/").content.decode()
    everybody = a_member_of_staff("hoa", *Role.values)
    links = {link for link in first.split('"') if link.startswith("/staff/") and "?" in link}
    for each in ADMINS:
        request = RequestFactory().get("/")
        request.user = everybody
        changes = each.get_changelist_instance(request)
        path = f"/staff/{each.opts.app_label}/{each.opts.model_name}/"
        for spec in changes.filter_specs:
            links |= {path + choice["query_string"] for choice in [*spec.choices(changes)][:3]}
    assert len(links) > 30
    assert {link: browser.get(link.replace("&amp;", "&")).status_code for link in links} == dict.fromkeys(links, 200)
