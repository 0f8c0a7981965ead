"""A server process of its own before hostile uploads: soon done with each, no heavier after many, still answering."""

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from uuid import uuid4

import pytest
from django.conf import settings

from tests.pages.hostile import GOOD, REFUSED, flipped

MEGABYTE = 1 << 20
SECONDS, STARTING_SECONDS = 2.0, 60.0
HEAVIER = 24 * MEGABYTE
TOKEN = "t" * 32
PREPARE = """
from django.contrib.auth import SESSION_KEY, BACKEND_SESSION_KEY, HASH_SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from accounts.enums import Role
from accounts.models import User
from townships.models import County, Township
county = County.objects.create(code="330226", name="宁海县")
township = Township.objects.create(county=county, code="330226001", name="跃龙街道")
clerk = User.objects.create_user(username="clerk", password="correct-horse-battery", role=Role.TOWNSHIP_CLERK,
                                 township=township)
session = SessionStore()
session[SESSION_KEY] = str(clerk.pk)
session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
session[HASH_SESSION_KEY] = clerk.get_session_auth_hash()
session.save()
import sys
sys.stdout.write("session " + session.session_key)
"""

pytestmark = pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="needs the process table of Linux")


@dataclass(frozen=True)
class Server:
    process: "subprocess.Popen[bytes]"
    port: int
    session: str

    def answer(self, content: bytes | None = None, name: str = "") -> tuple[int, str]:
        """Status and text of the upload page, or of an upload."""
        headers = {"Cookie": f"sessionid={self.session}; csrftoken={TOKEN}"}
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        if content is None:
            connection.request("GET", "/people/import/", headers=headers)
        else:
            boundary = uuid4().hex
            headers["Content-Type"] = f"multipart/form-data; boundary={boundary}"
            connection.request("POST", "/people/import/", body=_multipart(boundary, content, name), headers=headers)
        response = connection.getresponse()
        text = response.read().decode()
        connection.close()
        return response.status, text

    def memory(self) -> int:
        """Bytes of the process that are in memory."""
        status = Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii")
        line = next(line for line in status.splitlines() if line.startswith("VmRSS:"))
        return int(line.split()[1]) * 1024

    def seconds(self) -> float:
        """Processor time of the process and of the children it has waited for."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        return sum(int(ticks) for ticks in fields[11:15]) / os.sysconf("SC_CLK_TCK")


def _multipart(boundary: str, content: bytes, name: str) -> bytes:
    token = f'--{boundary}\r\nContent-Disposition: form-data; name="csrfmiddlewaretoken"\r\n\r\n{TOKEN}\r\n'
    file = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
    return token.encode() + file.encode() + content + f"\r\n--{boundary}--\r\n".encode()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """A server with a database of its own, in which a clerk has logged in."""
    environment = os.environ | {"DATABASE_URL": f"sqlite:///{tmp_path}/live.sqlite3", "VAR_DIR": str(tmp_path)}
    environment.pop("KEY_FILE", None)

    def manage(*arguments: str) -> list[str]:
        return [sys.executable, str(settings.BASE_DIR / "manage.py"), *arguments]

    subprocess.run(manage("migrate", "--verbosity=0"), env=environment, check=True)
    prepared = subprocess.run(manage("shell", "-c", PREPARE), env=environment, check=True, capture_output=True)
    session = prepared.stdout.decode().rpartition("session ")[2].strip()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with subprocess.Popen(
        manage("runserver", f"127.0.0.1:{port}", "--noreload"),
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        try:
            running = Server(process, port, session)
            _wait_for(running)
            yield running
        finally:
            process.terminate()


def _wait_for(server: Server) -> None:
    last = time.monotonic() + STARTING_SECONDS
    while True:
        try:
            status, _ = server.answer()
        except ConnectionRefusedError:
            assert time.monotonic() < last, "the server did not start"
            assert server.process.poll() is None, "the server stopped"
            continue
        assert status == 200
        return


def test_hostile_uploads_leave_the_server_as_it_was(server: Server) -> None:
    def upload(content: bytes, name: str) -> tuple[int, str]:
        before = server.seconds()
        status, text = server.answer(content, name)
        assert server.seconds() - before < SECONDS, name
        assert server.answer()[0] == 200, f"after {name} nothing was answered"
        return status, text

    def everything(seeds: range) -> None:
        for name, words, content in REFUSED:
            status, text = upload(content, name)
            assert (status, words in text) == (400, True), name
        for seed in seeds:
            assert upload(flipped(seed), "翻转.xlsx")[0] in (302, 400)
        assert upload(GOOD, "好.xlsx")[0] == 302
        for length in Random(1).choices(range(4, len(GOOD)), k=5):
            assert upload(GOOD[:length], "截断.xlsx")[0] == 400

    everything(range(5))
    before = server.memory()
    for round_ in range(1, 4):
        everything(range(10 * round_, 10 * round_ + 10))
    assert server.memory() - before < HEAVIER
