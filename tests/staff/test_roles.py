"""Who may open which page of the staff site: every page, for every role and for strangers."""

import hashlib

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group
from django.db import transaction
from django.test import Client
from django.urls import reverse

from content import vietnam_time
from content.amendments import queries as amendment_queries
from content.deadlines.models import CalendarDay, DeadlineRule
from content.documents.models import Amendment
from content.legal_basis_reviews import queries as legal_basis_reviews
from content.people import services
from content.people.admin_mixins import ReasonedActionsMixin
from content.people.models import AuditRow, Role, User
from content.qa import services as questions
from content.qa.admin import transition_pages
from content.qa.models import Question
from content.relations.models import Relation
from content.topics.models import Topic
from notifications.deliveries.models import Delivery
from tests.builders import (
    a_delivery,
    a_document,
    a_member_of_staff,
    a_question_in_review,
    amend,
    an_amending_law,
    staff,
)
from tests.staff.conftest import StaffMember

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"
ANYBODY = set(Role.values)
# pages of the models below; pages of other packages are held to the permissions of the role (below)
MAY_OPEN = {
    "index": ANYBODY,
    "password_change": ANYBODY,
    "second_factor": ANYBODY,
    "content_user_changelist": {"administrator"},
    "content_user_add": {"administrator"},
    "content_user_change": {"administrator"},
    "auth_group_changelist": {"administrator"},
    "auth_group_change": {"administrator"},
    "auth_group_add": set(),
    "content_auditrow_changelist": {"administrator"},
    "content_auditrow_change": {"administrator"},
    "content_auditrow_export": {"administrator"},
    "content_auditrow_add": set(),
    "notifications_delivery_changelist": ANYBODY,
    "notifications_delivery_change": ANYBODY,
    "notifications_delivery_add": set(),
    "content_relation_changelist": ANYBODY,
    "content_relation_change": ANYBODY,
    "content_relation_add": set(),
    "content_amendment_changelist": ANYBODY,
    "content_amendment_change": ANYBODY,
    "content_amendment_add": {"approver", "publisher"},
    "content_amendment_legal_basis_reviews": ANYBODY,
    "content_topic_changelist": ANYBODY,
    "content_topic_change": ANYBODY,
    "content_topic_add": set(),
}
admin.autodiscover()  # the URLs do so, which no test has loaded yet
MODELS = (User, Group, AuditRow, Delivery, Relation, Amendment, Topic)
NEVER = [f"{model._meta.app_label}_{model._meta.model_name}_delete" for model in MODELS]


def address(name):
    """The page's address, for some row where it is about one."""
    _app, _model, verb = name.split("_", 2) if name.count("_") >= 2 else ("", "", "")
    if verb not in ("change", "delete"):
        return reverse(f"admin:{name}")
    model = next(
        model for model in admin.site._registry if f"{model._meta.label_lower.replace('.', '_')}_{verb}" == name
    )
    return reverse(f"admin:{name}", args=[model._default_manager.latest("pk").pk])


@pytest.fixture(autouse=True)
def rows():
    staff("somebody-else", Role.EDITOR)
    a_delivery()


@pytest.fixture
def amended_law():
    """A law that was amended, and a relation that waits for somebody."""
    law = a_document("1/2019/QH14")
    amend(an_amending_law(law))
    names = {"target_text": law.title, "target_key": "x", "scope": "whole"}
    Relation.objects.create(actor=a_document(), target=law, kind="based_on", **names)


def signed_in(*roles):
    browser = Client()
    browser.force_login(staff("somebody", *roles), BACKEND)
    return browser


@pytest.mark.parametrize("role", Role.values)
def test_what_a_role_may_open(role, amended_law):
    browser = signed_in(role)
    opened = {name for name in MAY_OPEN if browser.get(address(name)).status_code == 200}
    assert opened == {name for name, roles in MAY_OPEN.items() if role in roles}


@pytest.mark.parametrize("role", Role.values)
def test_nobody_deletes_on_the_staff_site(role, amended_law):
    browser = signed_in(role)
    assert {browser.post(address(name), {"post": "yes"}).status_code for name in NEVER} == {403}


def test_every_page_of_ours_is_in_the_table():
    """A new page fails here until it says who may open it; other packages test theirs in their own tests."""
    urls = [url.name for each in admin.site._registry.values() if each.model in MODELS for url in each.urls if url.name]
    pages = {name for name in urls if not name.endswith("_history")}
    assert pages == {*MAY_OPEN, *NEVER} - {"index", "second_factor", "password_change"}


