"""The study: what it runs, what it chooses, and the numbers and words that it makes of its files."""

import contextlib
import csv
import io
import json
import tempfile
import unittest
from pathlib import Path

from paper_tools import study as study_module
from paper_tools.__main__ import MARK, page
from paper_tools.federations import SEEDS, Federation, data_sets
from paper_tools.measures import Measures
from paper_tools.methods import GRID_SIZE, METHODS, Method
from paper_tools.pictures import arrange_by_class
from paper_tools.plots import by_bytes
from paper_tools.store import Store
from paper_tools.study import VERSIONS, Study, best_rate
from paper_tools.study_tables import sections
from paper_tools.words import WordsError, rendered

ROOT = Path(__file__).resolve().parents[2]


class RecordedRuns:
    """Stands for the program: the accuracy of a method grows with its learning rate."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.scenarios: list[dict] = []

    def run(self, scenario, table):
        self.scenarios.append(json.loads(json.dumps(scenario)))
        rounds = scenario["server"]["rounds"]
        return [
            {
                "method": method["name"],
                "round": str(version),
                "virtual_time_s": str(version),
                "cumulative_bytes": str(100 * version),
                "device_energy_j": "1.5",
                "test_accuracy": str(0.5 + version / 100 * method["learning_rate"]),
            }
            for method in scenario["methods"]
            for version in (0, rounds)
        ]


def made(folder: Path) -> tuple[Study, RecordedRuns]:
    runs = RecordedRuns(folder)
    return Study(folder / "study", runs, Path("data"), Path("recipe.yaml")), runs


class StudyTests(unittest.TestCase):
    def compare(self, study: Study, methods: list[Method]) -> Store:
        store = Store(study.results / "splits.csv", VERSIONS)
        data = study.data[0]
        federation = Federation(data, data.splits["iid"], study_module.UNSEEDED)
        with contextlib.redirect_stderr(io.StringIO()):
            study.compare(store, federation, {"split": "iid"}, methods)
        return store

    def test_every_method_has_as_many_ascending_learning_rates(self):
        for method in METHODS:
            self.assertEqual(len(method.rates), GRID_SIZE, method.name)
            self.assertEqual(sorted(set(method.rates)), list(method.rates), method.name)

    def test_rates_are_chosen_on_validation_images_and_used_with_every_seed(self):
        with tempfile.TemporaryDirectory() as name:
            study, runs = made(Path(name))
            store = self.compare(study, METHODS[:1])
            grid, *finals = runs.scenarios
            self.assertEqual(grid["data"]["test_on"], "validation")
            self.assertEqual(len(grid["methods"]), GRID_SIZE)
            self.assertNotIn(grid["seed"], SEEDS)
            self.assertEqual([each["seed"] for each in finals], list(SEEDS))
            for final in finals:
                self.assertNotIn("test_on", final["data"])
                self.assertEqual(final["methods"][0]["learning_rate"], METHODS[0].rates[-1])
            last = store.having(seed=1, round=10)
            self.assertEqual([row["energy_j"] for row in last], ["3.000"])

    def test_what_the_files_have_is_not_run_again_and_a_further_method_runs_alone(self):
        with tempfile.TemporaryDirectory() as name:
            self.compare(made(Path(name))[0], METHODS[:1])
            study, runs = made(Path(name))
            self.compare(study, METHODS[:1])
            self.assertEqual(runs.scenarios, [])
            self.compare(study, METHODS[:2])
            self.assertEqual(len(runs.scenarios), 1 + len(SEEDS))
            for scenario in runs.scenarios:
                self.assertEqual({each["kind"] for each in scenario["methods"]}, {METHODS[1].keys["kind"]})

    def test_personal_parts_are_compared_on_uneven_splits_with_rates_of_their_own(self):
        with tempfile.TemporaryDirectory() as name:
            study, runs = made(Path(name))
            store = Store(study.results / "personal.csv", VERSIONS)
            with contextlib.redirect_stderr(io.StringIO()):
                study.personal(study.data[0], store)
            kept = [(run["methods"][0]["kind"], run["methods"][0]["personal"]) for run in runs.scenarios]
            one = 1 + len(SEEDS)
            self.assertEqual(kept, 2 * (one * [("lora", ["lora_B"])] + one * [("fedvmlc", ["classifier"])]))
            self.assertEqual({row["split"] for row in store.rows}, {"dirichlet 0.1", "two classes"})
            self.assertEqual({row["variant"] for row in store.rows}, {"personal"})

    def test_the_best_rate_has_the_best_mean_of_both_accuracies_and_of_equals_is_the_smallest(self):
        rows = [
            {"learning_rate": rate, "validation_accuracy": validation, "held_out_accuracy": held_out}
            for rate, validation, held_out in [("0.1", "0.5", "0.7"), ("0.01", "0.625", "0.575"), ("1", "0.9", "0.2")]
        ]
        self.assertEqual(best_rate(rows)["learning_rate"], "0.01")
        for row in rows:
            row["held_out_accuracy"] = ""
        self.assertEqual(best_rate(rows)["learning_rate"], "1")

    def test_there_are_four_splits_of_each_data_set(self):
        for data in data_sets(Path("data")):
            self.assertEqual(len(data.splits), 4, data.name)
        self.assertEqual(
            [data.name for data in data_sets(Path("data")) if "natural" in data.splits], ["letters", "icons"]
        )


class PictureTests(unittest.TestCase):
    def test_pictures_by_client_become_pictures_by_class_with_a_list_of_clients(self):
        with tempfile.TemporaryDirectory() as name:
            pictures, folder = Path(name, "pictures"), Path(name, "by class")
            for file in ["b, c/sun/1.png", "a/sun/1.png", "a/rain/1.png"]:
                (pictures / file).parent.mkdir(parents=True, exist_ok=True)
                (pictures / file).write_text(file)
            arrange_by_class(pictures, folder)
            with (folder / "clients.csv").open(newline="") as lines:
                clients = {row["file"]: row["client"] for row in csv.DictReader(lines)}
            self.assertEqual(clients, {"sun/b, c-1.png": "b, c", "sun/a-1.png": "a", "rain/a-1.png": "a"})
            self.assertEqual((folder / "sun/b, c-1.png").read_text(), "b, c/sun/1.png")
            self.assertEqual(sorted(each.name for each in folder.iterdir()), ["clients.csv", "rain", "sun"])


# Two seeds of two methods on one split. The target half way is 0.7 and 0.6 a quarter of it.
VERSIONS_BY_HAND = """data,split,base,variant,seed,method,learning_rate,round,virtual_time_s,bytes,energy_j,accuracy,\
client_accuracy,worst_decile,base_accuracy,novel_accuracy
clothes,iid,nano,,0,flora,0.1,0,0,0,0,0.5,,0.2,,
clothes,iid,nano,,0,flora,0.1,2,5,1000,10,0.7,,,,
clothes,iid,nano,,0,flora,0.1,4,10,2000,20,0.75,,0.3,,
clothes,iid,nano,,1,flora,0.1,0,0,0,0,0.5,,0.2,,
clothes,iid,nano,,1,flora,0.1,2,5,1000,30,0.6,,,,
clothes,iid,nano,,1,flora,0.1,4,10,2000,60,0.65,,0.5,,
clothes,iid,nano,,0,fedfft,0.1,0,0,0,0,0.5,,0.2,,
clothes,iid,nano,,0,fedfft,0.1,4,100,8000000,900,0.9,,0.4,,
clothes,iid,nano,,1,fedfft,0.1,0,0,0,0,0.5,,0.2,,
clothes,iid,nano,,1,fedfft,0.1,4,100,8000000,700,0.9,,0.4,,
"""


class NumberTests(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name, "study")
        self.folder.mkdir()
        sweep = Path(folder.name, "splits/summary.csv")
        sweep.parent.mkdir()
        sweep.write_text(
            'sweep:data.partition,method,final_accuracy_mean\n"{kind: dirichlet, beta: 0.1}",flora,0.7391\n'
        )
        (self.folder / "splits.csv").write_text(VERSIONS_BY_HAND)
        self.measures = Measures(self.folder)

    def test_tables_have_means_and_deviations_over_seeds(self):
        tables = "\n".join(sections(self.measures))
        self.assertIn("| before training | 50.0 ± 0.0 |", tables)
        self.assertIn("| flora | 70.0 ± 7.1 |", tables)
        self.assertIn("| flora | 40.0 ± 14.1 |", tables)

    def test_a_method_that_lacks_a_seed_has_no_numbers(self):
        lines = VERSIONS_BY_HAND.splitlines(keepends=True)
        (self.folder / "splits.csv").write_text("".join(line for line in lines if ",1,fedfft," not in line))
        tables = "\n".join(sections(Measures(self.folder)))
        self.assertIn("| fedfft | - |", tables)
        self.assertIn("| flora | 70.0 ± 7.1 |", tables)

    def test_a_target_counts_only_if_every_seed_reached_it(self):
        tables = "\n".join(sections(self.measures))
        self.assertIn(
            "25 % of the way from the accuracy before training to that of the paper's best method: clothes 60.0 %.",
            tables,
        )
        self.assertIn("| flora | 1.0 kB, 5.0 s, 20.0 J |", tables)
        self.assertIn(
            "50 % of the way from the accuracy before training to that of the paper's best method: clothes 70.0 %.",
            tables,
        )
        self.assertIn("| flora | - |", tables)
        self.assertIn("| fedfft | 8.0 MB, 100.0 s, 800.0 J |", tables)

    def test_methods_of_later_papers_set_no_target_and_are_not_the_best_of_the_papers(self):
        later = next(method.name for method in METHODS if method.later)
        rows = "".join(
            f"clothes,iid,nano,,{seed},{later},0.1,{round_},0,0,0,{accuracy},,0.2,,\n"
            for seed in (0, 1)
            for round_, accuracy in [(0, 0.5), (4, 0.99)]
        )
        (self.folder / "splits.csv").write_text(VERSIONS_BY_HAND + rows)
        measures = Measures(self.folder)
        tables = "\n".join(sections(measures))
        self.assertIn("that of the paper's best method: clothes 70.0 %.", tables)
        self.assertIn(f"| {later} | 99.0 ± 0.0 |", tables)
        self.assertEqual(rendered("{{wins fedfft}} of {{combinations}}", measures), "1 of 1")
        self.assertEqual(rendered(f"{{{{wins {later}/fedfft}}}} of {{{{combinations {later}}}}}", measures), "1 of 1")

    def test_the_figure_has_a_panel_for_each_data_set_and_means_over_seeds(self):
        commands = by_bytes(self.measures, Path("figure.svg")).splitlines()
        self.assertIn("set title 'clothes, iid: bytes of all clients'", commands)
        block = commands[commands.index("$flora << END") + 1 :]
        bytes_, accuracy = map(float, block[0].split())
        self.assertEqual((bytes_, round(accuracy, 9)), (1000, 65))

    def test_words_get_their_numbers_from_the_files(self):
        run = "splits/clothes/iid/flora"
        text = f"{{{{start {run}}}}}, {{{{accuracy {run}}}}}; {{{{wins flora}}}} of {{{{combinations}}}}"
        self.assertEqual(rendered(text, self.measures), "50.0, 70.0; 0 of 1")
        ratio = "{{ratio bytes 50/clothes/iid/fedfft : 2000}}, {{difference 2 : 0.5}}"
        self.assertEqual(rendered(ratio, self.measures), "4000, 1.5")
        self.assertEqual(rendered("{{bytes 25/clothes/iid/flora}}, {{reached 50/fedfft}}", self.measures), "1.0 kB, 1")

    def test_words_count_the_tested_versions_in_which_two_methods_are_as_accurate(self):
        other = VERSIONS_BY_HAND.replace("flora", "dora").replace("0.65", "0.66").splitlines(keepends=True)
        (self.folder / "splits.csv").write_text(VERSIONS_BY_HAND + "".join(line for line in other if "dora" in line))
        text = "{{same dora/flora}} of {{versions dora/flora}}"
        self.assertEqual(rendered(text, Measures(self.folder)), "3 of 4")

    def test_words_get_numbers_of_the_sweeps_beside_the_study(self):
        self.assertEqual(rendered("{{sweep splits/dirichlet, beta: 0.1/flora}}", self.measures), "73.9")

    def test_words_that_do_not_fit_the_files_are_an_error(self):
        less = "{{check accuracy splits/clothes/iid/flora < accuracy splits/clothes/iid/fedfft}}less"
        self.assertEqual(rendered(less, self.measures), "less")
        for wrong in [less.replace("<", ">"), "{{accuracy splits/clothes/iid/fedlc}}", "{{praise}}", "{{check 1 2}}"]:
            with self.assertRaises(WordsError, msg=wrong):
                rendered(wrong, self.measures)


class PageTests(unittest.TestCase):
    def test_the_page_of_the_results_is_that_of_their_files(self):
        results = ROOT / "results/paper"
        self.assertEqual(page(results), (results / "README.md").read_text())
        self.assertIn(MARK, page(results))


if __name__ == "__main__":
    unittest.main()
