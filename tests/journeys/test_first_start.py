"""What a newcomer finds at the first start, and no second time."""

import re
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks for processes in /proc")
WHO = """
from django.contrib.auth import authenticate
user = authenticate(username={0!r}, password={1!r})
print(user.first_name, *user.groups.values_list("name", flat=True))
"""


def accounts(house):
    """{username: password}, as the launcher said them."""
    return dict(re.findall(r"^  (editor|approver) +(\S+)", house.said(), re.MULTILINE))


def test_lan_and_hoa_get_accounts_whose_passwords_are_said_once_and_kept_nowhere(house):
    passwords = accounts(house)
    assert {name: house.manage("shell", "-v0", "-c", WHO.format(name, passwords[name])) for name in passwords} == {
        "editor": "Lan editor\n",
        "approver": "Hoa approver\n",
    }
    house.stop()
    home = Path(house.environment["LUATMO_HOME"])
    files = [file for file in home.rglob("*") if file.is_file() and file != house.log]
    assert len(files) > 100  # the database's files are among them
    for password in passwords.values():
        assert [file for file in files if password.encode() in file.read_bytes()] == []
    house.start()
    assert accounts(house) == {}
