"""The package as a whole: names, import time, types, and what is easily forgotten."""

from __future__ import annotations

import importlib
import inspect
import os
import pkgutil
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from types import ModuleType

import pytest

import redlines as rl

ROOT = Path(__file__).parents[1]
HEAVY = {
    "flint",
    "matplotlib",
    "nashpy",
    "numpy",
    "pandas",
    "scipy",
    "sympy",
    "xarray",
    "z3",
}


def submodules() -> list[str]:
    return [name for _, name, _ in pkgutil.walk_packages(rl.__path__, "redlines.")]


# ------------------------------------------------------------------------------ names
def test_all_is_what_can_be_imported() -> None:
    assert list(rl.__all__) == sorted(rl.__all__, key=_as_ruff_sorts)
    assert len(set(rl.__all__)) == len(rl.__all__)
    for name in rl.__all__:
        assert getattr(rl, name) is not None
    code = f"from redlines import {', '.join(rl.__all__)}"
    subprocess.run([sys.executable, "-c", code], check=True)


def _as_ruff_sorts(name: str) -> tuple[int, str]:
    """Constants, then classes, then the rest."""
    word = name.strip("_")
    kind = 0 if len(word) > 1 and word.isupper() else 1 if word[0].isupper() else 2
    return kind, name


def test_every_public_name_of_the_core_is_exported() -> None:
    public = {name for name in vars(rl) if not name.startswith("_")}
    modules = {name for name in public if isinstance(getattr(rl, name), ModuleType)}
    assert public - modules - {"TYPE_CHECKING"} <= set(rl.__all__)
    errors = importlib.import_module("redlines.errors")
    assert set(errors.__all__) <= set(rl.__all__)


def test_a_name_is_the_same_before_and_after_importing_every_module() -> None:
    code = """
import importlib, pkgutil
import redlines as rl
before = {name: getattr(rl, name) for name in rl.__all__}
for _, name, _ in pkgutil.walk_packages(rl.__path__, "redlines."):
    importlib.import_module(name)
for name, value in before.items():
    assert getattr(rl, name) is value, name
"""
    subprocess.run([sys.executable, "-c", code], check=True)


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="module 'redlines' has no attribute 'sol"):
        rl.solv  # type: ignore[attr-defined]  # noqa: B018
    assert set(dir(rl)) >= set(rl.__all__)


@pytest.mark.parametrize("name", sorted(set(rl.__all__) - {"__version__"}))
def test_every_public_name_says_what_it_is(name: str) -> None:
    value = getattr(rl, name)
    if name in {"RUSSIA", "US", "REST", "Amount"}:
        return
    assert inspect.getdoc(value)
    if inspect.isclass(value):
        for attribute, member in vars(value).items():
            if not attribute.startswith("_") and (
                inspect.isfunction(member) or isinstance(member, property)
            ):
                assert inspect.getdoc(member), f"{name}.{attribute}"


def test_every_module_says_who_reads_it() -> None:
    for name in submodules():
        module = importlib.import_module(name)
        assert module.__doc__, name
        if not hasattr(module, "__path__") and ".scenarios." not in name:
            assert re.search(r"\bReads: ", module.__doc__), name


# ------------------------------------------------------------------------ import time
def seconds(statement: str) -> float:
    """The least time of seven that a fresh interpreter needs for a statement."""
    code = (
        "import time; start = time.perf_counter()\n"
        f"{statement}\n"
        "print(time.perf_counter() - start)"
    )
    return min(
        float(subprocess.check_output([sys.executable, "-c", code], text=True))
        for _ in range(7)
    )


def test_import_is_quick() -> None:
    ours, numpy = seconds("import redlines"), seconds("import numpy")
    # 0.15 s, or where the machine is slow no more than numpy takes
    assert ours < max(0.15, numpy), f"redlines {ours:.3f} s, numpy {numpy:.3f} s"


def test_import_and_unfolding_read_nothing_heavy() -> None:
    code = """
import sys
import redlines as rl

@rl.game(rl.US, rl.RUSSIA)
def story(play, stake=rl.Positive("stake")):
    play.move(rl.US, "x", ["a", "b"])
    play.pay({rl.US: stake / 2})

str(story.bind(stake="1/3"))
rl.escalation
print(*{name.partition(".")[0] for name in sys.modules})
"""
    loaded = subprocess.check_output([sys.executable, "-c", code], text=True).split()
    assert not HEAVY & set(loaded)