def test_a_stranger_is_asked_who_they_are_everywhere(amended_law):
    for name in {*MAY_OPEN, *NEVER} - {"second_factor"}:
        answer = Client().get(address(name))
        assert (answer.status_code, answer.url.startswith("/staff/login/?next=/staff/")) == (302, True), name
    assert Client().get(address("second_factor")).url == "/staff/"


def test_without_a_role_no_list_opens():
    browser = signed_in()
    lists = [
        reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist") for model in admin.site._registry
    ]
    assert {browser.get(path).status_code for path in lists} == {403}


@pytest.mark.parametrize("role", Role.values)
def test_only_who_publishes_steers_deliveries(role):
    delivery = a_delivery()
    data = {"action": "cancel", "_selected_action": delivery.pk, "reason": "wrong title"}
    signed_in(role).post("/staff/notifications/delivery/", data)
    delivery.refresh_from_db()
    assert (delivery.status == "cancelled") is (role in ("approver", "publisher"))


def relations(browser, action):
    relation = Relation.objects.get(kind="based_on")
    data = {"action": action, "_selected_action": relation.pk, "reason": "đã đọc"}
    return browser.post("/staff/content/relation/", data)


def reviews(browser):
    each = legal_basis_reviews.pending_legal_basis_reviews(vietnam_time.today())[0]
    data = {"which": f"{each.document.pk}-{each.event.pk}", "conclusion": "không trái"}
    return browser.post("/staff/content/amendment/legal-basis-reviews/", data)


def enters(browser):
    page = "/staff/content/amendment/add/"
    act = an_amending_law(a_document("2/2019/QH14"))
    orders = amendment_queries.recognised_instructions(act)
    seen = hashlib.sha256(repr(orders).encode()).hexdigest()
    return browser.post(page, {"act": act.key, "on": "", "seen": seen, "instruction": "0", "apply": "1"})


def withdraws(browser):
    amendment = Amendment.objects.latest("pk")
    return browser.post(f"/staff/content/amendment/{amendment.pk}/change/", {"reason": "nhầm"})


ACTIONS = {
    "relation.confirmed": lambda browser: relations(browser, "confirm"),
    "relation.rejected": lambda browser: relations(browser, "reject"),
    "document.basis_reviewed": reviews,
    "document.amended": enters,
    "document.amendment_withdrawn": withdraws,
}


@pytest.mark.parametrize("action", ACTIONS)
def test_every_action_on_relations_amendments_and_bases_is_for_publishers(action, amended_law):
    done = {role for role in [None, *Role.values] if attempted(action, role)}
    assert done == {"approver", "publisher"}


def attempted(action, role):
    """Whether somebody of this role did it, which shows in the audit; afterwards all is as before."""
    browser = Client()
    if role:
        browser.force_login(a_member_of_staff(f"a-{role}", role), BACKEND)
    before, start = AuditRow.objects.filter(action=action).count(), transaction.savepoint()
    ACTIONS[action](browser)
    done = AuditRow.objects.filter(action=action).count() > before
    transaction.savepoint_rollback(start)
    return done


def test_a_relation_is_rejected_with_a_reason_that_the_audit_stores(amended_law):
    """The list asks why; the relation's own page offers the action, and its history names it in words."""
    hoa = StaffMember("hoa", Role.APPROVER)
    hoa.browser.force_login(hoa.user, BACKEND)
    relation = Relation.objects.get(kind="based_on")
    data = {"action": "reject", "_selected_action": relation.pk}
    assert "Lý do" in hoa.post("content/relation/", data).content.decode()
    assert "bắt buộc" in hoa.post("content/relation/", data | {"reason": " "}).content.decode()
    relation.refresh_from_db()
    assert relation.status == "proposed"
    page = hoa.get(f"content/relation/{relation.pk}/change/").content.decode()
    assert 'value="reject"' in page
    hoa.post("content/relation/", data | {"reason": "chỉ là ví dụ"})
    row = AuditRow.objects.latest("pk")
    assert (row.action, row.reason, row.by) == ("relation.rejected", "chỉ là ví dụ", hoa.user)
    assert 'value="reject"' not in hoa.get(f"content/relation/{relation.pk}/change/").content.decode()


def test_every_admin_with_reasons_names_the_audit_subject_of_its_rows():
    admins = [each for each in admin.site._registry.values() if isinstance(each, ReasonedActionsMixin)]
    assert {type(each).__name__ for each in admins} >= {"UserAdmin", "DeliveryAdmin", "RelationAdmin"}
    assert [each for each in admins if type(each).audit_subject_of is ReasonedActionsMixin.audit_subject_of] == []


