"""DynamoDB tables: the listing has names only, so each table is described.

Fields: docs.aws.amazon.com/amazondynamodb/latest/APIReference. Sizes and item counts are metrics that AWS renews
every six hours, and are left out.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from app.core.domain.resources import Resource
from app.providers.aws.fields import compact, pick, utc
from app.providers.aws.reader import Reader, answered


def tables(reader: Reader) -> Iterator[Resource]:
    """Yield the tables of a region."""
    tags = reader.tags("dynamodb:table")
    for name in reader.items("dynamodb", "list_tables", "TableNames"):
        answer = reader.describe("dynamodb", "describe_table", TableName=name)
        if answer is not None:
            table = answered(answer, "Table", "describe_table")
            yield _table(table, tags.of(table["TableArn"]), reader.region)


def _table(table: Mapping[str, Any], tags: dict[str, str], region: str) -> Resource:
    capacity = table.get("ProvisionedThroughput", {})
    return Resource(
        external_id=table["TableArn"],
        name=table["TableName"],
        region=region,
        status=table.get("TableStatus", ""),
        created_at=utc(table.get("CreationDateTime")),
        tags=tags,
        config=compact(
            billing_mode=table.get("BillingModeSummary", {}).get("BillingMode", "PROVISIONED"),
            table_class=table.get("TableClassSummary", {}).get("TableClass"),
            read_capacity_units=capacity.get("ReadCapacityUnits"),
            write_capacity_units=capacity.get("WriteCapacityUnits"),
            global_indexes=pick(table.get("GlobalSecondaryIndexes"), "IndexName"),
            replica_regions=pick(table.get("Replicas"), "RegionName"),
            stream_view_type=table.get("StreamSpecification", {}).get("StreamViewType"),
        ),
    )
