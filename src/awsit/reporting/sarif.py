"""Problems of scenario files for code scanning, in SARIF 2.1.0 (https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import quote

from awsit.errors import Position, Problem
from awsit.model.json import Json

SARIF_VERSION = "2.1.0"
SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
ROOT = "%SRCROOT%"
"""The `uriBaseId` by which code scanning knows the top folder of the repository."""

STANDARD_INPUT = "-"


def sarif_log(problems: Mapping[str, Sequence[Problem]], folder: Path, version: str) -> Json:
    """The problems as a SARIF log of one run: a rule for each error code, a result for each problem.

    `problems` has the problems of each file, named relative to `folder`. Files below `folder` have relative URIs; code
    scanning finds them only where `folder` is the top of the repository. `version` is awsit's.
    """
    codes = sorted({problem.code for of_file in problems.values() for problem in of_file})
    driver = {"name": "awsit", "semanticVersion": version, "rules": [_rule(code) for code in codes]}
    found = dict.fromkeys(  # once: several files may share what is wrong in a suite or a library
        (problem, problem.position.file if problem.position else file)
        for file, of_file in problems.items()
        for problem in of_file
    )
    results = [_result(problem, file, folder, codes.index(problem.code)) for problem, file in found]
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {ROOT: {"description": {"text": "The folder that awsit was started in."}}},
        "artifacts": [{"location": _artifact(file, folder)} for file in problems if file != STANDARD_INPUT],
        "results": results,
    }
    return {"$schema": SCHEMA, "version": SARIF_VERSION, "runs": [run]}


def _rule(code: str) -> Json:
    words = code.replace("_", " ").capitalize()
    return {
        "id": code,
        "name": code.title().replace("_", ""),
        "shortDescription": {"text": words},
        "fullDescription": {"text": f"{words}: the scenario would be refused before it runs."},
        "help": {"text": "The message of each result says what to do; `awsit validate FILE` shows the place."},
        "defaultConfiguration": {"level": "error"},
    }


def _result(problem: Problem, file: str, folder: Path, rule_index: int) -> Json:
    text = f"{problem.message}. {problem.hint}" if problem.hint else problem.message
    return {
        "ruleId": problem.code,
        "ruleIndex": rule_index,
        "level": "error",
        "message": {"text": text},
        "locations": [_location(problem, file, folder)],
    }


def _location(problem: Problem, file: str, folder: Path) -> Json:
    location: dict[str, Json] = {}
    if file != STANDARD_INPUT:
        region = _region(problem.position or Position(file, 1, 1))
        location["physicalLocation"] = {"artifactLocation": _artifact(file, folder), "region": region}
    if problem.path:
        location["logicalLocations"] = [{"fullyQualifiedName": problem.path}]
    return location


def _region(position: Position) -> Json:
    """The region of the position. Columns count characters, and `endColumn` is exclusive (SARIF 3.30.6 and 3.30.8)."""
    return {
        "startLine": position.line,
        "startColumn": position.column,
        "endLine": position.line,
        "endColumn": position.column + max(1, position.length),
    }


def _artifact(file: str, folder: Path) -> Json:
    path = folder / file
    if path.is_relative_to(folder) and ".." not in path.parts:
        return {"uri": quote(path.relative_to(folder).as_posix()), "uriBaseId": ROOT}
    return {"uri": path.resolve().as_uri()}
