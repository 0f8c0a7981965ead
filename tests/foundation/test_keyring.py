"""The key file: made once for its owner only; one that is missing, broken or open to everybody is refused."""

import base64
import json
from pathlib import Path

import pytest

from foundation.keyring import Keyring, KeysMissing, KeysUnusable, create, fresh, load


def a_key_file(path: Path, **changed: object) -> Keyring:
    """Fresh keys in a file, in which these entries are others; None takes one out."""
    made = fresh()
    create(path, made)
    content = json.loads(path.read_text(encoding="utf-8")) | changed
    kept = {name: value for name, value in content.items() if value is not None}
    path.write_text(json.dumps(kept), encoding="utf-8")
    return made


def test_what_was_made_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "folder" / "keys.json"
    made = fresh()
    create(path, made)
    assert load(path) == made
    assert path.stat().st_mode & 0o777 == 0o600
    assert [file.name for file in path.parent.iterdir()] == ["keys.json"]


def test_a_file_that_is_there_is_not_overwritten(tmp_path: Path) -> None:
    made = a_key_file(tmp_path / "keys.json")
    with pytest.raises(FileExistsError):
        create(tmp_path / "keys.json", fresh())
    assert load(tmp_path / "keys.json") == made
    assert len(list(tmp_path.iterdir())) == 1


def test_two_installations_share_no_key_and_no_two_keys_of_one_are_the_same() -> None:
    keys = [key for ring in (fresh(), fresh()) for key in (ring.index, ring.seal, *ring.encryption.values())]
    assert len(set(keys)) == 6


def test_keys_do_not_show_when_printed() -> None:
    assert repr(fresh()) == "Keyring(current='1')"


def test_a_missing_file_is_told_apart(tmp_path: Path) -> None:
    with pytest.raises(KeysMissing, match="不存在"):
        load(tmp_path / "keys.json")


@pytest.mark.parametrize("content", ["", "[]", "{}", '"text"', '{"encryption": {"1": "="}}'])
def test_what_is_no_key_file_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "keys.json"
    path.touch(mode=0o600)
    path.write_text(content, encoding="utf-8")
    with pytest.raises(KeysUnusable, match="不是本系统的密钥文件"):
        load(path)


@pytest.mark.parametrize(
    "change", [{"current": "2"}, {"index": "c2hvcnQ="}, {"seal": "c2hvcnQ="}, {"encryption": {"1": "c2hvcnQ="}}]
)
def test_a_file_that_lacks_a_key_is_refused(tmp_path: Path, change: dict[str, object]) -> None:
    a_key_file(tmp_path / "keys.json", **change)
    with pytest.raises(KeysUnusable, match="缺少正在使用的密钥"):
        load(tmp_path / "keys.json")


@pytest.mark.parametrize(("mode", "is_open"), [(0o604, True), (0o620, True), (0o600, False), (0o440, False)])
def test_a_file_that_others_may_read_or_write_is_refused(tmp_path: Path, mode: int, is_open: bool) -> None:
    made = a_key_file(tmp_path / "keys.json")
    (tmp_path / "keys.json").chmod(mode)
    if is_open:
        with pytest.raises(KeysUnusable, match="其他用户也能读写"):
            load(tmp_path / "keys.json")
    else:
        assert load(tmp_path / "keys.json") == made


def test_what_cannot_be_read_is_refused(tmp_path: Path) -> None:
    (tmp_path / "keys.json").mkdir()
    with pytest.raises(KeysUnusable, match="读不出"):
        load(tmp_path / "keys.json")


def test_a_file_from_before_seals_had_a_key_gets_one_that_is_the_old_ones(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    made = a_key_file(path, seal=None)
    taken_over = load(path)
    assert taken_over.seal == taken_over.index == made.index
    assert json.loads(path.read_text(encoding="utf-8"))["seal"] == base64.b64encode(made.index).decode()
    assert load(path) == taken_over
    assert path.stat().st_mode & 0o777 == 0o600


def test_the_id_of_a_key_depends_on_the_key_and_what_it_is_for() -> None:
    ring = fresh()
    assert set(ring.key_ids()) == {"seal", "index", "encryption 1"}
    same = Keyring("", "1", {"1": ring.seal}, ring.seal, ring.seal)
    assert len({*same.key_ids().values(), *fresh().key_ids().values()}) == 6
