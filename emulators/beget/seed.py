"""Fill an emulated Beget account: servers, copies, cloud services and a hosting account, the same every time."""

import hashlib
from datetime import date, timedelta
from typing import Any

from emulators.beget.accounts import Account, Item
from emulators.beget.emulator import BegetEmulator

REGIONS = ("ru1", "kz1")
_SERVER_MB = 15360
_DATABASES = ("MYSQL84", "POSTGRESQL164")
_MAILBOXES_A_DOMAIN = 3


def fill(emulator: BegetEmulator, *, servers: int, day: date, changes: int = 0) -> dict[str, Any]:
    """Make an account with that many servers and what goes with them; return its credential.

    `day` is the day of the sync. `changes` is how often something has appeared, changed and vanished since.
    """
    account = make(emulator, servers=servers, day=day)
    change(account, changes, day)
    return {"login": account.login, "password": account.password, "api_password": account.api_password}


def make(emulator: BegetEmulator, *, servers: int, day: date) -> Account:
    """Make an account and return it."""
    login = f"company{len(emulator.accounts) + 1}"
    account = Account(login, f"only-in-the-emulator-{login}", f"hosting-only-{login}")
    account.projects = [_project(account, number) for number in range(2)]
    account.servers = [_server(account, number, day) for number in range(servers)]
    _fill_network(account)
    account.snapshots = [_snapshot(account, number, day) for number in range((servers + 1) // 2)]
    account.backups = [_backup(account, number, day) for number in range(servers)]
    databases = [_database(account, number, day) for number in range(max(2, servers // 5))]
    account.services = [*databases, _storage(account, day), _cdn(account, day)]
    _fill_hosting(account, max(2, servers // 3), day)
    return emulator.add(account)


def change(account: Account, times: int, day: date) -> None:
    """Let a server appear, another grow and a mailbox vanish, that many times."""
    for number in range(times):
        if account.servers:
            plan = account.servers[number % len(account.servers)]["configuration"]
            plan["memory"] += 1024
            plan["price_day"] += 3.5
            plan["price_month"] += 105.0
        account.servers.append(_server(account, 10_000 + number, day))
        if account.mailboxes:
            account.mailboxes.pop()


def _id(account: Account, kind: str, number: int) -> str:
    """Return an id in the form of a UUID, the same every time."""
    digits = hashlib.sha256(f"{account.login} {kind} {number}".encode()).hexdigest()
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:32]))


def _project(account: Account, number: int) -> Item:
    return {
        "id": _id(account, "project", number),
        "name": ("production", "staging")[number],
        "description": "",
        "is_default": number == 0,
        "created_at": "2024-01-10T09:00:00Z",
        "updated_at": "2024-01-10T09:00:00Z",
    }


def _server(account: Account, number: int, day: date) -> Item:
    region = REGIONS[number % len(REGIONS)]
    cores = 1 + number % 4
    return {
        "id": _id(account, "server", number),
        "slug": f"quick-fox-{number}",
        "display_name": f"{account.login}-web-{number:03}",
        "hostname": f"web-{number:03}",
        "description": "",
        "status": "STOPPED" if number % 10 == 9 else "RUNNING",
        "region": region,
        "ip_address": _ip(198, number),
        "additional_ip_address": [_ip(203, number)] if number % 4 == 0 else [],
        "date_create": f"{day - timedelta(days=30 + number % 300)}T10:00:00Z",
        "project_id": account.projects[number % 2]["id"],
        "archived": False,
        "rescue_mode": False,
        "host_unavailable": False,
        "migrating": False,
        "restoring": False,
        "unblocking": False,
        "unarchiving": False,
        "manage_enabled": True,
        "disk_used": str(5120 + number),
        "disk_left": str(10240 - number),
        "configuration": _plan(cores, region),
        "software": _software(account, number),
        "private_network": [_attachment(account, number, region)] if number % 3 == 0 else [],
    }


def _plan(cores: int, region: str) -> Item:
    return {
        "id": f"cfg-{cores}",
        "name": f"Start {cores}",
        "group": "normal_cpu",
        "custom": False,
        "configurable": True,
        "cpu_count": cores,
        "memory": 1024 * cores,
        "disk_size": _SERVER_MB * cores,
        "bandwidth_public": 250,
        "price_day": 7.0 * cores,
        "price_month": 210.0 * cores,
        "region": region,
    }


def _software(account: Account, number: int) -> Item:
    license_ = {
        "id": _id(account, "license", number),
        "display_name": "ispmanager Lite",
        "type": "ISPMANAGER",
        "plan": "lite",
        "primary": True,
        "billing": {"monthly": {"price_month": 300.0}},
    }
    return {
        "name": "ubuntu",
        "display_name": "Ubuntu",
        "version": "24.04",
        "license": [license_] if number % 5 == 4 else [],
        "status": "INSTALLED",
    }


def _attachment(account: Account, number: int, region: str) -> Item:
    network = {"id": f"{account.login}-{region}", "subnet": "10.0.0.0", "mask": 16, "region": region}
    return {"ip": [f"10.0.{number // 200}.{number % 200 + 2}"], "network": network}


def _ip(first: int, number: int) -> str:
    return f"{first}.51.{number // 250 % 250}.{number % 250 + 1}"


def _fill_network(account: Account) -> None:
    account.main_ips = [
        {"ip": server["ip_address"], "mac": f"52:54:00:00:{n // 256:02x}:{n % 256:02x}", "vps_id": server["id"]}
        for n, server in enumerate(account.servers)
    ]
    attached = [
        {"ip": ip, "region": server["region"], "vps_id": server["id"]}
        for server in account.servers
        for ip in server["additional_ip_address"]
    ]
    account.additional_ips = [*attached, {"ip": "192.0.2.200", "region": REGIONS[0], "vps_id": ""}]
    account.private_networks = [
        {"id": f"{account.login}-{region}", "subnet": "10.0.0.0", "mask": 16, "region": region} for region in REGIONS
    ]


def _snapshot(account: Account, number: int, day: date) -> Item:
    server = account.servers[number]
    return {
        "id": _id(account, "snapshot", number),
        "description": f"before release {number}",
        "date_create": f"{day - timedelta(days=5)}T03:00:00Z",
        "status": "DONE",
        "size": str(4_000_000_000 + number),
        "price_day": 0.55,
        "region": server["region"],
        "vps_id": server["id"],
        "vps_name": server["display_name"],
        "vps_exists": True,
        "configuration": server["configuration"],
    }


def _backup(account: Account, number: int, day: date) -> Item:
    server = account.servers[number]
    return {
        "id": _id(account, f"backup {day}", number),
        "date": f"{day}T01:30:00Z",
        "size": str(3_000_000_000 + number),
        "vps_id": server["id"],
        "vps_name": server["display_name"],
        "region": server["region"],
    }


def _service(account: Account, kind: str, number: int, day: date, price_day: float) -> Item:
    return {
        "id": _id(account, kind, number),
        "slug": f"nice-{kind.lower()}-{number}",
        "display_name": f"{account.login}-{kind.lower()}-{number}",
        "description": "",
        "type": kind,
        "status": "RUNNING",
        "status_details": "_",
        "region": REGIONS[0],
        "created_at": f"{day - timedelta(days=90)}T08:00:00Z",
        "project_id": account.projects[0]["id"],
        "configuration_id": "c9",
        "price_day": price_day,
        "price_month": price_day * 30,
    }


def _database(account: Account, number: int, day: date) -> Item:
    kind = _DATABASES[number % len(_DATABASES)]
    version = "16.4" if kind.startswith("POSTGRES") else "8.4"
    details = {
        "host": f"db{number}.example.test",
        "port": 5432 if kind.startswith("POSTGRES") else 3306,
        "disk_used": str(900 + number),
        "disk_left": str(9000 - number),
        "configuration": {
            "cpu_count": 1, "memory": 1024, "disk_size": 10240, "version": version, "display_version": version,
        },
        "address_info": {"public": [{"ip": _ip(192, number)}], "private": []},
    }  # fmt: skip
    return _service(account, kind, number, day, 20.5) | {kind.lower(): details}


def _storage(account: Account, day: date) -> Item:
    details = {
        "fqdn": "s3.example.test",
        "public": False,
        "quota_used_size": "2048",
        "access_key": "ACCESS-KEY-OF-STORAGE",
        "secret_key": "SECRET-KEY-OF-STORAGE",
        "ftp": {"login": "storage", "password": "FTP-PASSWORD-OF-STORAGE"},
        "sftp": {"login": "storage", "password": "SFTP-PASSWORD-OF-STORAGE"},
    }
    return _service(account, "S_3", 0, day, 1.2) | {"s3": details}


def _cdn(account: Account, day: date) -> Item:
    return _service(account, "CDN", 0, day, 0.0) | {"cdn": {"fqdn": "cdn.example.test"}}


def _fill_hosting(account: Account, domains: int, day: date) -> None:
    names = [f"{account.login}-{number}.ru" for number in range(domains)]
    account.info = _info(domains)
    account.zones = {"ru": _zone("ru", 199, 299), "com": _zone("com", 1099, 1299)}
    account.domains = [_domain(number, name, day) for number, name in enumerate(names)]
    account.subdomains = [
        {"id": str(500 + number), "fqdn": f"shop.{name}", "domain_id": str(100 + number)}
        for number, name in enumerate(names)
    ]
    account.sites = [_site(number, name) for number, name in enumerate(names)]
    account.databases = [
        {"name": f"{account.login}_{number}", "size": str(1000 + number), "accesses": [{"name": "localhost"}]}
        for number in range(domains)
    ]
    account.ftp = [{"login": f"{account.login}_ftp", "homedir": f"/{names[0]}/public_html"}]
    account.mailboxes = [
        {"mailbox": f"user{number}", "domain": name, "spam_filter_status": "1", "forward_mail_status": "no_forward"}
        for name in names
        for number in range(_MAILBOXES_A_DOMAIN)
    ]
    account.file_backups = [{"backup_id": str(9000 + back), "date": f"{day - timedelta(days=back)} 02:15:00"}
                            for back in range(3)]  # fmt: skip


def _info(domains: int) -> Item:
    """Return the account's data as PHP sends it: numbers and booleans as text."""
    return {
        "plan_name": "Noble",
        "user_balance": "1234.56",
        "user_rate_current": "11.67",
        "user_rate_month": "350",
        "user_rate_year": "3780",
        "user_is_year_plan": "0",
        "user_days_to_block": "105",
        "user_sites": str(domains),
        "plan_site": "25",
        "user_domains": str(domains),
        "plan_domain": "0",
        "user_mysqlsize": "120",
        "plan_mysql": "0",
        "user_quota": "2300",
        "plan_quota": "20480",
        "user_ftp": "1",
        "plan_ftp": "0",
        "user_mail": str(domains * _MAILBOXES_A_DOMAIN),
        "plan_mail": "0",
        "user_bash": "/bin/bash",
        "server_name": "vega1",
        "server_cpu_name": "AMD EPYC 7543",
        "server_memory": "515000",
        "server_loadaverage": "12.31",
        "server_uptime": "204",
        "server_apache_version": "2.4.57",
        "server_mysql_version": "8.0.34",
        "server_nginx_version": "1.25.3",
        "server_perl_version": "5.36.0",
        "server_php_version": "8.2.12",
        "server_python_version": "3.11.2",
    }


def _zone(name: str, price: int, renewal: int) -> Item:
    return {
        "id": "1",
        "zone": name,
        "price": str(price),
        "price_renew": str(renewal),
        "price_idn": str(price),
        "price_idn_renew": str(renewal),
        "is_idn": "0",
        "is_national": "1",
        "min_period": "1",
        "max_period": "10",
    }


def _domain(number: int, name: str, day: date) -> Item:
    registered_here = number % 2 == 0
    return {
        "id": str(100 + number),
        "fqdn": name,
        "date_add": "2023-05-01 12:30:00",
        "date_register": "2023-05-01" if registered_here else None,
        "date_expire": f"{day + timedelta(days=200)}" if registered_here else "null",
        "auto_renew": "1" if registered_here else "0",
        "can_renew": "0",
        "registrar": "beget" if registered_here else None,
        "registrar_status": "delegated" if registered_here else "null",
        "register_order_status": "null",
        "renew_order_status": "null",
        "is_under_control": "1",
    }


def _site(number: int, name: str) -> Item:
    domain = {"id": str(100 + number), "fqdn": name, "php_version": "8.2", "ssl": "1", "ssl_status": "installed"}
    return {"id": str(700 + number), "path": f"{name}/public_html", "domains": [domain]}
