"""The key file is made once, for its owner only, and a broken one is refused."""

import json
from pathlib import Path

import pytest

from foundation.keyring import load_or_create


def test_a_missing_file_is_made_and_read_again(tmp_path: Path) -> None:
    path = tmp_path / "folder" / "keys.json"
    made = load_or_create(path)
    assert load_or_create(path) == made
    assert path.stat().st_mode & 0o777 == 0o600
    assert [file.name for file in path.parent.iterdir()] == ["keys.json"]


def test_two_installations_share_nothing(tmp_path: Path) -> None:
    one, other = load_or_create(tmp_path / "a"), load_or_create(tmp_path / "b")
    assert one.secret_key != other.secret_key
    assert one.index != other.index
    assert one.encryption != other.encryption


def test_keys_do_not_show_when_printed(tmp_path: Path) -> None:
    assert repr(load_or_create(tmp_path / "keys.json")) == "Keyring(current='1')"


@pytest.mark.parametrize("content", ["", "[]", "{}", '"text"'])
def test_what_is_no_key_file_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "keys.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ValueError, match=r"keys\.json is not a key file"):
        load_or_create(path)


@pytest.mark.parametrize("change", [{"current": "2"}, {"index": "c2hvcnQ="}, {"encryption": {"1": "c2hvcnQ="}}])
def test_a_file_that_lacks_a_key_is_refused(tmp_path: Path, change: dict[str, object]) -> None:
    path = tmp_path / "keys.json"
    load_or_create(path)
    path.write_text(json.dumps({**json.loads(path.read_text(encoding="utf-8")), **change}), encoding="utf-8")
    with pytest.raises(ValueError, match="lacks its current key"):
        load_or_create(path)
