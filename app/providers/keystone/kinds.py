"""The resource types of OpenStack's standard services."""

from app.providers.keystone.collectors import compute, image, load_balancer, network, object_store, share, volume
from app.providers.keystone.places import Kind

STANDARD = (
    Kind(compute.SERVER, "compute", compute.collect_servers),
    Kind(volume.VOLUME, "block-storage", volume.collect_volumes),
    Kind(volume.SNAPSHOT, "block-storage", volume.collect_snapshots),
    Kind(volume.BACKUP, "block-storage", volume.collect_backups),
    Kind(image.IMAGE, "image", image.collect_images),
    Kind(network.FLOATING_IP, "network", network.collect_floating_ips),
    Kind(network.ROUTER, "network", network.collect_routers),
    Kind(network.NETWORK, "network", network.collect_networks),
    Kind(network.SUBNET, "network", network.collect_subnets),
    Kind(load_balancer.LOAD_BALANCER, "load-balancer", load_balancer.collect_load_balancers),
    Kind(share.SHARE, "shared-file-system", share.collect_shares),
)
CONTAINERS = Kind(object_store.CONTAINER, "object-store", object_store.collect_containers)
