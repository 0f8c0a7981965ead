"""A command or a server that cannot begin says why in one Chinese sentence, without a traceback."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
MARK = ".installed"
SERVED = ("-c", "import config.wsgi")


@pytest.fixture(scope="module")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a migrated database that holds a township, its keys, and its settings."""
    folder = tmp_path_factory.mktemp("county")
    run(folder, "manage.py", "migrate", "--verbosity=0")
    run(folder, "manage.py", "shell", "-c", _A_COUNTY)
    assert run(folder, "manage.py", "parameters").returncode == 0
    return folder


_A_COUNTY = "from tests.builders import a_township; a_township()"


@pytest.fixture
def county(migrated: Path, tmp_path: Path) -> Path:
    return shutil.copytree(migrated, tmp_path / "county")


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """The program as the bundle installs it."""
    folder = tmp_path / "installed"
    folder.mkdir()
    for entry in ROOT.iterdir():
        if not entry.name.startswith(".") and entry.name not in ("var", "tests"):
            (folder / entry.name).symlink_to(entry)
    # By its own place the program finds its folder.
    for name in ("manage.py", "config"):
        (folder / name).unlink()
    shutil.copy(ROOT / "manage.py", folder)
    shutil.copytree(ROOT / "config", folder / "config", ignore=shutil.ignore_patterns("__pycache__"))
    (folder / MARK).touch()
    return folder


def run(
    folder: Path, *arguments: str, program: Path | None = None, **environ: str
) -> "subprocess.CompletedProcess[str]":
    given = {"DATABASE_URL": f"sqlite:///{folder}/county.sqlite3", "VAR_DIR": str(folder)} | environ
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=program,
        env={"PATH": os.environ["PATH"], "PYTHONDONTWRITEBYTECODE": "1", **given},
        capture_output=True,
        text=True,
        check=False,
    )


def assert_one_sentence(done: "subprocess.CompletedProcess[str]", words: str, *, status: int) -> None:
    assert (done.returncode, done.stdout) == (status, ""), done.stderr
    (line,) = done.stderr.splitlines()
    assert words in line
    assert re.search(r"[\u4e00-\u9fff].*[。]$", line)


def other_keys(folder: Path) -> None:
    (folder / "keys.json").unlink()
    elsewhere = folder / "elsewhere"
    elsewhere.mkdir()
    run(elsewhere, "manage.py", "check")
    (elsewhere / "keys.json").rename(folder / "keys.json")


KEYS = [
    (lambda folder: (folder / "keys.json").unlink(), "数据库里已有数据"),
    (other_keys, "不是这个数据库的密钥文件"),
    (lambda folder: (folder / "keys.json").chmod(0o644), "其他用户也能读写"),
    (lambda folder: (folder / "keys.json").write_text("{}"), "不是本系统的密钥文件"),
]


@pytest.mark.parametrize(("lose", "words"), KEYS)
def test_without_its_keys_neither_command_nor_server_begins(county: Path, lose: object, words: str) -> None:
    lose(county)  # type: ignore[operator]  # any of the functions above
    assert_one_sentence(run(county, "manage.py", "parameters"), words, status=1)
    assert_one_sentence(run(county, "manage.py", "migrate"), words, status=1)
    # gunicorn gives up at 3, instead of starting one worker after the other.
    assert_one_sentence(run(county, *SERVED, DJANGO_SETTINGS_MODULE="config.settings"), words, status=3)
    checked = run(county, "manage.py", "check", "--deploy")
    assert (checked.returncode, words in checked.stderr, "Traceback" in checked.stderr) == (1, True, False)


def test_a_database_that_was_never_migrated_is_told(tmp_path: Path) -> None:
    assert_one_sentence(run(tmp_path, "manage.py", "parameters"), "数据库比程序旧", status=1)
    served = run(tmp_path, *SERVED)
    assert (served.returncode, "数据库比程序旧" in served.stderr, served.stderr.count("\n")) == (0, True, 1)


def test_a_database_that_is_not_there_is_told(tmp_path: Path) -> None:
    run(tmp_path, "manage.py", "check")  # makes keys
    url = "postgresql://u:secret@127.0.0.1:1/county"
    gone = run(tmp_path, "manage.py", "parameters", DATABASE_URL=url)
    assert_one_sentence(gone, "连不上数据库", status=1)
    assert "secret" not in gone.stderr
    served = run(tmp_path, *SERVED, DATABASE_URL=url)
    assert (served.returncode, "连不上数据库" in served.stderr, "Traceback" in served.stderr) == (0, True, False)


@pytest.mark.parametrize(
    ("environ", "words"),
    [
        ({"DATABASE_URL": "mysql://u@h/n"}, "DATABASE_URL"),
        ({"DATABASE_URL": "postgresql://u:p@h:x/n"}, "DATABASE_URL"),
        ({"VAR_DIR": "/proc/county"}, "VAR_DIR"),
        ({"HTTPS": "ja"}, "HTTPS"),
    ],
)
def test_a_switch_that_cannot_be_is_told(tmp_path: Path, environ: dict[str, str], words: str) -> None:
    assert_one_sentence(run(tmp_path, "manage.py", "parameters", program=ROOT, **environ), words, status=1)
    assert_one_sentence(run(tmp_path, *SERVED, program=ROOT, **environ), words, status=3)


def test_help_is_given_whatever_the_settings(tmp_path: Path) -> None:
    assert run(tmp_path, "manage.py", "help", HTTPS="ja").returncode == 0


def test_an_installed_folder_gets_neither_sqlite_nor_keys_by_itself(installed: Path, tmp_path: Path) -> None:
    folder = tmp_path / "var"
    folder.mkdir()
    asked = run(folder, "manage.py", "parameters", program=installed, DATABASE_URL="")
    assert_one_sentence(asked, "没有设置环境变量 DATABASE_URL", status=1)
    assert_one_sentence(run(folder, "manage.py", "migrate", program=installed), "init_keys", status=1)
    assert_one_sentence(run(folder, *SERVED, program=installed), "init_keys", status=3)
    assert list(folder.iterdir()) == []
    made = run(folder, "manage.py", "init_keys", program=installed)
    assert (made.returncode, "已生成密钥文件" in made.stdout) == (0, True), made.stderr
    assert run(folder, "manage.py", "migrate", "--verbosity=0", program=installed).returncode == 0
    assert run(folder, *SERVED, program=installed).returncode == 0
    again = run(folder, "manage.py", "init_keys", program=installed)
    assert (again.returncode, "已有密钥文件" in again.stderr) == (1, True)
