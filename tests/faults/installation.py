"""An installation of its own for drills: a PostgreSQL that can be stopped and started, and a server before it."""

import http.client
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import psycopg
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
PATIENCE = 60.0  # seconds until what does not start is given up
TOKEN = "t" * 32


@dataclass
class Answer:
    status: int
    retry_after: str | None
    text: str


@dataclass
class Database:
    """A cluster in a folder of its own, reached by its socket; `owner` precedes commands that root may not give."""

    folder: Path
    programs: Path
    owner: list[str] = field(default_factory=list)

    def url(self, *, user: str = "postgres", name: str = "county") -> str:
        return f"postgresql:///{name}?host={self.folder}&user={user}"

    def start(self) -> None:
        options = f"-k {self.folder} -c listen_addresses='' -c fsync=off"
        self._control("start", "--log", f"{self.folder}/log", "--options", options)

    def stop(self, mode: str = "fast") -> None:
        self._control("stop", "--mode", mode)

    def execute(self, sql: str, *, name: str = "county") -> list[tuple[Any, ...]]:
        with psycopg.connect(self.url(name=name), autocommit=True) as opened:
            cursor = opened.execute(sql)
            return cursor.fetchall() if cursor.description else []

    def hang_up(self) -> None:
        """Everybody else's connections are cut."""
        self.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()")

    def _control(self, *arguments: str) -> None:
        command = [*self.owner, str(self.programs / "pg_ctl"), "--wait", "--silent", f"--pgdata={self.folder}/data"]
        subprocess.run([*command, *arguments], cwd=self.folder, check=True)


@contextmanager
def a_cluster(folder: Path) -> Iterator[Database]:
    """With a database `county` of the program's tables."""
    found = subprocess.run(["bash", str(ROOT / ".ci/postgres"), "--find"], check=True, capture_output=True, text=True)
    database = Database(folder, Path(found.stdout.strip()))
    if os.getuid() == 0:
        database.owner = ["runuser", "-u", "postgres", "--"]
        shutil.chown(folder, "postgres")
    initdb = [*database.owner, str(database.programs / "initdb"), "--pgdata=data", "--username=postgres"]
    options = ["--auth=trust", "--encoding=UTF8", "--no-locale", "--no-sync"]
    subprocess.run([*initdb, *options], cwd=folder, check=True, capture_output=True)
    database.start()
    try:
        database.execute("CREATE DATABASE county", name="postgres")
        yield database
    finally:
        database.stop("immediate")


@dataclass
class Installation:
    """The program with its environment; commands and the server run in processes of their own."""

    database: Database
    environ: dict[str, str]
    port: int = 0

    def manage(self, *arguments: str, **environ: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.environ | environ,
            capture_output=True,
            text=True,
            check=False,
        )

    @contextmanager
    def served(self) -> Iterator[None]:
        """By gunicorn, as in production, with one worker."""
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        command = [sys.executable, "-m", "gunicorn", "config.wsgi", f"--bind=127.0.0.1:{self.port}"]
        with subprocess.Popen(
            command, cwd=ROOT, env=self.environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ) as process:
            try:
                self._wait_for(process)
                yield
            finally:
                process.terminate()

    def get(self, path: str, *, session: str = "") -> Answer:
        return self._ask("GET", path, session)

    def post(self, path: str, fields: dict[str, str], *, session: str = "") -> Answer:
        return self._ask("POST", path, session, urlencode(fields | {"csrfmiddlewaretoken": TOKEN}))

    def _ask(self, method: str, path: str, session: str, body: str | None = None) -> Answer:
        headers = {"Cookie": f"sessionid={session}; csrftoken={TOKEN}"}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request(method, path, body=body, headers=headers)
        response = connection.getresponse()
        answer = Answer(response.status, response.headers["Retry-After"], response.read().decode())
        connection.close()
        return answer

    def _wait_for(self, process: "subprocess.Popen[bytes]") -> None:
        last = time.monotonic() + PATIENCE
        while True:
            try:
                assert self.get("/healthz").status == 200
            except ConnectionRefusedError:
                assert time.monotonic() < last, "the server did not start"
                assert process.poll() is None, "the server stopped"
            else:
                return
