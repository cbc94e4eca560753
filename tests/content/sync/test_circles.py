"""Installations follow each other in a circle, and hand on copies: nothing circles. One is restored from a dump."""

import contextlib

import pytest

from tests.other_installations import OtherInstallation

pytestmark = pytest.mark.django_db  # pytest makes the tables, which are copied, for marked tests only
FOLLOW = "peer = a_peer({url!r}, relays=True, state='following', loaded_at=datetime.datetime.now(datetime.UTC)); None"
LINES = "Change.objects.filter(reader=None).count()"


def another(name, tables_of_others):
    tables, folder = tables_of_others
    other = OtherInstallation(name, folder, tables)
    try:
        other.create_database()
        other.begin()
        yield other.ready()
    finally:
        other.stop()


@pytest.fixture
def province(ministry, tables_of_others):
    yield from another("tinh", tables_of_others)


@pytest.fixture
def three(tables_of_others):
    """Three installations that know each other's keys. Each follows the one before it only, and hands on its copies."""
    with contextlib.ExitStack() as opened:
        ring = [opened.enter_context(contextlib.contextmanager(another)(name, tables_of_others)) for name in "abc"]
        for each, before, other in zip(ring, ring[-1:] + ring[:-1], ring[1:] + ring[:1], strict=True):
            each.run(FOLLOW.format(url=before.url))
            each.run(f"a_peer({other.url!r}, state='paused'); None")
        yield ring


def catch_up(installation):
    return installation.run("catch_up(peer)")


def test_nothing_circles_and_a_restored_dump_is_a_fork_that_loses_nothing_of_ours(ministry, province, tmp_path):
    for one, other in ((ministry, province), (province, ministry)):
        one.run(FOLLOW.format(url=other.url))
    ministry.run("law = a_document('1/2023/QH15')")
    province.run("own = a_document('2/2023/QH15')")
    assert catch_up(province) == {"written": 1}
    assert catch_up(ministry) == {"written": 1, "foreign": 1}  # its own law comes back, and is not taken
    lines = [each.run(LINES) for each in (ministry, province)]
    for _round in range(3):
        for each in (province, ministry):
            assert catch_up(each).keys() <= {"foreign"}
    assert [each.run(LINES) for each in (ministry, province)] == lines
    homes = "sorted([each.key, each.home] for each in LegalDocument.objects.all())"
    assert [home for _key, home in ministry.run(homes)] == ["", province.key]
    assert [home for _key, home in province.run(homes)] == [ministry.key, ""]

    ministry.run("back = a_document('5/2023/QH15')")
    catch_up(province)
    ministry.dump(tmp_path / "dump")
    ministry.run("lost = a_document('3/2023/QH15'); editing.withdraw_document(back, reason='Đăng nhầm')")
    catch_up(province)
    back = "LegalDocument.objects.get(number='5/2023/QH15').status"
    assert province.run(back) == "withdrawn"
    ministry.kill()
    ministry.restore(tmp_path / "dump")
    ministry.begin()
    ministry.ready()
    catch_up(province)
    assert province.run("[peer.state, peer.error]")[0] == "forked"
    before = province.run(f"data_by_key({province.key!r})")
    ministry.run("a_document('4/2023/QH15')")
    ministry.export()
    province.run(
        "from content.sync import services; by = two_of_staff()[0];"
        "services.begin_anew(peer, by=by, reason='Đã gọi cho Bộ'); None"
    )
    catch_up(province)
    assert province.run("peer.state") == "following"
    gone = province.run("list(Conflict.objects.filter(kind='gone').values_list('subject', flat=True))")
    assert gone == ["luat-2019-3-2023-qh15"]
    assert province.run(back) == "published"  # in the restored history nobody withdrew it
    assert province.run(f"LegalDocument.objects.get(key={gone[0]!r}).status") == "published"
    province.run(
        "by = a_member_of_staff('minh-decides', 'publisher');"
        "services.decide_conflict(Conflict.objects.get(), 'theirs', by=by, reason='Mất ở đó'); None"
    )
    assert province.run(f"LegalDocument.objects.get(key={gone[0]!r}).status") == "withdrawn"
    assert province.run(f"data_by_key({province.key!r})") == before


def test_in_a_ring_of_three_all_hold_the_same_and_nothing_circles(three):
    for number, each in enumerate(three):
        each.run(f"law = a_document('{number + 1}/2014/QH13', topics=[land()], notify=True)")
        each.run("q = an_answered_question(citations=[(law, 'art_2')]); an_event(in_days=9); None")
    go_round(three)
    held = [each.run("data_by_key()") for each in three]
    assert held[0] == held[1] == held[2] and len(held[0]) == 9
    lines = [each.run(LINES) for each in three]
    go_round(three)
    assert [each.run(LINES) for each in three] == lines  # what came round said nothing new

    three[0].run("documents.enter_status_event(law, 'suspended', on=datetime.date(2027, 1, 1))")
    three[1].run("editing.withdraw_document(law, reason='Nhập hai lần')")
    go_round(three)
    held = [each.run("data_by_key()") for each in three]
    assert held[0] == held[1] == held[2] and len(held[0]) == 8
    told = "[c.event_type for c in Change.objects.filter(subject={key!r}, reader=None).order_by('pk')]"
    suspended, withdrawn = three[0].run("law.key"), three[1].run("law.key")
    for each in three:
        assert each.run(told.format(key=suspended)) == ["document.published", "document.status_entered"]
        assert each.run(told.format(key=withdrawn)) == ["document.published", "document.withdrawn"]
        assert each.run("[[w.subject, w.error] for w in Waiting.objects.all()] + list(Conflict.objects.all())") == []
        assert each.run("Change.objects.filter(notify=True, facts__has_key='origin').count()") == 0


def go_round(ring):
    for _round in range(len(ring) + 1):
        for each in ring:
            catch_up(each)
