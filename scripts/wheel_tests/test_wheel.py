"""The parts of building the wheel that do not require the program."""

import pathlib
import tempfile
import unittest
import zipfile
from unittest import mock

from wheel_tools import archive, elf, flora_sim, package

LISTING = """\
	linux-vdso.so.1 (0x00007ffd)
	libswiftGlibc.so => /opt/swift/libswiftGlibc.so (0x00007f00)
	libopenblas.so.0 => /lib/x86_64-linux-gnu/libopenblas.so.0 (0x00007f01)
	libm.so.6 => /lib/x86_64-linux-gnu/libm.so.6 (0x00007f02)
	libc.so.6 => /lib/x86_64-linux-gnu/libc.so.6 (0x00007f03)
	/lib64/ld-linux-x86-64.so.2 (0x00007f04)
"""


class ElfTests(unittest.TestCase):
    def test_all_libraries_except_glibc_are_packaged(self):
        self.assertEqual(
            elf.dependencies(LISTING),
            {
                "libswiftGlibc.so": pathlib.Path("/opt/swift/libswiftGlibc.so"),
                "libopenblas.so.0": pathlib.Path("/lib/x86_64-linux-gnu/libopenblas.so.0"),
            },
        )

    def test_a_missing_library_is_named(self):
        with self.assertRaisesRegex(elf.ElfError, "libcairo.so.2 => not found"):
            elf.dependencies("\tlibcairo.so.2 => not found\n")

    def test_glibc_versions_are_compared_numerically(self):
        symbols = "0000 DF *UND* 0000 (GLIBC_2.4) memcpy\n0000 DF *UND* 0000 (GLIBC_2.34) dlsym\n0 (GLIBC_2.2.5) free\n"
        self.assertEqual(elf.glibc_needed(symbols), (2, 34))
        self.assertEqual(elf.glibc_needed(""), (0, 0))


class ArchiveTests(unittest.TestCase):
    def test_the_same_files_give_the_same_wheel_with_modes_and_hashes(self):
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            wheels = []
            for turn in ("first", "second"):
                tree = folder / turn
                (tree / "flora_sim/bin").mkdir(parents=True)
                (tree / "flora_sim-1.dist-info").mkdir()
                (tree / "flora_sim/bin/flora").write_bytes(b"program")
                (tree / "flora_sim/bin/flora").chmod(0o755)
                (tree / "flora_sim-1.dist-info/WHEEL").write_text("Wheel-Version: 1.0\n")
                wheel = folder / f"{turn}.whl"
                archive.write(tree, wheel)
                wheels.append(wheel.read_bytes())
            self.assertEqual(*wheels)
            with zipfile.ZipFile(folder / "first.whl") as packed:
                self.assertEqual(packed.getinfo("flora_sim/bin/flora").external_attr >> 16, 0o100755)
                self.assertEqual(packed.getinfo("flora_sim-1.dist-info/WHEEL").external_attr >> 16, 0o100644)
                # printf program | openssl dgst -sha256 -binary | base64
                self.assertIn(
                    "flora_sim/bin/flora,sha256=ExDKLIky29EYZovZdEJVij4fVGteFcaWmd-9YCT1SNg,7\n",
                    packed.read("flora_sim-1.dist-info/RECORD").decode(),
                )


class ScenarioTests(unittest.TestCase):
    def test_scenarios_are_copied_and_replace_no_file(self):
        with tempfile.TemporaryDirectory() as name, mock.patch.object(flora_sim, "SCENARIOS", package.ROOT / "scenarios"):
            copies = flora_sim.copy_scenarios(f"{name}/copies")
            self.assertGreater(len(copies), 10)
            quickstart = package.ROOT / "scenarios/quickstart.yaml"
            self.assertEqual(pathlib.Path(name, "copies/quickstart.yaml").read_bytes(), quickstart.read_bytes())
            with self.assertRaises(FileExistsError):
                flora_sim.copy_scenarios(f"{name}/copies")


if __name__ == "__main__":
    unittest.main()
