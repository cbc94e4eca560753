"""Roles that let somebody publish or make accounts: one administrator proposes, another confirms, the audit says so."""

import datetime
import re

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from content.errors import RuleBroken
from content.people import services
from content.people.models import AuditRow, Role, RoleProposal, User
from tests.builders import a_member_of_staff
from tests.staff.conftest import StaffMember

pytestmark = pytest.mark.django_db
OF_TWO = {"approver", "publisher", "administrator"}
BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture
def hoa():
    """Another administrator, who has signed in."""
    hoa = StaffMember("hoa", Role.ADMINISTRATOR)
    hoa.browser.force_login(hoa.user, BACKEND)
    return hoa


def roles_of(username):
    return set(User.objects.get(username=username).groups.values_list("name", flat=True))


def account_form(*roles, username="nam", reason="Nam joins us", **further):
    groups = Group.objects.filter(name__in=roles).values_list("pk", flat=True)
    return {
        "username": username,
        "first_name": "Nam",
        "last_name": "",
        "roles": list(groups),
        "reason": reason,
    } | further


def changes_password(username, password):
    """The owner signs in with the password they were given and sets another."""
    owner = StaffMember.__new__(StaffMember)
    owner.user, owner.browser = User.objects.get(username=username), Client()
    assert owner.sign_in(password).status_code == 302
    new = "một-mật-khẩu-thật-dài"
    data = {"old_password": password, "new_password1": new, "new_password2": new}
    assert owner.post("password_change/", data).status_code == 302


def password_shown(page):
    """The password that a page shows once."""
    return re.search(r"chỉ hiện lần này: (\S+?)<", page.content.decode())[1]


def decide(person, action, *proposals):
    """Press the button of the list and give a reason, as the pages ask."""
    chosen = {"action": action, "_selected_action": [each.pk for each in proposals]}
    assert person.post("content/roleproposal/", chosen).status_code in (200, 302, 403)
    return person.post("content/roleproposal/", chosen | {"reason": "I know Nam"})


def proposals():
    return list(RoleProposal.objects.filter(decided_at=None))


def audited(action):
    return list(AuditRow.objects.filter(action=action).values_list("subject", "by__username", "facts__role"))


@pytest.mark.parametrize("role", Role.values)
def test_what_one_administrator_gives_alone_and_what_waits_for_another(minh, hoa, role):
    page = minh.browser.post("/staff/content/user/add/", account_form(role), follow=True)
    waits = role in OF_TWO
    assert roles_of("nam") == (set() if waits else {role})
    assert audited("role.proposed") == ([("user:nam", "minh", role)] if waits else [])
    if waits:
        changes_password("nam", password_shown(page))
        one = minh.get(f"content/roleproposal/{proposals()[0].pk}/change/").content.decode()
        assert f"<h2>nam: {Role(role).label}</h2>" in " ".join(one.split())
        decide(hoa, "confirm", *proposals())
        assert roles_of("nam") == {role}
        assert audited("role.confirmed") == [("user:nam", "hoa", role)]
        assert AuditRow.objects.get(action="role.confirmed").facts["proposed_by"] == "minh"


def test_an_administrator_alone_makes_nobody_who_publishes(minh):
    """Both roles at once, one after the other, and confirmed by oneself: the account publishes nothing."""
    minh.post("content/user/add/", account_form(Role.PUBLISHER, Role.APPROVER))
    nam = User.objects.get(username="nam")
    minh.post(f"content/user/{nam.pk}/change/", account_form(Role.PUBLISHER, is_active="on"))
    page = decide(minh, "confirm", *proposals())
    page = minh.get("content/roleproposal/").content.decode()
    assert "Bạn đã đề xuất vai trò này. Hãy nhờ quản trị viên khác xác nhận." in page
    assert (roles_of("nam"), len(proposals())) == (set(), 2)
    assert not User.objects.get(pk=nam.pk).has_perm("content.publish_legaldocument")


def test_an_administrator_alone_makes_no_second_administrator_who_would_confirm(minh):
    minh.post("content/user/add/", account_form(Role.ADMINISTRATOR))
    nam = StaffMember.__new__(StaffMember)
    nam.user, nam.browser = User.objects.get(username="nam"), type(minh.browser)()
    nam.browser.force_login(nam.user, BACKEND)
    assert nam.get("content/roleproposal/").status_code == 403
    assert decide(nam, "confirm", *proposals()).status_code == 403
    assert roles_of("nam") == set()


