"""Synonyms on the staff site."""

import pytest

from content.people.models import AuditRow, Role
from content.synonyms.models import Synonym

pytestmark = pytest.mark.django_db
PATH = "content/synonym/"


@pytest.mark.parametrize("role", Role.values)
def test_everybody_reads_synonyms_and_administrators_change_them(person, role):
    somebody = person("hoa", role)
    somebody.browser.force_login(somebody.user, "django.contrib.auth.backends.ModelBackend")
    assert somebody.get(PATH).status_code == 200
    may_change = role == Role.ADMINISTRATOR
    assert (somebody.get(f"{PATH}add/").status_code == 200) is may_change
    somebody.post(f"{PATH}add/", {"said": "Xe ba gác", "meant": "xe cơ giới ba bánh, xe thô sơ"})
    assert Synonym.objects.filter(said_key="xe ba gac").exists() is may_change
    synonym = Synonym.objects.get(said_key="so do")
    somebody.post(f"{PATH}{synonym.pk}/delete/", {"post": "yes"})
    assert Synonym.objects.filter(pk=synonym.pk).exists() is not may_change


def test_a_synonym_is_audited_and_one_that_adds_nothing_is_refused(minh):
    minh.post(f"{PATH}add/", {"said": "  Xe   ba gác", "meant": "xe cơ giới ba bánh"})
    synonym = Synonym.objects.get(said_key="xe ba gac")
    assert (synonym.said, synonym.meant) == ("Xe ba gác", ["xe cơ giới ba bánh"])
    assert AuditRow.objects.get(action="search.alias_saved").subject == "xe ba gac"
    minh.post(f"{PATH}{synonym.pk}/change/", {"said": "xe ba gác", "meant": "xe ba bánh, có động cơ; xe thô sơ"})
    synonym.refresh_from_db()
    assert synonym.meant == ["xe ba bánh, có động cơ", "xe thô sơ"]
    count = Synonym.objects.count()
    for said, meant in (("xe ba gac", "xe thô sơ"), ("😀😀", "xe"), ("xe lam", "Xe Lam"), ("xe lôi", "")):
        assert minh.post(f"{PATH}add/", {"said": said, "meant": meant}).status_code == 200, said
    assert Synonym.objects.count() == count
