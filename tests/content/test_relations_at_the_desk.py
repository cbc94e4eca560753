"""Relations at the desk: looked through, confirmed and rejected by those who publish."""

import pytest
from django.contrib.admin import site
from django.contrib.messages.storage.fallback import FallbackStorage
from django.test import RequestFactory

from content.documents.relations.models import Relation
from content.people import services as people
from tests.builders import a_document

pytestmark = pytest.mark.django_db

TEXT = "LUẬT\nĐiều 1. Một\nBãi bỏ Luật Cũ số 5/2010/QH12.\nĐiều 2. Hai\nTheo Luật Khác số 8/2011/QH13.\n"


def ask(name, role):
    """A request of a member of staff, as the desk's own views get it."""
    request = RequestFactory().post("/desk/content/relation/")
    request.user = people.create_account(name, roles=[role])[0]
    request.session = {}
    request._messages = FallbackStorage(request)
    return request


def test_who_publishes_confirms_and_rejects_and_others_have_no_such_acts():
    a_document(text=TEXT)
    desk, hoa = site.get_model_admin(Relation), ask("hoa", "approver")
    assert {"confirm", "reject"} <= desk.get_actions(hoa).keys()
    assert not {"confirm", "reject"} & desk.get_actions(ask("lan", "editor")).keys()
    desk.confirm(hoa, Relation.objects.filter(kind="repeals"))
    desk.reject(hoa, Relation.objects.filter(kind="cites"))
    assert dict(Relation.objects.values_list("kind", "state")) == {"repeals": "confirmed", "cites": "rejected"}


def test_nothing_is_edited_or_deleted_there():
    a_document(text=TEXT)
    desk, hoa = site.get_model_admin(Relation), ask("hoa", "publisher")
    may = [desk.has_add_permission(hoa), desk.has_change_permission(hoa), desk.has_delete_permission(hoa)]
    assert (may, desk.has_view_permission(hoa)) == ([False, False, False], True)
