"""Photos beside the ledger file: whole or not at all, named by their hash, the same one once."""

from __future__ import annotations

import hashlib
import stat
from pathlib import Path

import pytest

from client_sdk.errors import PhotoError
from client_sdk.photos import examine, folder_of, keep

JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(range(256))


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    """Where a ledger file would be."""
    return tmp_path / "ledger.db"


@pytest.mark.parametrize(
    ("head", "media_type"),
    [
        (JPEG, "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n....", "image/png"),
        (b"RIFF\n\x00\x00\x00WEBPVP8 ", "image/webp"),
        (b"\x00\x00\x00\x18ftypheic", "image/heic"),
        (b"\x00\x00\x00\nftypmif1", "image/heif"),
        (b"\x00\x00\x00\x1cftypavif", "image/avif"),
        (b"GIF89a", "image/gif"),
        (b"II*\x00", "image/tiff"),
    ],
)
def test_the_content_tells_what_a_picture_is_whatever_it_is_called(
    tmp_path: Path, ledger: Path, head: bytes, media_type: str
) -> None:
    file = tmp_path / "photo.txt"
    file.write_bytes(head)
    photo = examine(file)
    assert (photo.media_type, photo.bytes, photo.sha256) == (media_type, len(head), hashlib.sha256(head).hexdigest())
    path = keep(photo, ledger)
    assert path.stem == photo.sha256
    assert path.read_bytes() == head


@pytest.mark.parametrize("content", [b"", b"hello", b"%PDF-1.7", b"RIFF\n\x00\x00\x00WAVE", b"<svg/>"])
def test_what_is_no_picture_is_refused(tmp_path: Path, ledger: Path, content: bytes) -> None:
    file = tmp_path / "photo.jpg"
    file.write_bytes(content)
    with pytest.raises(PhotoError):
        examine(file)
    assert not folder_of(ledger).exists()


def test_the_same_photo_twice_is_one_file_that_only_its_owner_can_read(tmp_path: Path, ledger: Path) -> None:
    for name in ("a.jpg", "b.jpg"):
        (tmp_path / name).write_bytes(JPEG)
        path = keep(examine(tmp_path / name), ledger)
    assert list(folder_of(ledger).iterdir()) == [path]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_a_copy_that_was_damaged_is_written_anew(tmp_path: Path, ledger: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(JPEG)
    photo = examine(tmp_path / "a.jpg")
    keep(photo, ledger).write_bytes(JPEG[:-1])
    assert keep(photo, ledger).read_bytes() == JPEG


def test_a_file_that_changes_under_the_copy_leaves_nothing_behind(tmp_path: Path, ledger: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(JPEG)
    photo = examine(tmp_path / "a.jpg")
    (tmp_path / "a.jpg").write_bytes(JPEG + b"more")
    with pytest.raises(PhotoError, match="changed while"):
        keep(photo, ledger)
    assert list(folder_of(ledger).iterdir()) == []
