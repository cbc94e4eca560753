"""Staff: what each group may do, accounts, and the audit of who did what."""

import pytest
from django.contrib.auth.models import Group
from django.db import DatabaseError, connection, transaction
from django.db.models import ProtectedError

from content.changes.models import Change
from content.editing import services as editing
from content.errors import RuleBroken
from content.people import request_context, services
from content.people.models import AuditRow, Role, User
from content.publishing import services as documents
from tests.builders import A_LAW, a_draft, a_record

pytestmark = pytest.mark.django_db


def staff(username, *roles):
    return services.create_account(username, roles=roles)[0]


def audit_actions(**narrower):
    return list(AuditRow.objects.filter(**narrower).values_list("action", "subject", "by__username"))


def test_there_is_a_group_for_each_role():
    assert set(Group.objects.values_list("name", flat=True)) == set(Role.values)


@pytest.mark.parametrize(
    ("role", "writes", "publishes", "makes_accounts"),
    [
        ("editor", True, False, False),
        ("answerer", False, False, False),
        ("approver", False, True, False),
        ("publisher", True, True, False),
        ("administrator", False, False, True),
    ],
)
def test_what_a_role_may(role, writes, publishes, makes_accounts):
    lan = staff("lan", role)
    assert lan.has_perm("content.view_legaldocument")
    assert lan.has_perm("content.change_legaldocument") is writes
    assert lan.has_perm("content.publish_legaldocument") is publishes
    assert lan.has_perm("content.add_user") is makes_accounts
    assert lan.has_perm("content.view_auditrow") is makes_accounts
    assert [verb for verb in ("delete_user", "delete_legaldocument") if lan.has_perm(f"content.{verb}")] == []


def test_an_account_gets_a_password_that_opens_it_and_is_stored_nowhere():
    lan, password = services.create_account("lan", roles=[Role.EDITOR], first_name="Lan")
    _, another = services.create_account("hoa", roles=[Role.APPROVER])
    assert (lan.check_password(password), User.objects.get(username="hoa").check_password(password)) == (True, False)
    assert (lan.is_staff, lan.is_superuser, password != another, len(password) >= 16) == (True, False, True, True)
    assert password not in str(User.objects.filter(pk=lan.pk).values()) + str(list(AuditRow.objects.values()))


def test_making_an_account_is_audited_with_who_made_it_and_for_which_roles():
    minh = staff("minh", Role.ADMINISTRATOR)
    services.create_account("lan", roles=[Role.EDITOR, Role.ANSWERER], by=minh, reason="Lan joins us")
    row = AuditRow.objects.last()
    assert (row.action, row.subject, row.by, row.reason) == ("account.created", "user:lan", minh, "Lan joins us")
    assert row.facts == {"roles": ["answerer", "editor"]}


@pytest.mark.parametrize(
    ("username", "roles", "code"), [("lan", ["editor"], "already_exists"), ("hoa", ["queen"], "unknown_role")]
)
def test_an_account_that_cannot_be_is_refused_and_leaves_no_trace(username, roles, code):
    staff("lan", Role.EDITOR)
    before = audit_actions()
    with pytest.raises(RuleBroken) as refusal:
        services.create_account(username, roles=roles)
    assert (refusal.value.code, audit_actions()) == (code, before)


def test_the_audit_says_who_took_a_document_in_published_and_corrected_it():
    lan, hoa = staff("lan", Role.EDITOR), staff("hoa", Role.APPROVER)
    law, _ = documents.import_document(a_record("1/2019/QH14"), by=lan)
    editing.submit_for_review(law, by=lan)
    documents.publish(law, by=hoa, reason="read and found right")
    text = A_LAW.replace("về mẫu", "về mẫu thử").format(number="1/2019/QH14")
    documents.import_document(a_record("1/2019/QH14", text=text), correct=True)
    assert audit_actions(subject=law.key) == [
        ("document.taken_in", law.key, "lan"),
        ("document.submitted", law.key, "lan"),
        ("document.published", law.key, "hoa"),
        ("document.corrected", law.key, None),
    ]
    assert AuditRow.objects.get(action="document.published").reason == "read and found right"


def test_what_changed_nothing_or_was_refused_leaves_no_row():
    law = a_draft("1/2019/QH14")
    documents.publish(law)
    before = audit_actions()
    documents.publish(law)
    documents.import_document(a_record("1/2019/QH14"))
    with pytest.raises(RuleBroken):
        documents.import_document(a_record("1/2019/QH14", title="Luật khác"))
    assert audit_actions() == before


def test_an_action_that_is_rolled_back_is_rolled_back_in_the_audit_and_the_change_log_too():
    law = a_draft()
    before = audit_actions()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        documents.publish(law)
        raise ZeroDivisionError
    assert (audit_actions(), Change.objects.count()) == (before, 0)


def test_the_address_of_the_request_is_stored_and_a_command_has_none():
    with request_context.bound_context("some-request", "2001:db8::7"):
        law = a_draft()
    documents.publish(law)
    assert [row.address for row in AuditRow.objects.filter(subject=law.key)] == ["2001:db8::7", None]


@pytest.mark.parametrize("spoil", [lambda row: AuditRow.objects.filter(pk=row.pk).update(reason="x"), AuditRow.delete])
def test_a_row_can_neither_be_changed_nor_deleted(spoil):
    a_draft()
    row = AuditRow.objects.get()
    with pytest.raises(DatabaseError), transaction.atomic():
        spoil(row)
    assert AuditRow.objects.filter(pk=row.pk, reason="").exists()


@pytest.mark.parametrize("statement", ["TRUNCATE content_auditrow", "TRUNCATE content_user CASCADE"])
def test_the_audit_cannot_be_emptied_by_the_owner_of_its_table(statement):
    a_draft()
    with connection.cursor() as cursor:
        cursor.execute("SELECT tableowner = current_user FROM pg_tables WHERE tablename = 'content_auditrow'")
        assert cursor.fetchone() == (True,)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # a check that waits would refuse TRUNCATE before the trigger
    with (
        pytest.raises(DatabaseError, match="the audit is append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    assert AuditRow.objects.count() == 1


def test_somebody_who_acted_cannot_be_deleted():
    lan = staff("lan", Role.EDITOR)
    documents.import_document(a_record(), by=lan)
    with pytest.raises(ProtectedError):
        lan.delete()


@pytest.mark.usefixtures("committed")
def test_the_audit_is_not_written_outside_a_transaction():
    with pytest.raises(RuntimeError):
        services.audit("document.published", "x")
    assert AuditRow.objects.count() == 0