def test_what_each_role_may_do_is_said_in_vietnamese(minh):
    said = "".join(minh.get(f"auth/group/{group.pk}/change/").content.decode() for group in Group.objects.all())
    for words in (
        "sự kiện: công bố, dời và huỷ",
        "sự kiện: xem danh sách đăng ký",
        "văn bản: tự công bố",
        "câu hỏi: sàng lọc",
    ):
        assert words in said, words


def test_an_administrator_makes_an_account_whose_password_is_said_once(minh):
    data = {"username": "lan", "first_name": "Lan", "last_name": "", "reason": "Lan joins us"}
    data["roles"] = User.objects.get(pk=staff("hoa", Role.EDITOR).pk).groups.values_list("pk", flat=True)
    answer = minh.browser.post("/staff/content/user/add/", data, follow=True)
    said = next(str(message) for message in answer.context["messages"])
    lan = User.objects.get(username="lan")
    assert lan.check_password(said.rpartition(" ")[2])
    assert (lan.is_staff, lan.is_superuser, [group.name for group in lan.groups.all()]) == (True, False, ["editor"])
    row = AuditRow.objects.get(subject="user:lan")
    assert (row.action, row.by, row.reason, row.facts) == (
        "account.created",
        minh.user,
        "Lan joins us",
        {"roles": ["editor"]},
    )
    assert said not in minh.browser.get("/staff/content/user/").content.decode()


def change(minh, user, **data):
    given = {"first_name": user.first_name, "last_name": "", "is_active": "on", "reason": "because"}
    given["roles"] = list(user.groups.values_list("pk", flat=True))
    return minh.browser.post(f"/staff/content/user/{user.pk}/change/", given | data, follow=True)


def test_a_changed_role_and_a_closed_account_are_one_row_with_what_was_and_what_is(minh, lan):
    change(minh, lan.user, roles=[], is_active="")
    row = AuditRow.objects.latest("pk")
    assert (row.action, row.by, row.reason) == ("account.changed", minh.user, "because")
    assert row.facts == {"roles": [["editor"], []], "is_active": [True, False], "renamed": False}
    assert User.objects.get(username="lan").is_active is False


def test_a_change_wants_a_reason_and_no_change_is_no_row(minh, lan):
    before = AuditRow.objects.count()
    change(minh, lan.user, roles=[], reason=" ")
    change(minh, lan.user)
    assert (AuditRow.objects.count(), lan.user.groups.count()) == (before, 1)


def test_one_does_not_give_oneself_a_role(minh):
    publisher = staff("hoa", Role.PUBLISHER).groups.get()
    answer = change(minh, minh.user, roles=[publisher.pk])
    assert "Hãy nhờ quản trị viên khác" in answer.content.decode()
    assert [group.name for group in minh.user.groups.all()] == ["administrator"]


@pytest.mark.parametrize("data", [{"is_superuser": "on"}, {"is_superuser": "on", "user_permissions": ["1"]}])
def test_no_form_makes_a_superuser(minh, lan, data):
    change(minh, lan.user, **data)
    lan.user.refresh_from_db()
    assert (lan.user.is_superuser, lan.user.user_permissions.count()) == (False, 0)


@pytest.mark.parametrize("action", ["renew_password", "remove_second_factor"])
def test_an_administrator_does_not_take_over_a_superuser(minh, action):
    root = User.objects.create_superuser("root", password="x" * 20)
    minh.post("content/user/", {"action": action, "_selected_action": root.pk, "reason": "mine now"})
    change(minh, root, first_name="Mine")
    root.refresh_from_db()
    assert (root.check_password("x" * 20), root.first_name) == (True, "")


def test_a_renewed_password_opens_the_account_and_ends_its_sessions(minh, lan):
    lan.sign_in()
    data = {"action": "renew_password", "_selected_action": lan.user.pk, "reason": "forgotten"}
    answer = minh.browser.post("/staff/content/user/", data, follow=True)
    password = next(str(message) for message in answer.context["messages"]).rpartition(" ")[2]
    assert lan.get("").status_code == 302
    assert lan.sign_in(password).status_code == 302
    assert AuditRow.objects.get(action="account.password_renewed").by == minh.user


def test_passwords_are_not_found_out_by_filtering(minh, lan):
    assert minh.get(f"content/user/?password__startswith={lan.user.password[:20]}").status_code in (302, 400)


