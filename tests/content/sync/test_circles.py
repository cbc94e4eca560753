"""Two installations that follow each other, and hand on copies: nothing circles. Then one is restored from a dump."""

import pytest

from tests.other_installations import OtherInstallation

FOLLOW = "peer = a_peer({url!r}, relays=True, state='following', loaded_at=datetime.datetime.now(datetime.UTC)); None"
LINES = "Change.objects.filter(reader=None).count()"


@pytest.fixture
def province(ministry, server_of_others):
    server, tables, folder = server_of_others
    other = OtherInstallation("tinh", folder, server, tables)
    try:
        other.create_database()
        other.begin()
        yield other.ready()
    finally:
        other.stop()


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

    ministry.dump(tmp_path / "dump")
    ministry.run("lost = a_document('3/2023/QH15')")
    catch_up(province)
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
    assert province.run(f"LegalDocument.objects.get(key={gone[0]!r}).status") == "published"
    province.run(
        "by = a_member_of_staff('minh-decides', 'publisher');"
        "services.decide_conflict(Conflict.objects.get(), 'theirs', by=by, reason='Mất ở đó'); None"
    )
    assert province.run(f"LegalDocument.objects.get(key={gone[0]!r}).status") == "withdrawn"
    assert province.run(f"data_by_key({province.key!r})") == before
