"""Each source's rules derive correct captions from its names."""

import unittest

from corpora_tools import icon_names
from corpora_tools.clip_art_folders import excluded_by_folder, is_theme_icon, special_title, titled_by_folder
from corpora_tools.emoji_names import is_skin_tone, plain_name, unicode_name
from corpora_tools.sentences import title_of_sentence


class ClipArtTests(unittest.TestCase):
    def test_playing_cards_are_recognized_by_file_name(self):
        cards = "recreation/games/cards/white"
        self.assertEqual(special_title(cards, "white_c_6"), "six of clubs playing card")
        self.assertEqual(special_title(cards, "simple_d_10"), "ten of diamonds playing card")
        self.assertEqual(special_title(cards, "bordered_s_q"), "queen of spades playing card")
        self.assertEqual(special_title(cards, "ornamental_jk_b"), "joker playing card")
        self.assertIsNone(special_title("people", "white_c_6"))

    def test_stars_with_countable_points_are_kept(self):
        self.assertEqual(special_title("shapes/stars", "star_07pt3step"), "star with 7 points")
        self.assertIsNone(excluded_by_folder("shapes/stars", "star_12pt5step"))
        self.assertIsNotNone(excluded_by_folder("shapes/stars", "star_13pt5step"))

    def test_patterns_gradients_and_diagrams_are_excluded(self):
        for folder in ("special/patterns", "special/gradients", "computer/diagrams", "shapes/flowchart"):
            self.assertIsNotNone(excluded_by_folder(folder, "any"))
        self.assertIsNone(excluded_by_folder("people/clothing", "hat"))
        self.assertIsNone(excluded_by_folder("special", "poster"))

    def test_icon_themes_are_recognized_by_folder_or_title(self):
        self.assertTrue(is_theme_icon("computer/icons/flat-theme/action", "x"))
        self.assertTrue(is_theme_icon("buildings/homes", "Lemon SVG theme"))
        self.assertFalse(is_theme_icon("computer/icons", "Camera Icon"))

    def test_flags_and_road_signs_say_what_they_are(self):
        flags = "signs_and_symbols/flags/africa"
        self.assertEqual(titled_by_folder(flags, "algeria"), "flag of algeria")
        self.assertEqual(titled_by_folder(flags, "usa ohio"), "flag of ohio")
        self.assertEqual(titled_by_folder(flags, "brazil flag"), "brazil flag")
        self.assertEqual(titled_by_folder("transportation/roadsigns", "tunnel"), "tunnel road sign")
        self.assertEqual(titled_by_folder("transportation/roadsigns", "yield sign"), "yield sign")


class EmojiTests(unittest.TestCase):
    def test_unicodes_black_and_white_are_removed(self):
        self.assertEqual(plain_name("WHITE SMILING FACE"), "smiling face")
        self.assertEqual(plain_name("heavy black heart"), "heart")
        self.assertEqual(plain_name("upwards black arrow"), "upwards arrow")

    def test_colours_of_things_with_two_variants_are_kept(self):
        for name in ("black chess queen", "white flag", "black circle", "white square"):
            self.assertEqual(plain_name(name), name)

    def test_tiles_and_cards_have_everyday_names(self):
        self.assertEqual(plain_name("DOMINO TILE HORIZONTAL-03-05"), "domino tile with 3 and 5 dots")
        self.assertEqual(plain_name("PLAYING CARD ACE OF SPADES"), "ace of spades playing card")
        self.assertEqual(plain_name("SQUARED COOL"), "cool in a square")

    def test_characters_that_are_not_pictures_have_no_name(self):
        self.assertEqual(plain_name("squared cjk unified ideograph-7121"), "")
        self.assertEqual(unicode_name(0xFE0F), "")
        self.assertEqual(unicode_name(0x1F1E6), "")
        self.assertEqual(unicode_name(0x1F404), "cow")

    def test_skin_tones_are_recognized_in_sequences(self):
        self.assertTrue(is_skin_tone("1F44B-1F3FD"))
        self.assertTrue(is_skin_tone("1f3fb"))
        self.assertFalse(is_skin_tone("1F44B"))
        self.assertFalse(is_skin_tone("1F3FA"))


class SentenceTests(unittest.TestCase):
    def test_the_first_thing_named_is_the_title(self):
        for sentence, title in (
            ("A computer mouse. Squeak!", "a computer mouse"),
            ("Mars—the red planet. It’s just beyond earth.", "mars"),
            ("A European coin of 2 euros (2 €).", "a european coin of 2 euros"),
            ("A box for trash that can be recycled.", "a box for trash"),
            ("“Crossroads”.", "crossroads"),
            ("", ""),
        ):
            self.assertEqual(title_of_sentence(sentence), title)

    def test_the_folder_adds_what_the_sentence_omits(self):
        self.assertEqual(title_of_sentence("No entry!", ("town", "roadsigns")), "no entry road sign")
        self.assertEqual(title_of_sentence("King. Can move one step.", ("symbols", "chess")), "chess king")

    def test_hand_signs_fit_a_caption(self):
        self.assertEqual(
            title_of_sentence("The sign for the letter N in American Sign Language."), "hand sign for letter n"
        )


class IconTests(unittest.TestCase):
    def test_suffixes_become_leading_words(self):
        for name, title in (
            ("account-off", "crossed-out person"),
            ("cup-outline", "outline of cup"),
            ("heart-box-outline", "outline of heart in a box"),
            ("stop-octagon", "stop in an octagon"),
            ("book-multiple", "several books"),
            ("truck-variant", "truck"),
            ("battery-50", "battery"),
        ):
            self.assertEqual(icon_names.plain_name(name), title)

    def test_brands_and_actions_are_excluded_and_things_kept(self):
        for name in ("github-circle", "google-drive", "vector-union", "format-bold", "view-list"):
            self.assertIsNotNone(icon_names.exclusion(name), name)
        for name in ("tshirt-crew", "hanger", "sofa", "sunglasses", "account"):
            self.assertIsNone(icon_names.exclusion(name), name)


if __name__ == "__main__":
    unittest.main()
