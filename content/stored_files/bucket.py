"""Files in a bucket of S3. It needs requirements-s3.txt; only MEDIA_BUCKET names this module."""

from typing import IO, Any, cast

from storages.backends.s3 import S3Storage

SPOOL_BYTES = 2**20  # of an opened file in memory; what is larger goes to a temporary file


class BucketStorage(S3Storage):
    """Storage in a bucket that is read in parts: S3Storage itself would fetch a whole video for a second of it."""

    def get_default_settings(self) -> dict[str, Any]:
        """The settings of S3Storage, with a limit of what an opened file takes of the memory."""
        return dict(super().get_default_settings()) | {"max_memory_size": SPOOL_BYTES}

    def open_part(self, name: str, first: int, length: int) -> IO[bytes]:
        """`length` bytes from `first`, as a stream. Raises FileNotFoundError."""
        span = f"bytes={first}-{first + length - 1}"
        try:
            found = self.bucket.Object(name).get(Range=span)
        except self.connection.meta.client.exceptions.NoSuchKey:
            raise FileNotFoundError(name) from None
        return cast(IO[bytes], found["Body"])
