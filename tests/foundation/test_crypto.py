"""What is encrypted comes back whole, for its purpose only, under every key of the key file."""

import hmac
from dataclasses import replace

import pytest
from django.conf import settings as project_settings
from hypothesis import given
from hypothesis import strategies as st
from pytest_django.fixtures import Settings

from foundation.crypto import (
    CryptoError,
    blind_index,
    decrypt,
    decrypt_bytes,
    encrypt,
    encrypt_bytes,
    keyed_digest,
    seal_key_id,
)

NUMBER = "339900199001010012"


@given(st.text())
def test_what_goes_in_comes_out(text: str) -> None:
    assert decrypt("phone", encrypt("phone", text)) == text


@given(st.binary())
def test_a_file_comes_out_as_it_went_in(content: bytes) -> None:
    assert decrypt_bytes("file", encrypt_bytes("file", content)) == content


def test_the_same_text_is_never_stored_twice_the_same() -> None:
    assert encrypt("national_id", NUMBER) != encrypt("national_id", NUMBER)


def test_nothing_of_the_text_is_in_the_stored_value() -> None:
    assert NUMBER.encode() not in encrypt("national_id", NUMBER)


def test_a_value_of_another_field_is_refused() -> None:
    with pytest.raises(CryptoError, match="another purpose"):
        decrypt("phone", encrypt("national_id", NUMBER))


@pytest.mark.parametrize("position", range(1 + 1 + 12 + 18 + 16))
def test_one_changed_byte_anywhere_is_refused(position: int) -> None:
    stored = bytearray(encrypt("national_id", NUMBER))
    stored[position] ^= 1
    with pytest.raises(CryptoError):
        decrypt("national_id", bytes(stored))


@pytest.mark.parametrize("length", [0, 1, 2, 20, 29])
def test_a_cut_value_is_refused(length: int) -> None:
    with pytest.raises(CryptoError):
        decrypt("national_id", encrypt("national_id", NUMBER)[:length])


def test_after_a_change_of_keys_old_values_are_read_and_new_ones_use_the_new_key(settings: Settings) -> None:
    old = encrypt("national_id", NUMBER)
    ring = project_settings.KEYS
    settings.KEYS = replace(ring, current="next", encryption={**ring.encryption, "next": b"n" * 32})
    assert decrypt("national_id", old) == NUMBER
    new = encrypt("national_id", NUMBER)
    assert decrypt("national_id", new) == NUMBER
    settings.KEYS = ring
    with pytest.raises(CryptoError, match="no key 'next'"):
        decrypt("national_id", new)


def test_an_index_depends_on_text_purpose_and_key(settings: Settings) -> None:
    index = blind_index("national_id", NUMBER)
    assert len(index) == 64
    assert index == blind_index("national_id", NUMBER)
    assert index != blind_index("national_id_tail", NUMBER)
    assert index != blind_index("national_id", NUMBER[::-1])
    settings.KEYS = replace(project_settings.KEYS, index=b"i" * 32)
    assert index != blind_index("national_id", NUMBER)


def test_what_was_sealed_when_seals_and_indexes_had_one_key_is_digested_the_same(settings: Settings) -> None:
    ring = project_settings.KEYS
    settings.KEYS = replace(ring, index=b"k" * 32, seal=b"k" * 32)
    old = keyed_digest("seal", "text")
    assert old == hmac.new(b"k" * 32, b"seal\0text", "sha256").hexdigest()
    settings.KEYS = replace(ring, index=b"i" * 32, seal=b"k" * 32)  # the index key alone was replaced
    assert keyed_digest("seal", "text") == old
    assert seal_key_id() == hmac.new(b"k" * 32, b"seal key\0", "sha256").hexdigest()[:16]
