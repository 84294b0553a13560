"""Objects of the managed services, as the API sends them."""

from emulators.digitalocean.things import SECRET, Item, uid


def database(number: int, name: str, engine: str, version: str, created_at: str) -> Item:
    """Return a database cluster, passwords included as in the API."""
    host = f"{name}-do-user-1.db.ondigitalocean.example"
    connection = {
        "protocol": "postgresql",
        "uri": f"postgresql://doadmin:{SECRET}@{host}:25060/defaultdb?sslmode=require",
        "database": "defaultdb",
        "host": host,
        "port": 25060,
        "user": "doadmin",
        "password": SECRET,
        "ssl": True,
    }
    return {
        "id": uid("database", number),
        "name": name,
        "engine": engine,
        "version": version,
        "semantic_version": f"{version}.4",
        "connection": connection,
        "private_connection": connection | {"host": f"private-{host}"},
        "users": [{"name": "doadmin", "role": "primary", "password": SECRET}],
        "db_names": ["defaultdb"],
        "num_nodes": 2,
        "region": "fra1",
        "status": "online",
        "created_at": created_at,
        "maintenance_window": {"day": "sunday", "hour": "02:00:00", "pending": False, "description": []},
        "size": "db-s-2vcpu-4gb",
        "tags": None,
        "private_network_uuid": uid("vpc", 0),
        "project_id": uid("project", 0),
        "storage_size_mib": 61440,
        "rules": [],
    }


def cluster(number: int, name: str, worker_ids: list[int], created_at: str, *, highly_available: bool) -> Item:
    """Return a Kubernetes cluster; its workers are droplets."""
    cluster_id = uid("cluster", number)
    nodes = [
        {
            "id": uid("node", worker),
            "name": f"pool-{worker}",
            "status": {"state": "running"},
            "droplet_id": str(worker),
            "created_at": created_at,
            "updated_at": created_at,
        }
        for worker in worker_ids
    ]
    pool = {
        "id": uid("pool", number),
        "name": "default",
        "size": "s-2vcpu-4gb",
        "count": len(nodes),
        "tags": ["k8s", "k8s:worker", f"k8s:{cluster_id}"],
        "labels": {},
        "taints": [],
        "auto_scale": False,
        "min_nodes": 0,
        "max_nodes": 0,
        "nodes": nodes,
    }
    return {
        "id": cluster_id,
        "name": name,
        "region": "fra1",
        "version": "1.34.1-do.2",
        "cluster_subnet": "10.244.0.0/16",
        "service_subnet": "10.245.0.0/16",
        "vpc_uuid": uid("vpc", 0),
        "ipv4": "",
        "endpoint": f"https://{cluster_id}.k8s.ondigitalocean.example",
        "tags": ["k8s", f"k8s:{cluster_id}", "env:prod"],
        "node_pools": [pool],
        "maintenance_policy": {"start_time": "03:00", "duration": "4h0m0s", "day": "any"},
        "auto_upgrade": False,
        "status": {"state": "running", "message": ""},
        "created_at": created_at,
        "updated_at": created_at,
        "surge_upgrade": True,
        "registry_enabled": False,
        "ha": highly_available,
    }


def app(number: int, name: str, instances: int, created_at: str) -> Item:
    """Return an app with one service; the secret in its environment is encrypted in the API, plain here."""
    service = {
        "name": "web",
        "instance_size_slug": "apps-s-1vcpu-1gb",
        "instance_count": instances,
        "http_port": 8080,
        "image": {"registry_type": "DOCR", "repository": "web", "tag": "1"},
        "envs": [{"key": "API_KEY", "value": SECRET, "scope": "RUN_TIME", "type": "SECRET"}],
        "routes": [{"path": "/"}],
    }
    site = {"name": "docs", "github": {"repo": "example/docs", "branch": "main", "deploy_on_push": True}}
    spec = {"name": name, "region": "fra", "services": [service], "static_sites": [site]}
    return {
        "id": uid("app", number),
        "owner_uuid": uid("owner", 0),
        "spec": spec,
        "default_ingress": f"https://{name}.ondigitalocean.example",
        "created_at": created_at,
        "updated_at": created_at,
        "active_deployment": {
            "id": uid("deployment", number),
            "spec": spec,
            "phase": "ACTIVE",
            "created_at": created_at,
        },
        "last_deployment_created_at": created_at,
        "live_url": f"https://{name}.ondigitalocean.example",
        "live_domain": f"{name}.ondigitalocean.example",
        "region": {
            "slug": "fra",
            "label": "Frankfurt",
            "flag": "germany",
            "continent": "Europe",
            "data_centers": ["fra1"],
        },
        "tier_slug": "basic",
        "project_id": uid("project", 0),
        "domains": [],
    }


def instance_size(slug: str, usd_per_month: str) -> Item:
    """Return a size of app instances."""
    return {
        "slug": slug,
        "name": slug,
        "cpu_type": "SHARED",
        "cpus": "1",
        "memory_bytes": "1073741824",
        "usd_per_month": usd_per_month,
        "usd_per_second": "0.000004",
        "tier_slug": "basic",
        "single_instance_only": False,
        "scalable": False,
        "bandwidth_allowance_gib": "100",
        "deprecation_intent": False,
    }


def plan(slug: str, cents: int, created_at: str) -> Item:
    """Return the subscription of the container registry."""
    tier = {
        "name": slug.title(),
        "slug": slug,
        "included_repositories": 5,
        "included_storage_bytes": 5368709120,
        "allow_storage_overage": True,
        "included_bandwidth_bytes": 5368709120,
        "monthly_price_in_cents": cents,
        "storage_overage_price_in_cents": 2,
    }
    return {"tier": tier, "created_at": created_at, "updated_at": created_at}