# ------------------------------------------------------------------------------ types
STORY = """
from typing import assert_type

import redlines as rl
from redlines import RUSSIA, US


def deter(play: rl.Play, cost: rl.Number) -> bool:
    play.pay({US: -cost, RUSSIA: 1 - cost / 2}, because="signal")
    return play.move(RUSSIA, "act", ["cross", "refrain"]) == "refrain"


@rl.game(US, RUSSIA)
def story(
    play: rl.Play,
    resolved: rl.Number = rl.Probability("chance of resolve"),
    cost: rl.Number = rl.Positive("cost"),
    rungs: int = 3,
) -> None:
    play.draw("resolve", {"high": resolved, "low": rl.REST}, seen_by=US)
    for _ in range(rungs):
        if not deter(play, cost):
            play.mark("crossed")


assert_type(story, rl.Game)
assert_type(story.bind(cost=1, resolved="1/3"), rl.Game)
assert_type(story(rungs=4), rl.Game)
for terminal in story.terminals:
    print(terminal.history, terminal.payoffs[US])
wanted: rl.Amount = "1/3"
error: type[ValueError] = rl.StoryError
"""


def mypy(path: Path) -> subprocess.CompletedProcess[str]:
    # in a folder and with a configuration of its own, as a user's file is checked
    options = ["--strict", "--no-incremental", "--follow-imports=silent"]
    return subprocess.run(
        [sys.executable, "-m", "mypy", *options, path.name],
        cwd=path.parent,
        env={**os.environ, "MYPYPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )


def test_an_annotated_story_passes_mypy(tmp_path) -> None:
    path = tmp_path / "story.py"
    path.write_text(STORY, encoding="utf-8")
    checked = mypy(path)
    assert checked.returncode == 0, checked.stdout


def test_a_misspelt_name_does_not_pass_mypy(tmp_path) -> None:
    path = tmp_path / "story.py"
    path.write_text("import redlines as rl\nrl.sovle\nrl.solve\n", encoding="utf-8")
    wrong = mypy(path).stdout
    assert 'story.py:2: error: Module has no attribute "sovle"' in wrong
    assert "Found 1 error" in wrong


# ---------------------------------------------------------------- what is forgotten
def test_every_reference_in_a_docstring_exists() -> None:
    known = set(
        re.findall(
            r"^@\w+\{([^,]+),",
            (ROOT / "docs/references.bib").read_text(encoding="utf-8"),
            flags=re.MULTILINE,
        )
    )
    assert known
    cited: dict[str, set[str]] = {}
    for folder, pattern in (
        ("redlines", "*.py"),
        ("docs", "*.md"),
        ("examples", "*.py"),
    ):
        for path in (ROOT / folder).rglob(pattern):
            text = path.read_text(encoding="utf-8")
            for keys in re.findall(r"\{?:?cite:?[a-z]*[:}]`([^`]+)`", text):
                for key in keys.split(","):
                    cited.setdefault(key.strip(), set()).add(path.name)
            for key in re.findall(r"\[(\w+?[0-9]{4}\w?)\]_", text):
                cited.setdefault(key, set()).add(path.name)
    assert {key: where for key, where in cited.items() if key not in known} == {}


def test_the_version_is_stated_once_and_the_same() -> None:
    citation = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert f"version: {rl.__version__}" in citation
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert project["project"]["dynamic"] == ["version"]


def test_ci_runs_the_command_of_the_readme() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    (command,) = re.findall(r"^python3 -m venv .*pytest$", readme, flags=re.MULTILINE)
    assert "pip install -e '.[test]'" in command
    script = (ROOT / ".ci/run").read_text(encoding="utf-8")
    assert "README.md" in script
    assert "pytest$" in script


def test_no_test_file_grows_past_what_one_reads() -> None:
    for path in (ROOT / "tests").rglob("*.py"):
        lines = len(path.read_text(encoding="utf-8").splitlines())
        assert lines <= 450, f"{path.name} has {lines} lines; split it by claim"
