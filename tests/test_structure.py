"""Promises about the files themselves: small, explained, without shortcuts, and true to what the README says."""

import ast
import io
import re
import tokenize
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path

from django.conf import settings
from django.core.management import get_commands

ROOT = Path(settings.BASE_DIR)
APPS = ["config", "pages", "subsidies", "staffing", "townships", "accounts", "foundation"]
LONGEST_MODULE = 500
LONGEST_TEMPLATE = 110
# Folders that the machine makes; .gitignore names them.
MADE = {"var", "__pycache__"}
TEXT = {".py", ".md", ".toml", ".txt", ".html", ".css", ".js", ".svg", ".csv", ".json", ".sh", ""}


def files(folder: Path, *suffixes: str) -> Iterator[Path]:
    """Committed files below a folder: hidden folders other than .ci and what the machine makes are left out."""
    for path in sorted(folder.iterdir()):
        if path.name == ".git":  # a folder, or a file in a linked work tree
            continue
        if path.is_dir():
            if path.name not in MADE and (not path.name.startswith(".") or path.name == ".ci"):
                yield from files(path, *suffixes)
        elif not suffixes or path.suffix in suffixes:
            yield path


ALL = list(files(ROOT))
PYTHON = [path for path in ALL if path.suffix == ".py"]
CODE = [path for path in PYTHON if path.relative_to(ROOT).parts[0] in APPS]
WRITTEN = [path for path in PYTHON if "migrations" not in path.parts]
TEMPLATES = list(files(ROOT / "templates", ".html"))
PAGES = [path for path in ALL if path.suffix == ".md"]


def source(path: Path) -> str:
    return path.read_text(encoding="utf-8")


@cache
def tree(text: str) -> ast.Module:
    return ast.parse(text)


def those(paths: Iterable[Path], is_wrong: Callable[[str], object]) -> list[str]:
    """Names of the files whose text is wrong."""
    return [str(path.relative_to(ROOT)) for path in paths if is_wrong(source(path))]


def matching(pattern: str) -> Callable[[str], object]:
    return re.compile(pattern).search


def calls(*functions: str) -> Callable[[str], object]:
    """Whether a module calls one of the built-in functions."""

    def found(text: str) -> bool:
        nodes = (node.func for node in ast.walk(tree(text)) if isinstance(node, ast.Call))
        return any(isinstance(node, ast.Name) and node.id in functions for node in nodes)

    return found


def imports_signals(text: str) -> bool:
    modules = [node.module or "" for node in ast.walk(tree(text)) if isinstance(node, ast.ImportFrom)]
    return any(module.endswith((".signals", ".dispatch")) for module in modules)


def imported(text: str) -> set[str]:
    """Modules that a module imports, and names taken from them, which may be modules too."""
    nodes = list(ast.walk(tree(text)))
    plain = {name.name for node in nodes if isinstance(node, ast.Import) for name in node.names}
    taken = [node for node in nodes if isinstance(node, ast.ImportFrom)]
    return plain | {f"{node.module}.{name.name}" for node in taken for name in node.names}


def imports_a_test(text: str) -> bool:
    """A module that pytest collects or loads itself, or something out of it."""
    return any(re.search(r"^tests\..*\b(test_\w+|conftest)\b", name) for name in imported(text))


def imports_tests(text: str) -> bool:
    return any(name.split(".")[0] == "tests" for name in imported(text))


def leaves_a_task(text: str) -> bool:
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    comments = (token.string for token in tokens if token.type == tokenize.COMMENT)
    return any(re.search(r"\b(TODO|FIXME|XXX|HACK)\b", comment) for comment in comments)


def asks_another_host(text: str) -> bool:
    addresses = re.findall(r"(?:https?:)?//[a-z0-9-]+\.[a-z0-9./-]+", text)
    return any("www.w3.org/" not in address for address in addresses)


def test_the_walk_sees_the_project() -> None:
    assert {"manage.py", "README.md", "Makefile", ".ci", *APPS} <= {path.relative_to(ROOT).parts[0] for path in ALL}


def test_no_module_is_long() -> None:
    assert those(WRITTEN, lambda text: text.count("\n") > LONGEST_MODULE) == []


