"""A clip-art title is used if it names the picture, otherwise the file name."""

import unittest

from corpora_tools.titles import MOST_REPEATS, clean_title, is_generic, title_of_stem


class GenericTests(unittest.TestCase):
    def test_the_names_of_collections_are_generic(self):
        for title in (
            "Part of the Flat Icon Collection (Wed Aug 25 23:29:46 2004)",
            "Lemon SVG theme", "Various Cliparts", "Clipart by Nicu Buculei - piggybank", "card", "", "x",
        ):  # fmt: skip
            self.assertTrue(is_generic(title, 1), title)

    def test_the_names_of_things_are_not(self):
        for title in ("Apple", "Birthday card", "Theatre", "Cardboard box"):
            self.assertFalse(is_generic(title, 1), title)

    def test_a_title_that_repeats_too_often_is_generic(self):
        self.assertFalse(is_generic("Bullet hole", MOST_REPEATS))
        self.assertTrue(is_generic("Bullet hole", MOST_REPEATS + 1))


class TitleTests(unittest.TestCase):
    def test_creators_file_endings_and_numbers_are_removed(self):
        self.assertEqual(clean_title("Rilievo Rollandin", "Architetto Francesco Rollandin"), "rilievo")
        self.assertEqual(clean_title("old-books.svg"), "old books")
        self.assertEqual(clean_title("my_house 02"), "my house")
        self.assertEqual(clean_title("Telefono (email: frollandin@email.it)"), "telefono")

    def test_the_name_of_the_set_is_removed(self):
        self.assertEqual(clean_title("Hotel Icon Casino"), "casino")
        self.assertEqual(clean_title("Camera icon"), "camera")
        self.assertEqual(clean_title("Icon"), "icon")

    def test_trailing_colours_and_directions_move_to_the_front(self):
        self.assertEqual(clean_title("pill-button-red"), "red pill button")
        self.assertEqual(clean_title("arrow-down-blue"), "blue down arrow")
        self.assertEqual(clean_title("white"), "white")


class StemTests(unittest.TestCase):
    def test_a_truncated_creator_name_is_removed(self):
        creator = "Architetto Francesco Rollandin"
        for stem in ("orso_architetto_francesc_02", "orso_archite_01", "orso_architetto_", "orso_arc_01"):
            self.assertEqual(title_of_stem(stem, creator), "orso", stem)

    def test_four_letters_identify_a_misspelt_name(self):
        self.assertEqual(title_of_stem("earth_globe_dan_gerhrads_01", "Dan Gerhards"), "earth globe")

    def test_stems_lack_accented_letters(self):
        self.assertEqual(title_of_stem("pastas_s_rgio_luiz_ara_j_01", "Sérgio Luiz Araújo Silva"), "pastas")

    def test_a_stem_is_never_emptied(self):
        self.assertEqual(title_of_stem("architetto_01", "Architetto Francesco"), "architetto")

    def test_words_of_the_title_are_kept(self):
        self.assertEqual(title_of_stem("segmented_ball-03", "Nicu Buculei"), "segmented ball")
        self.assertEqual(title_of_stem("flamand_bw_jean-victor_b_01", "Jean-Victor Balin"), "black and white flamand")


if __name__ == "__main__":
    unittest.main()
