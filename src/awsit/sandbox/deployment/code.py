"""Code of deployed functions that puts names of AWS together itself: they lead nowhere in the sandbox."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from typing import Any

from awsit.model.ports import Aws

ALLOWED_HOSTS = "AWSIT_ALLOWED_HOSTS"
"""The variable of awsit's own function with the hosts that it may call."""
_NAME = re.compile(
    rb"\.(?:execute-api|lambda-url|appsync-api|appsync-realtime-api)\.|\bcognito-idp\.|\.amazoncognito\.com"
)
_SOURCES = (".py", ".js", ".mjs", ".cjs")
_LARGEST_SOURCE = 1_000_000
"""Bytes; a larger file is a bundle with libraries in it, which name all of AWS."""


def built_names(aws: Aws, stack_name: str) -> Iterator[str]:
    """A sentence for each place in the code of the stack's functions that makes the name of an API or user pool.

    The code of awsit's own function is left out.
    """
    template = aws.client("cloudformation").get_template(StackName=stack_name, TemplateStage="Processed")[
        "TemplateBody"
    ]
    objects: dict[tuple[str, str], str] = {}
    of_awsit = set()
    for logical_id, resource in template["Resources"].items():
        stored = _object_of(resource) if resource.get("Type") == "AWS::Lambda::Function" else None
        if stored:
            objects.setdefault(stored, logical_id)
            if is_awsit_s_own(resource):
                of_awsit.add(stored)
    for (bucket, key), logical_id in objects.items():
        if (bucket, key) in of_awsit:
            continue  # Its sources name such hosts to recognise them, and as examples.
        for place in places(aws.client("s3").get_object(Bucket=bucket, Key=key)["Body"].read()):
            yield (
                f"the code of {logical_id} makes a URL of AWS ({place}): it leads nowhere in the sandbox; "
                "take the whole URL from an environment variable that the template sets"
            )


def places(package: bytes) -> Iterator[str]:
    """Where the sources in a zip file name a host of AWS, as `app.py, line 3`; without the packages installed in it."""
    if not zipfile.is_zipfile(io.BytesIO(package)):
        return
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        installed = _installed(archive)
        for file in archive.infolist():
            is_own = file.filename not in installed and "node_modules/" not in file.filename
            if is_own and file.filename.endswith(_SOURCES) and file.file_size <= _LARGEST_SOURCE:
                text = archive.read(file)
                match = _NAME.search(text)
                if match:
                    line = text.count(b"\n", 0, match.start()) + 1
                    yield f"{file.filename}, line {line}"


def _installed(archive: zipfile.ZipFile) -> frozenset[str]:
    """The files of Python packages in the archive, as they record them (PyPA, "Recording installed projects")."""
    records = (name for name in archive.namelist() if name.endswith(".dist-info/RECORD"))
    lines = (line for name in records for line in archive.read(name).decode("utf-8", "replace").splitlines())
    return frozenset(line.rsplit(",", 2)[0].strip('"') for line in lines)


def is_awsit_s_own(function: Mapping[str, Any]) -> bool:
    """Whether this function of a template is the one that carries out the actions of runs."""
    environment = (function.get("Properties") or {}).get("Environment") or {}
    return ALLOWED_HOSTS in (environment.get("Variables") or {})


def _object_of(function: Mapping[str, Any]) -> tuple[str, str] | None:
    """Bucket and key of a function's code, where the template names both."""
    code = (function.get("Properties") or {}).get("Code")
    if not isinstance(code, dict):
        return None
    bucket, key = code.get("S3Bucket"), code.get("S3Key")
    return (bucket, key) if isinstance(bucket, str) and isinstance(key, str) else None
