"""What of a template's local files is built, decided before anything is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from msgspec import Struct

from awsit.aws.deployment.builds import python, refusals
from awsit.aws.deployment.builds.pip import Platform
from awsit.aws.deployment.builds.requirements import NotBuildableError, Requirements
from awsit.aws.deployment.builds.sources import CodeSource, source_of
from awsit.aws.deployment.model import Target
from awsit.aws.deployment.template import Document, LocalFile
from awsit.errors import InvalidInputError, Problem


class Build(Struct, frozen=True):
    """A Python function or layer whose dependencies are installed; without `platform`, for the Python of awsit."""

    source: CodeSource
    needs: Requirements
    platform: Platform | None

    def zip_file(self, cache_folder: Path) -> Path:
        """The zip to deploy, built unless it is in the cache. Raises EnvironmentFailure."""
        return python.packed(self.source, self.needs, self.platform, cache_folder)


def plan_builds(
    local_files: Iterable[LocalFile], template: Document, values: Mapping[str, str], target: Target
) -> dict[str, Build]:
    """The builds that are needed, by their place, such as `Orders.CodeUri`.

    Raises InvalidInputError with all that another program has to build first, and all that the code needs and does not
    find at the target.
    """
    planned: dict[str, Build] = {}
    problems: list[Problem] = [*(refusals.images(template) if target.runs("Image") else ())]
    for source in _sources(local_files, template, values):
        if not target.runs(source.runtime):
            continue
        try:
            refusals.check(source)
            _check_packages(source, target)
            needs = python.needed(source)
            if needs:
                planned[source.place] = Build(source, needs, None if target.emulated else python.platform_of(source))
        except NotBuildableError as error:
            problems.append(Problem("not_buildable", f"{source.place}: {error}", source.resource, error.remedy))
    if problems:
        raise InvalidInputError(
            "the template names code that has to be built first; nothing was created",
            tuple(problems),
            code="not_buildable",
        )
    return planned


def _check_packages(source: CodeSource, target: Target) -> None:
    """Raise NotBuildableError when code uses packages that Lambda brings and the target does not have."""
    packages = " ".join(target.missing_packages(source.path, source.runtime))
    if packages:
        raise NotBuildableError(
            f"its code uses {packages}, not in its node_modules: what Lambda brings is not here",
            f"run `npm install {packages}` in {source.path}",
        )


def _sources(local_files: Iterable[LocalFile], template: Document, values: Mapping[str, str]) -> Iterator[CodeSource]:
    for local in local_files:
        source = source_of(local, template, values)
        if source:
            yield source
