"""What is doubtful at its home is doubtful in the copy, until its home says otherwise."""

import pytest
from django.utils import timezone

from content.changes.models import Change
from content.documents.models import EffectDoubt, LegalDocument
from content.endings import effect_doubts
from content.peer_client.client import NotThere
from content.sync.following import work_once
from content.sync.models import Waiting
from tests.sync import OneByOne, a_peer, catch_up, data_by_key

pytestmark = pytest.mark.django_db

DOUBTFUL = "1. Sửa đổi, bổ sung khoản 9 Điều 2 như sau:\\n“9. Một.”."  # there is no khoản 9
AN_ACT = (
    "act = a_document('{act}', title='Luật sửa đổi, bổ sung một số điều của Luật Mẫu cũ {law}', text="
    "'Điều 1. Sửa đổi, bổ sung một số điều của Luật Mẫu cũ {law} số {law}\\n{orders}\\n',"
    "issued_on=datetime.date(2021, 1, 1), effective_on=datetime.date(2021, 7, 1));"
)
SETTLE = "[None for _ in iter(settle_changes, 0)] and None;"


class Without(OneByOne):
    """Has all but the object with this key."""

    def __init__(self, url, key):
        super().__init__(url)
        self.lacking = key

    def record(self, objects, key):
        if key == self.lacking:
            raise NotThere
        return super().record(objects, key)


@pytest.fixture
def following(db, ministry):
    key, chained = ministry.run("[chain.head().key, chain.head().chain]")
    return a_peer(ministry.url, state="following", loaded_at=timezone.now(), bookmark=key, chain=chained)


def told(key):
    """What our log says of it, with the line of its home."""
    lines = Change.objects.filter(subject=key).order_by("pk")
    return [(line.event_type, line.facts["origin"]["key"]) for line in lines]


def a_law_with_a_doubtful_text(ministry, number, act):
    ministry.run(f"law = a_document('{number}', title='Luật Mẫu cũ {number}')")
    ministry.run(AN_ACT.format(act=act, law=number, orders=DOUBTFUL) + SETTLE)
    return ministry.run("law.key")


def test_a_text_that_is_doubtful_at_home_is_doubtful_in_the_copy_and_nobody_is_told(ministry, following, api):
    key = a_law_with_a_doubtful_text(ministry, "1/2018/QH14", "2/2021/QH15")
    catch_up(following)
    law = LegalDocument.objects.get(key=key)
    assert list(law.effect_doubts.values_list("kind", "act__number")) == [("amends", "2/2021/QH15")]
    path = f"documents/{key}/provisions/art_2"
    ours, theirs = api("get", path).json(), ministry.run(f"get({path!r})")
    assert ours["text_is_of"] == theirs["text_is_of"] == "unknown"
    lines = Change.objects.filter(subject=key).order_by("pk")
    assert [line.event_type for line in lines][-1] == "document.text_doubted"
    assert not lines.filter(notify=True).exists()


def test_a_doubt_of_a_text_ends_in_the_copy_when_it_ends_at_home(ministry, following):
    key = a_law_with_a_doubtful_text(ministry, "3/2018/QH14", "4/2021/QH15")
    catch_up(following)
    since = EffectDoubt.objects.get(document__key=key).since
    ministry.run("documents.enter_status_event(law, 'suspended', on=datetime.date(2027, 1, 1))")
    catch_up(following)
    assert EffectDoubt.objects.get(document__key=key).since == since  # the same doubt, known since the same moment
    ministry.run("editing.withdraw_document(act, reason='Nhập nhầm')")
    catch_up(following)
    assert not EffectDoubt.objects.exists()
    assert Change.objects.filter(subject=key).latest("pk").event_type == "document.text_doubt_settled"
    assert data_by_key(ministry.key)[f"document/{key}"] == ministry.run("data_by_key()")[f"document/{key}"]


def test_what_its_home_says_of_a_copy_while_we_read_the_act_has_no_line_of_ours(ministry, following):
    key = a_law_with_a_doubtful_text(ministry, "13/2018/QH14", "14/2021/QH15")
    catch_up(following)
    act, doubt = LegalDocument.objects.get(number="14/2021/QH15"), EffectDoubt.objects.get(document__key=key)
    EffectDoubt.objects.all().delete()
    before = effect_doubts.doubts_raised_by(act)
    EffectDoubt.objects.bulk_create([doubt])  # the record of the law comes
    lines = Change.objects.count()
    effect_doubts.record_doubt_changes(act, before)
    assert Change.objects.count() == lines