def test_a_public_response_is_unchanged_by_a_session(minh):
    law = a_document()
    assert minh.browser.get(f"/api/v1/documents/{law.key}")["Cache-Control"].startswith("public")
    assert services.audit_subject(minh.user) == "user:minh"


def test_nobody_changes_the_groups_of_staff(person):
    root = StaffMember("root", Role.ADMINISTRATOR)
    root.user.is_superuser = True
    root.user.save()
    root.sign_in()
    group = root.user.groups.get()
    assert root.post(f"auth/group/{group.pk}/change/", {"name": "queen"}).status_code == 403


# every action on questions × role: requests that reach the service, whatever it then answers; all others are 403
TRANSITIONS_OF_QUESTIONS = {
    "screen": {"approver", "publisher"},
    "classify": {"approver", "publisher"},
    "assign": {"approver", "publisher"},
    "return": {"approver", "publisher"},
    "merge": {"approver", "publisher"},
    "redirect": {"approver", "publisher"},
    "reject": {"approver", "publisher"},
    "start": {"answerer", "publisher"},
    "revise": {"answerer", "publisher"},
    "keep": {"answerer", "publisher"},
    "approve": {"approver", "publisher"},
    "send_back": {"approver", "publisher"},
    "take_down": {"approver", "publisher"},
    "erase": {"answerer", "approver", "publisher"},
}
PAGES_OF_QUESTIONS = {  # read with GET
    "question/": ANYBODY,
    "question/{pk}/change/": ANYBODY,
    "question/{pk}/law/": ANYBODY,
    "question/{pk}/original/": {"answerer", "approver", "publisher"},
    "question/{pk}/answer/": {"answerer", "publisher"},
    "question/provisions/": {"answerer", "publisher"},
    "question/add/": set(),
    "question/{pk}/delete/": set(),
    "problemreport/": ANYBODY,
    "problemreport/{report}/change/": ANYBODY,
    "problemreport/add/": set(),
    "problemreport/{report}/delete/": set(),
    "deadlinerule/": {"administrator"},
    "deadlinerule/add/": {"administrator"},
    "deadlinerule/{rule}/change/": {"administrator"},
    "deadlinerule/{rule}/delete/": {"administrator"},
    "calendarday/": {"administrator"},
    "calendarday/add/": {"administrator"},
    "calendarday/{day}/change/": {"administrator"},
    "calendarday/{day}/delete/": {"administrator"},
}


def test_every_staff_page_of_questions_is_in_the_table():
    assert set(TRANSITIONS_OF_QUESTIONS) == {str(name) for name in transition_pages.TRANSITION_PAGES}


@pytest.mark.parametrize("role", Role.values)
def test_what_a_role_may_do_with_questions(role):
    browser, question = signed_in(role), a_question_in_review()
    report, _created = questions.report_problem(question, reader=question.reader, kind="wrong", text="Sai")
    Question.objects.update(answerer=User.objects.get(username="somebody"))
    rows = {"pk": question.pk, "report": report.pk, "day": CalendarDay.objects.first().pk}
    rows["rule"] = DeadlineRule.objects.get().pk
    opened = {path for path in PAGES_OF_QUESTIONS if _answers(browser.get, path, rows) in (200, 302)}
    assert opened == {path for path, roles in PAGES_OF_QUESTIONS.items() if role in roles}

    before, at = AuditRow.objects.count(), f"question/{question.pk}"
    done = {name for name in TRANSITIONS_OF_QUESTIONS if _answers(browser.post, f"{at}/transition/{name}/") != 403}
    assert done == {name for name, roles in TRANSITIONS_OF_QUESTIONS.items() if role in roles}
    assert (_answers(browser.post, f"{at}/answer/", {}, {"save": "1", "text": "x"}) != 403) is (
        role in ("answerer", "publisher")
    )
    handles = role in ("answerer", "approver", "publisher")
    claim = {"claim": "1"}
    assert (_answers(browser.post, f"problemreport/{report.pk}/change/", {}, claim) == 302) is handles
    assert (_answers(browser.post, f"{at}/original/") == 200) is handles
    assert (AuditRow.objects.count() > before) is handles


def _answers(method, path, rows=(), data=None):
    """The status of that page of the staff site."""
    return method(f"/staff/content/{path.format(**dict(rows))}", data).status_code


def test_a_stranger_opens_no_page_of_questions():
    assert {_answers(Client().get, path) for path in ("question/", "question/1/answer/", "calendarday/")} == {302}
