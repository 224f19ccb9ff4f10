"""What a shell offers for the words of a command line (`_AWSIT_COMPLETE`, click's "Shell Completion")."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem


def files(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[CompletionItem[str]]:
    """Have the shell complete the names of files and folders, as it does for its own commands."""
    from click.shell_completion import CompletionItem  # only where a line is completed

    return [CompletionItem(incomplete, type="file")]