def test_a_new_law_waits_for_the_act_that_makes_its_text_doubtful(ministry, following):
    key = a_law_with_a_doubtful_text(ministry, "5/2018/QH14", "6/2021/QH15")
    record = ministry.run("records.public_record('document', law.key)")
    following.objects_wanted = ["question"]
    following.save()
    catch_up(following)  # neither the law nor the act
    assert not LegalDocument.objects.exists()
    assert [each["kind"] for each in record["data"]["doubts"]] == ["amends"]
    following.objects_wanted = []
    following.save()
    ministry.run("documents.enter_status_event(law, 'suspended', on=datetime.date(2027, 1, 1))")
    assert catch_up(following) == {"waiting": 1}
    assert ministry.run("act.key") in Waiting.objects.get(subject=key).error


@pytest.mark.parametrize("change", ["the effect", "removed words"])
def test_a_copy_that_is_held_is_written_without_the_act_and_shown_as_doubtful(ministry, following, api, change):
    number = f"{len(change)}/2019/QH14"
    ministry.run(f"law = a_document('{number}', title='Luật Mẫu cũ {number}')")
    assert catch_up(following) == {"written": 1}
    key = ministry.run("law.key")
    ministry.run(AN_ACT.format(act=f"{len(change)}/2022/QH15", law=number, orders=DOUBTFUL) + SETTLE)
    if change == "removed words":
        ministry.run(
            "documents.import_document(a_record(law.number, title=law.title,"
            "text=A_LAW.format(number=law.number).replace('Mẫu lớn', 'Mẫu to')), correct=True); None"
        )
    else:
        ministry.run("documents.enter_status_event(law, 'suspended', on=datetime.date(2027, 1, 1))")
    act = ministry.run("act.key")

    client = Without(following.url, act)
    outcome = work_once(following, client)
    lines = Change.objects.filter(subject=key).count()
    Waiting.objects.update(next_try_at=timezone.now())
    work_once(following, client)
    client.close()
    assert outcome.objects == {"waiting": 1, "incomplete": 1}
    law = LegalDocument.objects.get(key=key)
    if change == "removed words":
        assert "Mẫu to" in str(data_by_key()) and "Mẫu lớn" not in str(data_by_key())
    else:
        assert law.status_events.filter(kind="suspended").exists()
    assert api("get", f"documents/{key}/provisions/art_2").json()["text_is_of"] == "unknown"
    assert act in Waiting.objects.get(subject=key).error
    assert Change.objects.filter(subject=key).count() == lines  # trying again says nothing new
    Waiting.objects.update(next_try_at=timezone.now())
    catch_up(following)
    Waiting.objects.update(next_try_at=timezone.now())
    catch_up(following)
    assert not Waiting.objects.exists()
    assert EffectDoubt.objects.get(document=law).act.key == act
    assert len(set(told(key))) == len(told(key)) == lines + 1  # that it is complete now, as no line of its home says
    assert data_by_key(ministry.key)[f"document/{key}"] == ministry.run("data_by_key()")[f"document/{key}"]


def test_a_new_law_whose_act_never_comes_is_written_in_the_end_and_shown_as_doubtful(ministry, following, api):
    key = a_law_with_a_doubtful_text(ministry, "9/2018/QH14", "10/2021/QH15")
    client = Without(following.url, ministry.run("act.key"))
    work_once(following, client)
    assert not LegalDocument.objects.exists()
    for _try in range(10):
        Waiting.objects.update(next_try_at=timezone.now())
        work_once(following, client)
    client.close()
    assert api("get", f"documents/{key}/provisions/art_2").json()["text_is_of"] == "unknown"
    assert [name for name, _line in told(key)] == ["document.published", "document.text_doubted"]
    for _try in range(2):
        Waiting.objects.update(next_try_at=timezone.now())
        catch_up(following)
    assert not Waiting.objects.exists()
    assert data_by_key(ministry.key)[f"document/{key}"] == ministry.run("data_by_key()")[f"document/{key}"]
    assert len(set(told(key))) == len(told(key)) == 3


def test_each_change_of_a_doubt_has_one_line_at_home(ministry):
    key = a_law_with_a_doubtful_text(ministry, "7/2018/QH14", "8/2021/QH15")
    types = f"[c.event_type for c in Change.objects.filter(subject={key!r}).order_by('pk')]"
    assert ministry.run(types) == ["document.published", "document.text_doubted"]
    ministry.run("from content.endings import services as endings; endings.read_act(act, notify=False);" + SETTLE)
    assert ministry.run(types) == ["document.published", "document.text_doubted"]  # read again: the same