def test_a_role_proposed_more_than_a_week_ago_is_proposed_again(minh, hoa):
    minh.post("content/user/add/", account_form(Role.PUBLISHER))
    (proposal,) = proposals()
    eight_days_ago = proposal.proposed_at - datetime.timedelta(days=8)
    RoleProposal.objects.filter(pk=proposal.pk).update(proposed_at=eight_days_ago)
    with pytest.raises(RuleBroken, match="7 ngày"):
        services.confirm_role(proposal, by=hoa.user, reason="x")
    assert roles_of("nam") == set()
    services.refuse_role(proposal, by=hoa.user, reason="quá hạn")
    assert proposals() == []


def test_nobody_confirms_a_role_of_their_own(minh, hoa):
    minh.post(f"content/user/{hoa.user.pk}/change/", account_form(Role.ADMINISTRATOR, Role.PUBLISHER, is_active="on"))
    (proposal,) = proposals()
    decide(hoa, "confirm", proposal)
    assert roles_of("hoa") == {"administrator"}
    with pytest.raises(RuleBroken) as refusal:
        services.confirm_role(proposal, by=hoa.user, reason="x")
    assert refusal.value.code == "own_account"
    minh.post(f"content/user/{minh.user.pk}/change/", account_form(Role.ADMINISTRATOR, Role.PUBLISHER, is_active="on"))
    assert (roles_of("minh"), len(proposals())) == ({"administrator"}, 1)


def test_a_password_that_somebody_else_knows_opens_no_account_that_publishes(minh, hoa):
    """Renewing the password of a publisher would be the way round: its roles wait for a second person again."""
    lan = StaffMember("lan", Role.PUBLISHER, Role.ANSWERER)
    password = services.renew_password(lan.user, by=minh.user, reason="forgotten")
    assert (roles_of("lan"), [each.role for each in proposals()]) == ({"answerer"}, ["publisher"])
    assert AuditRow.objects.get(action="account.password_renewed").facts == {"suspended": ["publisher"]}
    decide(minh, "confirm", *proposals())
    assert roles_of("lan") == {"answerer"}
    decide(hoa, "confirm", *proposals())
    assert "Người khác đã đặt mật khẩu hiện nay của «lan»." in hoa.get("content/roleproposal/").content.decode()
    assert roles_of("lan") == {"answerer"}
    changes_password("lan", password)
    decide(hoa, "confirm", *proposals())
    assert roles_of("lan") == {"answerer", "publisher"}


def test_a_role_waits_until_the_owner_has_changed_the_password_that_the_proposer_saw(minh, hoa):
    """Minh makes the account of Nam and sees its password: he could sign in as Nam once Hoa has confirmed."""
    page = minh.browser.post("/staff/content/user/add/", account_form(Role.PUBLISHER), follow=True)
    (proposal,) = proposals()
    with pytest.raises(RuleBroken) as refusal:
        services.confirm_role(proposal, by=hoa.user, reason="x")
    assert (refusal.value.code, roles_of("nam"), audited("role.confirmed")) == ("password_not_changed", set(), [])
    changes_password("nam", password_shown(page))
    renewed = services.renew_password(User.objects.get(username="nam"), by=minh.user, reason="forgotten")
    with pytest.raises(RuleBroken) as refusal:
        services.confirm_role(proposal, by=hoa.user, reason="x")
    assert (refusal.value.code, roles_of("nam")) == ("password_not_changed", set())
    changes_password("nam", renewed)
    services.confirm_role(proposal, by=hoa.user, reason="x")
    assert roles_of("nam") == {"publisher"}


def test_a_closed_account_that_is_opened_again_waits_for_a_second_person(minh, hoa):
    lan = StaffMember("lan", Role.PUBLISHER)
    path = f"content/user/{lan.user.pk}/change/"
    minh.post(path, account_form(Role.PUBLISHER, Role.APPROVER))
    assert User.objects.get(username="lan").is_active is False
    minh.post(path, account_form(Role.PUBLISHER, Role.APPROVER, is_active="on"))
    assert (User.objects.get(username="lan").is_active, roles_of("lan")) == (True, set())
    assert [each.role for each in proposals()] == ["approver", "publisher"]


def test_a_role_is_not_confirmed_for_a_closed_account(minh, hoa):
    minh.post("content/user/add/", account_form(Role.PUBLISHER))
    nam = User.objects.get(username="nam")
    minh.post(f"content/user/{nam.pk}/change/", account_form())
    with pytest.raises(RuleBroken) as refusal:
        services.confirm_role(proposals()[0], by=hoa.user, reason="x")
    assert (refusal.value.code, roles_of("nam")) == ("account_closed", set())


