"""S3 buckets: one listing for the account; each bucket's region and tags are looked up.

Fields: docs.aws.amazon.com/AmazonS3/latest/API. Bucket names are unique in a partition. Sizes are metrics, not part
of a bucket, and are not read.
"""

from collections.abc import Iterator

from app.core.domain.resources import Resource
from app.providers.aws.fields import utc
from app.providers.aws.reader import Reader, Tags

_OLD_NAMES = {None: "us-east-1", "EU": "eu-west-1"}
"""What GetBucketLocation still calls the two oldest regions."""


def buckets(reader: Reader) -> Iterator[Resource]:
    """Yield all buckets of the account, whatever their region."""
    tags: dict[str, Tags] = {}
    # Without a page size: an emulator would stop after the first page.
    for bucket in reader.items("s3", "list_buckets", "Buckets"):
        name = bucket["Name"]
        region = bucket.get("BucketRegion") or _region_of(reader, name)
        if region not in tags:
            tags[region] = reader.elsewhere(region).tags("s3")
        yield Resource(
            external_id=name,
            name=name,
            region=region,
            created_at=utc(bucket.get("CreationDate")),
            tags=tags[region].of(f"arn:{reader.identity.partition}:s3:::{name}"),
        )


def _region_of(reader: Reader, bucket: str) -> str:
    location = reader.call("s3", "get_bucket_location", Bucket=bucket).get("LocationConstraint")
    return _OLD_NAMES.get(location) or str(location)
