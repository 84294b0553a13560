"""Lambda functions, as their unpublished version `$LATEST` stands.

Fields: docs.aws.amazon.com/lambda/latest/api. AWS does not say when a function was created.
"""

from collections.abc import Iterator

from app.core.domain.resources import Resource
from app.providers.aws.fields import compact
from app.providers.aws.reader import Reader


def functions(reader: Reader) -> Iterator[Resource]:
    """Yield the functions of a region."""
    tags = reader.tags("lambda:function")
    for function in reader.items("lambda", "list_functions", "Functions"):
        network = function.get("VpcConfig", {})
        yield Resource(
            external_id=function["FunctionArn"],
            name=function["FunctionName"],
            region=reader.region,
            status=function.get("State", ""),
            tags=tags.of(function["FunctionArn"]),
            config=compact(
                runtime=function.get("Runtime"),
                package_type=function.get("PackageType"),
                architectures=sorted(function.get("Architectures", [])),
                memory_mib=function.get("MemorySize"),
                ephemeral_storage_mib=function.get("EphemeralStorage", {}).get("Size"),
                timeout_s=function.get("Timeout"),
                code_size_bytes=function.get("CodeSize"),
                vpc_id=network.get("VpcId"),
                subnet_ids=sorted(network.get("SubnetIds", [])),
            ),
        )
