"""Partial output is never mistaken for complete output."""

import tempfile
import unittest
from pathlib import Path

from corpora_tools.errors import CorporaError
from corpora_tools.output import MANIFEST, replacing, write_table


class ReplacingTests(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.parent = Path(temporary.name)
        self.folder = self.parent / "corpora"

    def write(self, text: str) -> None:
        with replacing(self.folder) as temporary:
            (temporary / MANIFEST).write_text(text)

    def test_a_complete_folder_replaces_the_old_one(self):
        self.write("old")
        self.write("new")
        self.assertEqual((self.folder / MANIFEST).read_text(), "new")
        self.assertEqual(list(self.parent.iterdir()), [self.folder])

    def test_an_interruption_leaves_the_old_folder_unchanged(self):
        self.write("old")
        for error in (KeyboardInterrupt, ValueError):
            with self.assertRaises(error):
                with replacing(self.folder) as temporary:
                    (temporary / MANIFEST).write_text("half")
                    raise error
        self.assertEqual((self.folder / MANIFEST).read_text(), "old")
        self.assertEqual(list(self.parent.iterdir()), [self.folder])

    def test_a_folder_with_other_contents_is_not_replaced(self):
        self.folder.mkdir()
        (self.folder / "letter.txt").write_text("dear")
        with self.assertRaises(CorporaError):
            self.write("new")
        self.assertEqual((self.folder / "letter.txt").read_text(), "dear")

    def test_a_file_is_not_replaced(self):
        self.folder.write_text("a file")
        with self.assertRaises(CorporaError):
            self.write("new")
        self.assertEqual(self.folder.read_text(), "a file")

    def test_an_empty_folder_is_filled(self):
        self.folder.mkdir()
        self.write("new")
        self.assertEqual((self.folder / MANIFEST).read_text(), "new")


class TableTests(unittest.TestCase):
    def test_tables_follow_rfc_4180(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "table.csv"
            write_table(path, ("a", "b"), [("x,y", 'say "z"')])
            self.assertEqual(path.read_bytes(), b'a,b\r\n"x,y","say ""z"""\r\n')


if __name__ == "__main__":
    unittest.main()
