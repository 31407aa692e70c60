"""Writes the wheel as a reproducible archive: the same files give the same bytes."""

import base64
import hashlib
import pathlib
import zipfile


def record_entry(name: str, content: bytes) -> str:
    """The RECORD line of a file: its name, hash and size."""
    digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
    return f"{name},sha256={digest},{len(content)}\n"


def write(folder: pathlib.Path, wheel: pathlib.Path) -> None:
    """Packs a folder and adds RECORD to its only *.dist-info folder."""
    (information,) = folder.glob("*.dist-info")
    record = f"{information.name}/RECORD"
    lines = ""
    partial = wheel.with_suffix(".partial")
    with zipfile.ZipFile(partial, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        # Metadata goes last, as the format recommends.
        files = sorted(
            (path for path in folder.rglob("*") if path.is_file()),
            key=lambda path: (information in path.parents, path.relative_to(folder).as_posix()),
        )
        for path in files:
            name = path.relative_to(folder).as_posix()
            content = path.read_bytes()
            lines += record_entry(name, content)
            _add(archive, name, content, path.stat().st_mode & 0o111 != 0)
        _add(archive, record, (lines + f"{record},,\n").encode(), False)
    partial.rename(wheel)


def _add(archive: zipfile.ZipFile, name: str, content: bytes, executable: bool) -> None:
    entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = (0o100755 if executable else 0o100644) << 16
    archive.writestr(entry, content)
