"""Licences are read from both formats of copyright files."""

import unittest

from corpora_tools.packages import licence_in

MACHINE_READABLE = """\
Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/

Files: *
Copyright: somebody
License: Expat

Files: assets/*
Copyright: somebody
License: CC-BY-SA-4.0

Files: debian/*
Copyright: a packager
License: GPL-3

License: Expat
 Permission is granted
"""
FREE = """\
This package was debianized by a packager.

Copyright:

    somebody

License:

    Fonts are free
    for any use.

The packaging is under the GPL.
"""


class LicenceTests(unittest.TestCase):
    def test_the_packaging_licence_is_ignored(self):
        self.assertEqual(licence_in(MACHINE_READABLE), "Expat; CC-BY-SA-4.0")

    def test_only_the_named_paragraph_counts(self):
        self.assertEqual(licence_in(MACHINE_READABLE, "assets/*"), "CC-BY-SA-4.0")

    def test_free_text_is_read_after_its_heading(self):
        self.assertEqual(licence_in(FREE), "Fonts are free for any use.")
        self.assertEqual(licence_in(FREE.replace("License:", "Terms:")), "somebody")

    def test_other_text_is_only_referenced(self):
        self.assertEqual(licence_in("Ask the author."), "see the package's copyright file")


if __name__ == "__main__":
    unittest.main()
