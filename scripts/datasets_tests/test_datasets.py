"""The data sets' tools on made-up files."""

from __future__ import annotations

import csv
import tempfile
import unittest
from pathlib import Path

try:
    import numpy  # noqa: F401
    from PIL import Image, ImageDraw, ImageFilter

    from datasets_tools import digits, icons, output, overlap
except ImportError:
    raise unittest.SkipTest("Pillow and NumPy are needed") from None
from datasets_tools.debs import Package
from datasets_tools.errors import DatasetsError
from datasets_tools.sample import Sample


class Digits(unittest.TestCase):
    def test_a_row_is_a_picture_in_black_on_white(self) -> None:
        row = ",".join(["0.0", "16"] + ["8"] * 62 + ["3"])
        (sample,) = digits.rows(row, "package")
        self.assertEqual(sample.class_name, "three")
        self.assertEqual(sample.image.size, (8, 8))
        self.assertEqual([sample.image.getpixel((x, 0)) for x in range(3)], [255, 0, 127])

    def test_other_rows_are_refused(self) -> None:
        for row in [",".join(["0"] * 64), ",".join(["17"] * 64 + ["0"]), ",".join(["0"] * 64 + ["10"])]:
            with self.assertRaises(DatasetsError):
                list(digits.rows(row, "package"))


class Icons(unittest.TestCase):
    def test_the_size_is_the_last_number_of_the_path(self) -> None:
        for path, size in [
            ("icons/Tango/32x32/places/folder.png", 32),
            ("icons/breeze/places/64/folder.svg", 64),
            ("icons/mate/scalable/places/folder.svg", 1024),
        ]:
            self.assertEqual(icons.size(Path(path)), size)

    def test_each_drawing_is_taken_once_and_links_are_not(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder)
            theme = root / "usr/share/icons/Theme"
            (theme / "32x32").mkdir(parents=True)
            (theme / "16x16").mkdir()
            picture(20).save(theme / "32x32/folder.png")
            picture(20).save(theme / "16x16/folder.png")
            picture(9).save(theme / "16x16/printer.png")
            (theme / "32x32/user-trash.png").symlink_to(theme / "32x32/folder.png")
            found = icons.by_class(theme)
            self.assertEqual(sorted(found), ["folder", "printer"])
            package = Package("p", "1", "", "", root)
            drawn = list(icons.drawn("Theme", "folder", found["folder"], package, set()))
            self.assertEqual([sample.source for sample in drawn], ["p:usr/share/icons/Theme/32x32/folder.png"])


class Output(unittest.TestCase):
    def test_pictures_lie_by_client_and_class_with_their_sources(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            place = Path(folder) / "out"
            samples = [
                Sample("Ann: 2nd", "a/b", "1", "p:x", picture(4)),
                Sample("Ann: 2nd", "c", "1", "p:y", picture(5)),
            ]
            package = Package("p", "1.2", "ab", "Format: x\n\nFiles: *\nLicense: MIT\n", Path(folder))
            self.assertEqual(output.write(place, samples, [package]), 2)
            self.assertTrue((place / "pictures/Ann_ 2nd/a_b/1.png").is_file())
            with (place / "sources.csv").open(newline="") as file:
                self.assertEqual(list(csv.reader(file))[1], ["p", "1.2", "ab", "MIT"])
            self.assertIn("License: MIT", (place / "licences/p.txt").read_text())
            # Only a folder that this command has made is replaced.
            self.assertEqual(output.write(place, samples[:1], [package]), 1)
            (Path(folder) / "other").mkdir()
            (Path(folder) / "other/mine").touch()
            with self.assertRaises(DatasetsError):
                output.write(Path(folder) / "other", samples, [package])

    def test_two_pictures_of_one_name_are_refused(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            twice = [Sample("a", "b", "1", "", picture(4)), Sample("a", "b", "1", "", picture(5))]
            with self.assertRaises(DatasetsError):
                output.write(Path(folder) / "out", twice, [])


class Overlap(unittest.TestCase):
    def test_the_same_and_changed_pictures_are_found_and_others_are_not(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            own, known = Path(folder) / "own", Path(folder) / "known"
            own.mkdir()
            known.mkdir()
            drawing = picture(30)
            drawing.save(known / "drawing.png")
            picture(30, cross=True).save(known / "cross.png")
            drawing.save(own / "same.png")
            drawing.resize((48, 48)).filter(ImageFilter.GaussianBlur(0.5)).save(own / "smaller.png")
            other = Image.new("RGBA", (64, 64), (255, 255, 255, 255))
            ImageDraw.Draw(other).polygon([(2, 2), (60, 30), (2, 60)], fill=(0, 0, 0, 255))
            other.save(own / "triangle.png")
            found = overlap.compare(own, known)
            by_name = {
                path.name: (near.name, value, equal)
                for path, near, value, equal in zip(found.pictures, found.nearest, found.nearness, found.equal)
            }
            self.assertEqual(by_name["same.png"][::2], ("drawing.png", True))
            self.assertEqual(by_name["smaller.png"][::2], ("drawing.png", False))
            self.assertGreater(by_name["smaller.png"][1], overlap.NEAR)
            self.assertLess(by_name["triangle.png"][1], overlap.NEAR)
            self.assertEqual(found.near, 2)


def picture(radius: int, cross: bool = False) -> Image.Image:
    """A ring, or a cross, in black on transparent."""
    image = Image.new("RGBA", (64, 64), (0, 0, 0, 0))
    draw = ImageDraw.Draw(image)
    box = (32 - radius, 32 - radius, 32 + radius, 32 + radius)
    if cross:
        draw.line(box, fill=(0, 0, 0, 255), width=8)
        draw.line((box[0], box[3], box[2], box[1]), fill=(0, 0, 0, 255), width=8)
    else:
        draw.ellipse(box, outline=(0, 0, 0, 255), width=max(1, radius // 3))
    return image


if __name__ == "__main__":
    unittest.main()