def test_what_is_decided_is_not_decided_again_and_a_refused_role_is_not_given(minh, hoa):
    minh.post("content/user/add/", account_form(Role.PUBLISHER))
    (proposal,) = proposals()
    decide(minh, "refuse", proposal)  # who proposed it may take it back
    with pytest.raises(RuleBroken) as refusal:
        services.confirm_role(proposal, by=hoa.user, reason="x")
    assert (refusal.value.code, roles_of("nam"), audited("role.refused")) == (
        "already_decided",
        set(),
        [("user:nam", "minh", "publisher")],
    )


def test_proposing_again_changes_nothing_and_taking_a_role_away_needs_nobody(minh):
    lan = StaffMember("lan", Role.APPROVER)
    path = f"content/user/{lan.user.pk}/change/"
    for _again in range(2):
        minh.post(path, account_form(Role.APPROVER, Role.PUBLISHER, is_active="on"))
    assert (roles_of("lan"), len(audited("role.proposed"))) == ({"approver"}, 1)
    minh.post(path, account_form(is_active="on"))
    assert roles_of("lan") == set()


@pytest.mark.parametrize(
    "further",
    [
        {"is_superuser": "on"},
        {"groups": "PUBLISHER"},
        {"user_permissions": "1"},
        {"is_superuser": "on", "is_staff": "on", "password": "x", "usable_password": "true"},
    ],
)
def test_no_further_field_of_the_form_gives_anything(minh, further):
    publisher = Group.objects.get(name="publisher").pk
    further = {name: publisher if value == "PUBLISHER" else value for name, value in further.items()}
    minh.post("content/user/add/", account_form(**further))
    nam = User.objects.get(username="nam")
    minh.post(f"content/user/{nam.pk}/change/", account_form(is_active="on", **further))
    nam.refresh_from_db()
    assert (nam.is_superuser, nam.groups.count(), nam.user_permissions.count()) == (False, 0, 0)


def test_nobody_edits_what_a_role_may_do(minh):
    group = Group.objects.get(name="editor")
    before = set(group.permissions.values_list("codename", flat=True))
    boss = StaffMember("boss", *Role.values)
    User.objects.filter(username="boss").update(is_superuser=True)
    boss.browser.force_login(boss.user, BACKEND)
    for person in (minh, boss):
        assert (
            person.post(f"auth/group/{group.pk}/change/", {"name": "editor", "permissions": ["1"]}).status_code == 403
        )
    assert set(group.permissions.values_list("codename", flat=True)) == before


def test_the_first_superuser_gives_roles_alone_or_there_would_never_be_a_second_administrator():
    call_command("createsuperuser", username="boss", email="", interactive=False, verbosity=0)
    boss = User.objects.get(username="boss")
    services.create_account("minh", roles=[Role.ADMINISTRATOR], by=boss, reason="first start")
    assert roles_of("minh") == {"administrator"}
    row = AuditRow.objects.get(subject="user:minh")
    assert (row.by, row.facts) == (boss, {"roles": ["administrator"]})


@pytest.mark.parametrize("decided_by", ["minh", "nam"])
def test_the_database_refuses_a_role_that_is_confirmed_by_who_proposed_or_gets_it(decided_by):
    people = {name: a_member_of_staff(name, Role.ADMINISTRATOR) for name in ("minh", "nam")}
    columns = {"decided_by": people[decided_by], "decided_at": timezone.now(), "is_confirmed": True}
    with pytest.raises(IntegrityError, match="role_proposals_are_confirmed_by_another"), transaction.atomic():
        RoleProposal.objects.create(
            user=people["nam"], role="publisher", proposed_by=people["minh"], reason="x", **columns
        )


@pytest.mark.parametrize("role", Role.values)
def test_who_sees_and_who_decides_proposals(role, minh):
    page = minh.browser.post("/staff/content/user/add/", account_form(Role.PUBLISHER), follow=True)
    changes_password("nam", password_shown(page))
    somebody = StaffMember("somebody", role)
    somebody.browser.force_login(somebody.user, BACKEND)
    (proposal,) = proposals()
    is_administrator = role == "administrator"
    pages = (
        "content/roleproposal/", f"content/roleproposal/{proposal.pk}/change/", "content/roleproposal/add/",
        f"content/roleproposal/{proposal.pk}/delete/",
    )  # fmt: skip
    assert [somebody.get(page).status_code for page in pages] == (
        [200, 200, 403, 403] if is_administrator else [403] * 4
    )
    decide(somebody, "confirm", proposal)
    assert roles_of("nam") == ({"publisher"} if is_administrator else set())
