"""Fetches files of copies, in rounds without news, within seconds: the bytes go to a temporary file first."""

import tempfile
import threading
import time
from typing import Any

from django.db import Error, connection
from django.utils import timezone
from django.utils.translation import gettext as _

from content.changes.cursors import TRANSIENT
from content.copying import file_kinds
from content.copying.file_kinds import FileKind
from content.peer_client.client import NotThere, PeerAway, PeerClient, PeerWrong
from content.record_fields.fields import RecordRefused
from content.sync.leases import renew
from content.sync.models import Peer

SECONDS = 30  # of one download, and of a round before the last one begins: news wait so long at most
MOST_BYTES_OF_A_PEER = 50 * 2**30  # in our database; what comes later is only at its home
DOWNLOADS = threading.BoundedSemaphore(2)  # at once in this process: each needs the memory of its file


def fetch_files(peer: Peer, client: PeerClient, *, most: int = 20) -> None:
    """Fetch files of copies that came from this installation. One that cannot be had waits, alone.

    Raises PeerAway where the installation says that we ask too often.
    """
    wanted = file_kinds.missing_files(peer.origins.all(), timezone.now(), most)
    if not wanted or not DOWNLOADS.acquire(blocking=False):
        return
    try:
        room = MOST_BYTES_OF_A_PEER - file_kinds.fetched_bytes(peer.origins.all())
        give_up_at = time.monotonic() + SECONDS
        for kind, file in wanted:
            if time.monotonic() > give_up_at:
                break
            room -= _fetch(peer, client, kind, file, room)
    finally:
        DOWNLOADS.release()


def _fetch(peer: Peer, client: PeerClient, kind: FileKind, file: Any, room: int) -> int:
    """Fetch one. Returns how many bytes it takes here. Raises PeerAway for 429."""
    if file.size > room:
        file_kinds.let_file_wait(file, _("The files of this installation take all the space that they may."))
        return 0
    renew(peer)
    release_connection()
    digest = ""
    try:
        with tempfile.TemporaryFile() as content:
            digest = client.file(kind.path(file), content, file.size, lambda: renew(peer), SECONDS)
            kind.store(file, content, digest)
        return int(file.size)
    except PeerAway as error:
        if error.is_busy:
            raise
        file_kinds.let_file_wait(file, str(error))
    except TRANSIENT:
        raise
    except RecordRefused as refusal:
        file_kinds.let_file_wait(file, str(refusal), is_refused=digest == file.sha256)
    except (NotThere, PeerWrong, Error) as error:
        file_kinds.let_file_wait(file, str(error) or _("It is not there."))
    return 0


def release_connection() -> None:
    """Give the connection back before the network is asked; not inside the transaction of a test."""
    if not connection.in_atomic_block:
        connection.close()
