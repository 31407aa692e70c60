"""Icons: what freedesktop's names show, drawn by the icon themes in Debian's packages. The clients are the themes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from PIL import Image

from corpora_tools.pictures import pixel_hash, prepared, read, render_svg

from .debs import Package
from .sample import Sample

PACKAGES = (
    "adwaita-icon-theme", "breeze-icon-theme", "deepin-icon-theme", "elementary-xfce-icon-theme", "faba-icon-theme",
    "gnome-icon-theme", "lxde-icon-theme", "mate-icon-theme", "moka-icon-theme", "numix-icon-theme",
    "obsidian-icon-theme", "oxygen-icon-theme", "papirus-icon-theme", "suru-icon-theme", "tango-icon-theme",
    "yaru-theme-icon",
)  # fmt: skip

SIDE = 32
MOST = 6
"""Pictures of a class that a theme has at most: its largest sizes, which are drawn with differences."""
FAINTEST = 200
"""The brightness that some pixel of a picture has to be below, of 255."""
FEWEST_CLASSES = 10
"""A theme with pictures of fewer classes is left out."""

NAMES = {
    "accessories-calculator": "calculator", "battery": "battery", "camera-photo": "camera", "computer": "computer",
    "drive-harddisk": "hard disk", "edit-cut": "scissors", "edit-find": "magnifying glass", "folder": "folder",
    "go-down": "down arrow", "go-home": "house", "go-up": "up arrow", "help-browser": "help",
    "input-keyboard": "keyboard",
    "input-mouse": "mouse", "mail-unread": "envelope", "media-floppy": "floppy disk", "media-optical": "disc",
    "printer": "printer", "system-search": "magnifying glass", "user-trash": "waste bin", "weather-clear": "sun",
    "weather-showers": "rain", "weather-snow": "snow", "weather-storm": "thunderstorm",
}  # fmt: skip
"""The names of files, and what they show."""


def samples(packages: Iterable[Package]) -> Iterator[Sample]:
    """The pictures of each theme that draws enough of the classes, largest first; a drawing that several themes have
    is the first one's.

    Themes for dark desktops are left out: their icons are white, and otherwise those of the theme for light ones.
    """
    known: set[str] = set()
    for package in packages:
        for index in sorted((package.root / "usr/share/icons").glob("*/index.theme")):
            theme = index.parent
            found = {} if theme.name.lower().endswith("dark") else by_class(theme)
            own = [
                sample
                for class_name, files in sorted(found.items())
                for sample in drawn(theme.name, class_name, files, package, known)
            ]
            if len({sample.class_name for sample in own}) >= FEWEST_CLASSES:
                yield from own


def by_class(theme: Path) -> dict[str, list[Path]]:
    """The files of a theme by what they show, the largest first; links and symbolic icons are left out."""
    found: dict[str, list[Path]] = {}
    for path in sorted(theme.rglob("*")):
        name = NAMES.get(path.stem)
        if name and path.suffix in (".png", ".svg") and not path.is_symlink() and path.is_file():
            found.setdefault(name, []).append(path)
    for files in found.values():
        files.sort(key=lambda path: (-size(path), str(path)))
    return found


def size(path: Path) -> int:
    """The size in pixels that the path tells; a scalable drawing is larger than all."""
    sizes = [int(number) for number in re.findall(r"(?<![a-z0-9])(\d{2,3})(?:x\d{2,3})?(?![a-z0-9])", str(path.parent))]
    return sizes[-1] if sizes else 1024


def drawn(
    theme: str, class_name: str, files: list[Path], package: Package, known: set[str]
) -> Iterator[Sample]:
    """The drawings in files that are not known yet, and can be seen on white."""
    count = 0
    for path in files:
        image = render_svg(path) if path.suffix == ".svg" else read(path)
        image = prepared(image) if image is not None else None
        if image is None:
            continue
        digest = pixel_hash(image)
        if digest in known:
            continue
        known.add(digest)
        shown = on_white(image)
        if shown.convert("L").getextrema()[0] > FAINTEST:
            continue
        count += 1
        source = f"{package.name}:{path.relative_to(package.root)}"
        yield Sample(theme, class_name, f"{count}", source, shown)
        if count == MOST:
            return


def on_white(image: Image.Image) -> Image.Image:
    """The picture in the middle of a white square."""
    scale = SIDE / max(image.size)
    width, height = (max(1, round(scale * side)) for side in image.size)
    small = image.convert("RGBa").resize((width, height), Image.Resampling.HAMMING).convert("RGBA")
    square = Image.new("RGBA", (SIDE, SIDE), (255, 255, 255, 255))
    square.alpha_composite(small, ((SIDE - width) // 2, (SIDE - height) // 2))
    return square.convert("RGB")
