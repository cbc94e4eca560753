"""The bucket of S3 that files of materials are in, as the settings want it."""

from importlib.util import find_spec
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from config.env import env


def bucket_storage(name: str) -> dict[str, Any]:
    """Django's STORAGES entry for a bucket of S3 or of a server that speaks its protocol.

    Without MEDIA_S3_KEY_ID the keys are found as boto3 finds them: AWS_ACCESS_KEY_ID, the role of the machine.
    """
    if find_spec("storages") is None:
        raise ImproperlyConfigured("MEDIA_BUCKET needs the packages of requirements-s3.txt. Install that file.")
    endpoint = env("MEDIA_S3_ENDPOINT", default="") or None
    if endpoint and not endpoint.startswith(("https://", "http://")):
        raise ImproperlyConfigured("MEDIA_S3_ENDPOINT begins with https:// or http://.")
    options = {
        "bucket_name": name,
        "endpoint_url": endpoint,
        "region_name": env("MEDIA_S3_REGION", default="") or None,
        "access_key": env("MEDIA_S3_KEY_ID", default="") or None,
        "secret_key": env("MEDIA_S3_SECRET", default="") or None,
        "addressing_style": "path" if endpoint else "auto",
        "default_acl": None,  # as the bucket: nobody but us reads it
        "file_overwrite": True,  # a name is the hash of its bytes
    }
    return {"BACKEND": "content.stored_files.bucket.BucketStorage", "OPTIONS": options}
