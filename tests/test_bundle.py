"""The bundle for a closed network: complete, the same each time, checked, and installed without an index.

The real scripts and pip work here on a small project that needs one wheel, made on the spot; nothing is fetched.
"""

import hashlib
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
WHEEL = "bundled-1.0-py3-none-any.whl"
# In the place of the project's own: says that it was run, and writes as the settings would.
MANAGE = """
import os, pathlib, bundled
pathlib.Path(os.environ["VAR_DIR"], "keys.json").touch()
print("checked with", bundled.__name__)
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with its bundle in var/bundle."""
    folder = tmp_path_factory.mktemp("project")
    shutil.copytree(ROOT / ".ci", folder / ".ci")
    (folder / ".venv").symlink_to(sys.prefix)
    (folder / "manage.py").write_text(MANAGE)
    (folder / "static").mkdir()
    (folder / "static" / "样式.css").write_text("")
    for made in (".installed", "var/keys.json", "__pycache__/manage.pyc", ".mypy_cache/x"):
        (folder / made).parent.mkdir(exist_ok=True)
        (folder / made).touch()
    wheels = tmp_path_factory.mktemp("index")
    digest = a_wheel(wheels / WHEEL)
    (folder / "requirements.txt").write_text(f"bundled==1.0 \\\n    --hash=sha256:{digest}\n")
    make_bundle(folder, wheels)
    return folder


def a_wheel(path: Path) -> str:
    """A wheel of one module; its SHA-256."""
    metadata = "Metadata-Version: 2.1\nName: bundled\nVersion: 1.0\n"
    with zipfile.ZipFile(path, "w") as wheel:
        wheel.writestr("bundled.py", "")
        wheel.writestr("bundled-1.0.dist-info/METADATA", metadata)
        wheel.writestr("bundled-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr("bundled-1.0.dist-info/RECORD", "")
    return sha256(path)


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def run(*command: str | Path, wheels: Path | None = None) -> subprocess.CompletedProcess[str]:
    """With no index to ask: pip looks into `wheels` or, where there are none, nowhere."""
    environ = {
        "PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin",
        "PIP_NO_INDEX": "1",
        "PIP_CONFIG_FILE": "/dev/null",
    }
    if wheels is not None:
        environ["PIP_FIND_LINKS"] = str(wheels)
    return subprocess.run(command, env=environ, capture_output=True, text=True, check=False)


def make_bundle(folder: Path, wheels: Path) -> None:
    made = run("sh", folder / ".ci" / "bundle", wheels=wheels)
    assert made.returncode == 0, made.stderr


def listed(bundle: Path) -> dict[str, str]:
    """Digest by name, as SHA256SUMS has them."""
    lines = (line.split("  ", 1) for line in (bundle / "SHA256SUMS").read_text().splitlines())
    return {name.removeprefix("./"): digest for digest, name in lines}


def archived(folder: Path) -> dict[str, int]:
    """Names in the archive of the source with their time, in seconds."""
    with tarfile.open(folder / "var" / "bundle" / "source.tar.gz") as archive:
        return {member.name.removeprefix("./"): int(member.mtime) for member in archive.getmembers()}


def test_every_file_is_listed_with_its_digest(project: Path) -> None:
    bundle = project / "var" / "bundle"
    found = {str(path.relative_to(bundle)): sha256(path) for path in bundle.rglob("*") if path.is_file()}
    del found["SHA256SUMS"]
    assert listed(bundle) == found
    assert {"install.sh", "requirements.txt", "source.tar.gz", f"wheels/{WHEEL}"} <= set(found)


def test_the_source_is_what_was_written_and_nothing_that_a_machine_made(project: Path) -> None:
    scripts = {f".ci/{path.name}" for path in (ROOT / ".ci").iterdir()}
    assert set(archived(project)) == {"manage.py", "requirements.txt", "static/样式.css", *scripts}


@pytest.mark.skipif(shutil.which("git") is None, reason="no git on this machine")
def test_in_a_repository_the_source_is_what_was_committed(project: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(project, tmp_path / "project", symlinks=True)
    git = ("git", "-C", folder, "-c", "user.name=a", "-c", "user.email=b", "-c", "init.defaultBranch=main")
    run(*git, "init")
    run(*git, "add", "manage.py", "requirements.txt", ".ci")
    run(*git, "commit", "--message", "c")
    make_bundle(folder, project / "var" / "bundle" / "wheels")
    assert "static/样式.css" not in archived(folder)
    committed_at = run(*git, "log", "-1", "--format=%ct").stdout
    assert archived(folder)["manage.py"] == int(committed_at)


def test_the_same_files_make_the_same_bundle(project: Path, tmp_path: Path) -> None:
    bundle = project / "var" / "bundle"
    before = listed(bundle)
    shutil.copytree(bundle / "wheels", tmp_path / "wheels")
    (bundle / "left-over.whl").touch()
    make_bundle(project, tmp_path / "wheels")
    assert listed(bundle) == before
    assert not (bundle / "left-over.whl").exists()


def test_it_installs_without_an_index_and_leaves_no_keys(project: Path, tmp_path: Path) -> None:
    installed = run("sh", project / "var" / "bundle" / "install.sh", tmp_path / "county")
    assert installed.returncode == 0, installed.stderr
    assert "checked with bundled" in installed.stdout
    assert (tmp_path / "county" / ".venv" / ".requirements").exists()
    assert not (tmp_path / "county" / "var").exists()
    assert (tmp_path / "county" / ".installed").exists()  # no database or keys by itself from now on


@pytest.mark.parametrize("changed", [f"wheels/{WHEEL}", "source.tar.gz", "install.sh"])
def test_a_bundle_that_was_changed_is_refused(project: Path, tmp_path: Path, changed: str) -> None:
    bundle = shutil.copytree(project / "var" / "bundle", tmp_path / "bundle")
    with (bundle / changed).open("ab") as file:
        file.write(b"\n#")
    refused = run("sh", bundle / "install.sh", tmp_path / "county")
    assert refused.returncode == 1
    assert "damaged or was changed" in refused.stderr
    assert not (tmp_path / "county").exists()


def test_another_python_is_refused_by_name(project: Path, tmp_path: Path) -> None:
    bundle = shutil.copytree(project / "var" / "bundle", tmp_path / "bundle")
    (bundle / "PLATFORM").write_text("3.1 linux-x86_64\n")
    lines = (line for line in (bundle / "SHA256SUMS").read_text().splitlines() if not line.endswith("/PLATFORM"))
    (bundle / "SHA256SUMS").write_text("\n".join(lines) + "\n")
    refused = run("sh", bundle / "install.sh", tmp_path / "county")
    assert refused.returncode == 1
    assert "for Python 3.1 linux-x86_64" in refused.stderr


def test_a_folder_that_is_there_is_left_alone(project: Path, tmp_path: Path) -> None:
    refused = run("sh", project / "var" / "bundle" / "install.sh", tmp_path)
    assert refused.returncode == 1
    assert "is there already" in refused.stderr
    assert list(tmp_path.iterdir()) == []