def test_every_module_says_what_it_is_about() -> None:
    assert those(WRITTEN, lambda text: text.strip() and not ast.get_docstring(tree(text))) == []


def test_no_module_prints() -> None:
    assert those(CODE, calls("print", "breakpoint")) == []


def test_no_number_becomes_a_float() -> None:
    assert those(CODE, calls("float")) == []


def test_what_is_typed_into_a_form_is_rid_of_what_nobody_sees() -> None:
    """The login takes a name and a password as they are."""
    forms = [path for path in CODE if path.name not in {"fields.py"} and "accounts" not in path.parts]
    assert those(forms, matching(r"forms\.CharField\(")) == []


def test_no_signal_does_the_work_of_a_service() -> None:
    assert those(CODE, imports_signals) == []


def test_tests_import_helpers_and_no_other_test() -> None:
    tests = [path for path in PYTHON if path.relative_to(ROOT).parts[0] == "tests"]
    assert imports_a_test("from tests.subsidies.runs.test_views import text_of")
    assert imports_a_test("from tests import conftest")
    assert those(tests, imports_a_test) == []


def test_what_runs_and_what_is_measured_imports_no_test() -> None:
    measured = [path for path in PYTHON if path.relative_to(ROOT).parts[0] == "benchmarks"]
    assert imports_tests("from tests.builders import TODAY")
    assert those([*CODE, *measured], imports_tests) == []


def test_nobody_catches_that_a_page_is_not_there() -> None:
    """A link to a route that was renamed raises; nothing makes it empty."""
    assert those(CODE, matching(r"\bNoReverseMatch\b")) == []


def test_no_task_is_left_in_a_comment() -> None:
    assert those(PYTHON, leaves_a_task) == []


def test_templates_are_short() -> None:
    assert those(TEMPLATES, lambda text: text.count("\n") > LONGEST_TEMPLATE) == []


def test_templates_leave_style_and_script_to_files() -> None:
    assert those(TEMPLATES, matching(r"\s(style|on[a-z]+)\s*=|<style|<script(?![^>]*\bsrc=)")) == []


def test_a_page_asks_no_other_host() -> None:
    assert those([*TEMPLATES, *files(ROOT / "static", ".css", ".js")], asks_another_host) == []


def test_no_file_knows_a_machine() -> None:
    texts = [path for path in ALL if path.suffix in TEXT]
    assert those(texts, matching(r"(?<![\w.])/(?:root|home|work|Users)/\w")) == []


def test_what_the_machine_makes_is_not_committed() -> None:
    ignored = source(ROOT / ".gitignore").split()
    assert {"/.venv/", "/var/", "__pycache__/"} <= set(ignored)


def test_the_reader_finds_every_make_command() -> None:
    targets = set(re.findall(r"^([a-z]+):", source(ROOT / "Makefile"), re.MULTILINE))
    named = {target for page in PAGES for target in re.findall(r"\bmake ([a-z]+)\b", _commands(page))}
    assert {"demo", "test"} <= named
    assert named <= targets


def test_the_reader_finds_every_management_command() -> None:
    pages = "\n".join(source(page) for page in PAGES)
    named = set(re.findall(r"manage\.py ([a-z_]+)", pages))
    known = get_commands()
    assert named <= set(known)
    ours = {command for command, app in known.items() if app in APPS}
    assert ours <= set(re.findall(r"\b[a-z_]+\b", source(ROOT / "README.md")))


def test_the_reader_finds_every_switch_of_the_environment() -> None:
    switches = set(
        re.findall(r"(?:environ\.get|flag|words|choice)\(\"([A-Z_]+)\"", source(ROOT / "config" / "settings.py"))
    )
    assert switches
    assert {switch for switch in switches if switch not in source(ROOT / "README.md")} == set()


def test_the_reader_finds_every_folder() -> None:
    folders = {path.relative_to(ROOT).parts[0] for path in ALL if len(path.relative_to(ROOT).parts) > 1}
    assert {folder for folder in folders if f"`{folder}/`" not in source(ROOT / "README.md")} == set()


def _commands(page: Path) -> str:
    """What a page sets as code."""
    return "\n".join(re.findall(r"`[^`\n]+`|^ {4}.*$", source(page), re.MULTILINE))
