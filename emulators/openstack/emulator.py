"""An emulated OpenStack cloud with any number of users, projects and regions."""

from collections.abc import Mapping
from typing import Any

from emulators.keystone.cloud import KeystoneCloud
from emulators.keystone.directory import Project, User, hex_id

DOMAIN = "Default"


class OpenStackEmulator(KeystoneCloud):
    """An OpenStack cloud; its Identity API is at `<url>/v3`."""

    def user_of(self, credentials: Mapping[str, Any]) -> User:
        """Return the user whose credentials these are."""
        if "username" in credentials:
            return self.directory.users[DOMAIN, credentials["username"]]
        return self.directory.application_credentials[credentials["application_credential_id"]][1]

    def add_user(self, name: str, password: str) -> User:
        """Make a user without any project."""
        user = User(hex_id("user", name), name, DOMAIN, password)
        self.directory.users[DOMAIN, name] = user
        return user

    def add_project(self, user: User, name: str, regions: tuple[str, ...] = ("RegionOne",)) -> Project:
        """Make a project that the user may enter."""
        project = Project(hex_id("project", user.name, name), name, DOMAIN, regions)
        self.directory.projects[project.id] = project
        user.projects.append(project.id)
        return project

    def add_application_credential(self, user: User, project: Project, secret: str) -> str:
        """Make an application credential of the user in a project; return its id."""
        id_ = hex_id("application credential", user.name, project.id)
        self.directory.application_credentials[id_] = (secret, user, project)
        return id_
