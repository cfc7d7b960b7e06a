"""How the documentation is built: ``sphinx-build -W docs docs/_build``."""

import doctest
import re
import warnings
from pathlib import Path

import redlines

project = "redlines"
author = "The redlines developers"
copyright = "2026, the redlines developers"
version = release = redlines.__version__

extensions = [
    "myst_parser",
    "numpydoc",
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "sphinx.ext.mathjax",
    "sphinx_design",
    "sphinx_gallery.gen_gallery",
    "sphinxcontrib.bibtex",
]
exclude_patterns = ["_build", "gallery/**/*.ipynb", "gallery/**/*.py", "**/*.zip"]
default_role = "py:obj"  # names of things link, names of arguments stay as they are
nitpicky = False

# ------------------------------------------------------------------------------ pages
html_theme = "pydata_sphinx_theme"
html_title = "redlines"
html_show_sourcelink = False
html_static_path = ["_static"]
html_css_files = ["wide.css"]
html_theme_options = {
    "navigation_with_keys": False,
    "secondary_sidebar_items": ["page-toc"],
    "show_prev_next": False,
}
myst_enable_extensions = ["colon_fence", "deflist", "dollarmath"]
myst_heading_anchors = 3
bibtex_bibfiles = ["references.bib"]
bibtex_default_style = "plain"
bibtex_reference_style = "author_year"

# -------------------------------------------------------------------------- reference
autodoc_member_order = "bysource"
autodoc_typehints = "none"  # the types stand in the docstrings, in words
numpydoc_show_class_members = False
numpydoc_class_members_toctree = False

# ---------------------------------------------------------------------------- gallery
sphinx_gallery_conf = {
    "examples_dirs": ["../examples"],
    "gallery_dirs": ["gallery"],
    "filename_pattern": r"\.py$",  # every example is executed
    "abort_on_example_error": True,
    "download_all_examples": False,
    "show_memory": False,
    "show_signature": False,
    "min_reported_time": 10_000,
    "write_computation_times": False,
}
# the gallery draws without a display and says so each time
warnings.filterwarnings("ignore", message=".*FigureCanvasAgg is non-interactive.*")

# A key of the bibliography stands in a docstring as [key]_, which reads well in a
# terminal; here it becomes a citation.
KEY = re.compile(r"\[([a-z]+[0-9]{4}[a-z]?)\]_")


def _cite(app, what, name, obj, options, lines):
    lines[:] = [KEY.sub(r":cite:t:`\1`", line) for line in lines]


def _execute(app):
    """Run what the pages show; an output that differs ends the build."""
    from sphinx.errors import ExtensionError

    flags = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS
    for page in sorted(Path(app.srcdir).rglob("*.md")):
        found = doctest.testfile(str(page), module_relative=False, optionflags=flags)
        if found.failed:
            raise ExtensionError(f"{page}: {found.failed} examples show something else")


def _tell(app):
    """A page for each scenario, from the scenario itself, and the table of all."""
    from redlines.io.report import overview

    folder = Path(app.srcdir, "scenarios", "generated")
    folder.mkdir(exist_ok=True)
    scenarios = [redlines.load(name) for name in redlines.scenario_names()]
    for scenario in scenarios:

        def place(picture):
            (folder / f"{picture.name}.png").write_bytes(picture.png)
            return f"{picture.name}.png"

        page = scenario.report().as_markdown(place)
        (folder / f"{scenario.name}.md").write_text(page, encoding="utf-8")
    head, *rows = overview(scenarios).rows
    lines = ["| " + " | ".join(head) + " |", "|" + " --- |" * len(head)]
    for name, *cells in rows:
        cells = [cell.replace("|", "\\|").replace("*", "\\*") for cell in cells]
        lines.append(f"| [{name}](generated/{name}.md) | " + " | ".join(cells) + " |")
    # no page of its own: the index includes it
    (folder / "overview.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")


def setup(app):
    """Connect what is ours to Sphinx."""
    app.connect("builder-inited", _tell, priority=400)
    app.connect("builder-inited", _execute)
    # before numpydoc, which takes such keys for footnotes of its own
    app.connect("autodoc-process-docstring", _cite, priority=100)
