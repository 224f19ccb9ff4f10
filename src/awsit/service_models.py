"""What botocore knows of the services of AWS, read sooner than botocore reads it, and once in a process.

Its files are JSON of up to a megabyte. botocore makes each object in them an ordered dict, looks into the folder of
each service before it loads one, and does so again in each session. That was a third of the time to make two clients.
"""

from __future__ import annotations

import gzip
import os
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from botocore.exceptions import DataNotFoundError, UnknownServiceError
from botocore.loaders import JSONFileLoader, Loader, create_loader
from msgspec import DecodeError
from msgspec.json import Decoder  # noqa: TID251 - it reads plain JSON, with floats as botocore has them

if TYPE_CHECKING:
    from botocore.session import Session  # noqa: TID251 - one that others made

_decoder = Decoder()


def loader(data_path: str | None = None) -> Loader:
    """What loads the models. `data_path` is the setting of that name (AWS SDKs and Tools Reference Guide).

    All sessions may share it, as all clients of a session do. The little that botocore changes of what it has loaded,
    the paths of S3 and the endpoints that were looked up, it changes for each of them in the same way.
    """
    return _loader(data_path)


@cache
def _loader(data_path: str | None) -> Loader:
    return _ModelLoader(create_loader(data_path).search_paths, include_default_search_paths=False)


def share_models(session: Session) -> None:
    """Let a session of botocore load the models that others have loaded. Raises ProfileNotFound for an unknown one."""
    session.register_component("data_loader", loader(session.get_config_variable("data_path")))


class _ModelFiles(JSONFileLoader):
    def load_file(self, file_path: str) -> Any:
        for suffix, content_of in ((".json", bytes), (".json.gz", gzip.decompress)):
            try:
                written = Path(f"{file_path}{suffix}").read_bytes()
            except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
                continue
            try:
                return _decoder.decode(content_of(written))
            except DecodeError:  # a file of the user's with what only Python takes for JSON
                return super().load_file(file_path)
        return None


class _ModelLoader(Loader):
    FILE_LOADER_CLASS = _ModelFiles

    @cached_property
    def _services(self) -> list[str]:
        names: set[str] = set()
        for folder in filter(os.path.isdir, self.search_paths):
            with os.scandir(folder) as entries:
                names.update(entry.name for entry in entries if entry.is_dir())
        return sorted(names)

    def list_available_services(self, type_name: str) -> list[str]:  # noqa: ARG002 - botocore asks so
        """The services that have a folder: whether it has files of the type is looked for when these are loaded."""
        return self._services

    def load_service_model(self, service_name: str, type_name: str, api_version: str | None = None) -> Any:
        """The model of this type. Raises UnknownServiceError for a service that has none."""
        try:
            self.list_api_versions(service_name, type_name)
        except DataNotFoundError:
            known = ", ".join(super().list_available_services(type_name))
            raise UnknownServiceError(service_name=service_name, known_service_names=known) from None
        return super().load_service_model(service_name, type_name, api_version)
