"""Try files of materials in a bucket: the tests of files run once more against a local S3 server (moto).

    python bench/s3_files.py        with the packages of requirements-s3.txt, moto[server] and what tests need

The server, the bucket and its keys are made here and gone at the end; nothing is asked of the internet. Moto is an
imitation: how a real service limits and charges is not tried.

Last line: `s3: passed=… failed=… objects=…`; exit 1 if a test failed, if few ran, or if the bucket stayed empty.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

import boto3
from moto.server import ThreadedMotoServer

ROOT = Path(__file__).resolve().parents[1]
TESTS = (
    "tests/config/test_bucket.py",
    "tests/content/media/test_files.py",
    "tests/api/materials/test_materials.py",
)
LEAST_TESTS = 60
BUCKET = "luatmo-media"
KEYS = {"MEDIA_S3_KEY_ID": "local", "MEDIA_S3_SECRET": "local", "MEDIA_S3_REGION": "ap-southeast-1"}


def main():
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        endpoint = f"http://{host}:{port}"
        client = boto3.client(
            "s3", endpoint_url=endpoint, region_name=KEYS["MEDIA_S3_REGION"], aws_access_key_id="local",
            aws_secret_access_key=KEYS["MEDIA_S3_SECRET"],
        )  # fmt: skip
        client.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": KEYS["MEDIA_S3_REGION"]})
        environment = os.environ | KEYS | {"MEDIA_BUCKET": BUCKET, "MEDIA_S3_ENDPOINT": endpoint}
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *TESTS]
        done = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=False)
        objects = client.list_objects_v2(Bucket=BUCKET).get("KeyCount", 0)
    finally:
        server.stop()
    print(done.stdout)
    counts = {name: int(count) for count, name in re.findall(r"(\d+) (passed|failed|error)", done.stdout)}
    failed = counts.get("failed", 0) + counts.get("error", 0)
    print(f"s3: passed={counts.get('passed', 0)} failed={failed} objects={objects}")
    return 1 if done.returncode or counts.get("passed", 0) < LEAST_TESTS or not objects else 0


if __name__ == "__main__":
    sys.exit(main())
