"""Licences are read from copyright files of both kinds."""

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
    def test_all_but_the_packaging_counts(self):
        self.assertEqual(licence_in(MACHINE_READABLE), "Expat; CC-BY-SA-4.0")

    def test_one_paragraph_counts_where_it_is_named(self):
        self.assertEqual(licence_in(MACHINE_READABLE, "assets/*"), "CC-BY-SA-4.0")

    def test_a_free_text_has_a_heading(self):
        self.assertEqual(licence_in(FREE), "Fonts are free for any use.")
        self.assertEqual(licence_in(FREE.replace("License:", "Terms:")), "somebody")

    def test_a_text_without_either_is_only_named(self):
        self.assertEqual(licence_in("Ask the author."), "see the package's copyright file")


if __name__ == "__main__":
    unittest.main()
