"""The certificate that a client shows in TLS."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Self

from pydantic import Field, model_validator

from awsit.actions.http_call.utf8 import in_utf8
from awsit.actions.params import Params
from awsit.model.files import FileSource
from awsit.model.http import ClientCertificate
from awsit.model.json import Json

_FILES = ("certificate_file", "key_file")


class ClientCertificateParams(Params):
    """Certificate and private key in PEM, each as text or in a file; without a key, the certificate's PEM holds it."""

    certificate: str | None = Field(
        default=None, description="Certificate in PEM, with those of its issuers; take it from `secret()`."
    )
    certificate_file: str | None = Field(
        default=None,
        min_length=1,
        description="The same in a file: a path relative to the file in which it is written.",
    )
    key: str | None = Field(default=None, description="Private key in PEM; take it from `secret()`.")
    key_file: str | None = Field(default=None, min_length=1, description="The same in a file.")
    password: str = Field(default="", description="Password of the private key, if it has one.")

    @model_validator(mode="after")
    def _one_each(self) -> Self:
        if (self.certificate is None) == (self.certificate_file is None):
            raise ValueError("must hold either `certificate` or `certificate_file`")
        if self.key is not None and self.key_file is not None:
            raise ValueError("must not hold both `key` and `key_file`")
        return self

    def read(self, files: FileSource) -> ClientCertificate:
        """Certificate and key as they are used. Raises ActionError of kind validation."""
        certificate = self._content(self.certificate, self.certificate_file, files)
        return ClientCertificate(certificate, self._content(self.key, self.key_file, files), self.password)

    def _content(self, text: str | None, file: str | None, files: FileSource) -> bytes:
        return files.read(file) if file is not None else in_utf8(text or "", "client_certificate")


def named_files(certificate: Json) -> Iterator[tuple[str, Json]]:
    """Place and name of each file; the params need not be right."""
    if isinstance(certificate, Mapping):
        yield from ((f"client_certificate.{key}", certificate[key]) for key in _FILES if key in certificate)
