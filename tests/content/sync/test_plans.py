"""Plans of the ministry in the installation of a province, over real HTTP: loaded, followed, corrected, withdrawn."""

import datetime

import pytest
from django.utils import timezone

from content.changes.models import Change
from content.copying.models import CopiedPlanFile
from content.plans.models import Plan
from content.sync import services
from content.sync.models import Conflict, Waiting, Witness
from tests.builders_plans import A_PDF, a_public_plan
from tests.sync import a_peer, catch_up, data_by_key, two_of_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def following(db, ministry):
    key, chained = ministry.run("[chain.head().key, chain.head().chain]")
    return a_peer(ministry.url, state="following", loaded_at=timezone.now(), bookmark=key, chain=chained)


def test_a_plan_is_loaded_with_its_file_corrected_and_withdrawn(ministry, peer, api):
    ministry.run("plan = a_public_plan(number='1/KH-UBND', file=A_FILE, source_url='')")
    ministry.export()
    catch_up(peer)
    catch_up(peer)  # files come in a round without news
    key = ministry.run("plan.key")
    assert api("get", f"plans/{key}/file").content == A_PDF
    assert data_by_key(ministry.key)[f"plan/{key}"] == ministry.run("data_by_key()")[f"plan/{key}"]
    ministry.run(
        "plan = plans.correct_plan(plan, a_plan_form(number='1/KH-UBND', title='Tên mới', source_url=''), reason='Sửa')"
    )
    assert catch_up(peer) == {"written": 1}
    assert api("get", f"plans/{key}").json()["title"] == "Tên mới"
    assert api("get", f"plans/{key}/file").content == A_PDF
    ministry.run("plans.withdraw_plan(plan, reason='Nhập hai lần')")
    assert catch_up(peer) == {"gone": 1}
    gone = api("get", f"plans/{key}")
    assert (gone.status_code, "Nhập hai lần" in gone.json()["detail"]) == (410, True)
    assert not CopiedPlanFile.objects.exists()
    lines = Change.objects.filter(subject=key).order_by("pk")
    assert [line.event_type for line in lines] == ["plan.adopted", "plan.corrected", "plan.withdrawn"]
    assert all(line.facts["origin"]["home"] == ministry.key and not line.notify for line in lines)


def test_a_file_that_may_not_be_here_is_not_fetched_each_hour(ministry, following):
    ministry.run(
        "content = b'no PDF'; plan = a_public_plan(number='7/KH-UBND');"
        "from content.plans.models import PlanFile; import hashlib;"
        "stored = PlanFile.objects.create(sha256=hashlib.sha256(content).hexdigest(), name='a.pdf',"
        "media_type='application/pdf', size=len(content), content=content);"
        "Plan.objects.filter(pk=plan.pk).update(file=stored)"
    )
    catch_up(following)
    file = CopiedPlanFile.objects.get()
    assert (file.fetched_at, file.tries) == (None, 1) and file.error
    assert file.next_try_at > timezone.now() + datetime.timedelta(days=6)


def test_the_same_plan_in_both_makes_a_witness_and_other_words_a_conflict(ministry, following):
    same = a_public_plan(number="2/KH-UBND")
    ministry.run("plan = a_public_plan(number='2/KH-UBND')")
    assert catch_up(following) == {"witness": 1}
    assert (Witness.objects.get().subject, Plan.objects.get(pk=same.pk).home) == (same.key, "")
    other = a_public_plan(number="3/KH-UBND", title="Theo ta")
    ministry.run("plan = a_public_plan(number='3/KH-UBND', title='Theo Bộ')")
    assert catch_up(following) == {"conflict": 1}
    conflict = Conflict.objects.get()
    assert (conflict.subject, conflict.kind) == (other.key, "words")
    services.decide_conflict(conflict, "theirs", by=two_of_staff("publisher")[0], reason="Bản của Bộ đúng")
    other.refresh_from_db()
    assert (other.title, other.home) == ("Theo Bộ", ministry.key)


def test_a_copy_that_becomes_the_plan_that_we_have_is_put_before_a_person(ministry, following, client):
    ministry.run("plan = a_public_plan(number='', adopted_on=None)")
    assert catch_up(following) == {"written": 1}
    ours = a_public_plan(number="6/KH-UBND", title="Theo ta")
    ministry.run("plan = plans.correct_plan(plan, a_plan_form(number='6/KH-UBND'), reason='Thêm số')")
    assert catch_up(following) == {"conflict": 1}
    conflict = Conflict.objects.get()
    assert (conflict.kind, conflict.subject) == ("words", ministry.run("plan.key"))
    assert not Waiting.objects.exists()
    ours.refresh_from_db()
    assert (ours.title, ours.home) == ("Theo ta", "")
    client.force_login(two_of_staff("publisher")[0], "django.contrib.auth.backends.ModelBackend")
    assert "Theo ta" in client.get(f"/staff/content/conflict/{conflict.pk}/change/").content.decode()


def test_plans_that_nobody_asked_for_are_loaded_when_somebody_does(ministry, following):
    following.objects_wanted = ["document", "question", "event"]
    following.save()
    ministry.run("plan = a_public_plan(number='4/KH-UBND')")
    catch_up(following)
    key = ministry.run("plan.key")
    assert not Plan.objects.filter(key=key).exists()
    ministry.export()
    services.set_peer(following, by=two_of_staff()[0], objects_wanted=["document", "question", "event", "plan"])
    catch_up(following)
    assert Plan.objects.get(key=key).home == ministry.key


def test_a_plan_outside_the_scope_is_never_shown(ministry, following):
    following.scope = ["bo-tu-phap"]
    following.save()
    ministry.run("plan = a_public_plan(number='5/KH-UBND')")
    assert catch_up(following) == {"conflict": 1}
    assert Conflict.objects.get().kind == "scope" and not Plan.objects.filter(home=ministry.key).exists()
