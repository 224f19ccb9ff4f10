"""A hook of MkDocs: pages at the top of the repository become pages of the site, and links to its files are turned.

`docs/` is read on GitHub too, where `../../ci/gitlab.yml` leads to the file; on the site, to `extra.repository`.
"""

import posixpath
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

CHANGES = "CHANGELOG.md"
TOP_PAGES = ("ARCHITECTURE.md", "CONTRIBUTING.md", "SECURITY.md", CHANGES)
BLOCK = re.compile(r"^```.*?^```$", re.DOTALL | re.MULTILINE)
CODE = re.compile(r"<pre\b.*?</pre>", re.DOTALL)
INLINE = re.compile(r"(?s)<pre\b.*?</pre>|<code>(.*?)</code>")
OPTION = re.compile(r"--[\w-]+")
LEFT_AS_TEXT = re.compile(r"\|---\||^(?:<p>)?[-|] ", re.MULTILINE)
"""A table or a list that stands on the site as it was typed."""
ANSWERS = ("write/recipes.md", "start/coming_from.md", "faq.md")
"""Pages of short answers, which the search shows before others with the same words."""
LINK = re.compile(r"(?<=\]\()(?!https?://|#)([^)#\s]+)")


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Put the files of a folder in the place of `folder/*.md` in the tree of pages."""
    config.nav = expanded(config.nav, Path(config.docs_dir))
    return config


def expanded(entry: Any, docs: Path) -> Any:
    """A part of the tree, in which each pattern is a list of files."""
    if isinstance(entry, list):
        return [expanded(each, docs) for each in entry]
    if isinstance(entry, dict):
        return {title: expanded(below, docs) for title, below in entry.items()}
    if "*" not in entry:
        return entry
    files = sorted(docs.glob(entry), key=lambda path: (path.stem != "index", path.stem))
    return [{"Overview" if path.stem == "index" else path.stem: path.relative_to(docs).as_posix()} for path in files]


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages at the top of the repository."""
    for name in TOP_PAGES:
        content = Path(name).read_text(encoding="utf-8")
        files.append(File.generated(config, name, content=content + (unreleased() if name == CHANGES else "")))
    return files


def unreleased() -> str:
    """The changes that no release has yet, as the next one will list them."""
    if not any(Path("changelog.d").glob("*.md")):
        return ""
    draft = [sys.executable, "-m", "towncrier", "build", "--draft", "--version", "Not released yet"]
    return subprocess.run(draft, check=True, capture_output=True, text=True, encoding="utf-8").stdout


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Turn each link of a page into one that holds on the site, and put empty lines around its blocks of code.

    GitHub needs no such line; MkDocs leaves a table or list that follows a block at once as text.
    """
    source = page.file.src_uri
    if source in ANSWERS:
        page.meta["search"] = {"boost": 4}
    folder = "" if source in TOP_PAGES else posixpath.dirname(f"docs/{source}")

    def on_site(link: re.Match[str]) -> str:
        target = posixpath.normpath(posixpath.join(folder, link[1]))
        place = target if target in TOP_PAGES else target.removeprefix("docs/")
        if place.endswith(".md") or files.get_file_from_path(place):
            return posixpath.relpath(place, posixpath.dirname(source) or ".")
        return f"{config.extra['repository']}/blob/main/{target}"

    return LINK.sub(on_site, BLOCK.sub(lambda block: f"\n{block[0]}\n", markdown))


def on_page_content(html: str, page: Page, **_: Any) -> str:
    """Keep options on one line. Raises PluginError for a page with a table or list that stayed text."""
    shown = CODE.sub("", html)
    if found := LEFT_AS_TEXT.search(shown):
        text = shown[found.start() : found.start() + 80]
        raise PluginError(f"{page.file.src_uri} shows the marks of a table or list, as in {text!r}")
    return INLINE.sub(unbroken, html)


def unbroken(code: re.Match[str]) -> str:
    """A piece of code in a line, with marks around its options, which browsers would break after their dashes."""
    return OPTION.sub(r'<span class="option">\g<0></span>', code[0]) if code[1] else code[0]
