#!/usr/bin/env python3
"""Whether the place of a build shows in what is built. A few files of this tree are compiled and
linked as the preset `release` says, in two folders of different names; `./dev reproduce` does the
same with all of them."""

import json
import pathlib
import shutil
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
# A check that fails names its file; the others are whatever `base` has.
SOURCES = ["base/check.cpp", "base/text.cpp", "base/percent.cpp"]
CHECKED = '#include "base/check.h"\nvoid f(int n) { SOJOURN_CHECK(n > 0, "is above zero"); }\n'


def release_words(folder):
    presets = json.loads((ROOT / "CMakePresets.json").read_text())["configurePresets"]
    [release] = [preset for preset in presets if preset["name"] == "release"]
    [base] = [preset for preset in presets if preset["name"] == release["inherits"]]
    flags = release["cacheVariables"]["CMAKE_CXX_FLAGS_RELEASE"].replace("${sourceDir}", str(folder))
    return flags.split(), base["cacheVariables"]["CMAKE_EXE_LINKER_FLAGS"].split()


def built_in(folder, keep=lambda flag: True):
    """The bytes of a shared object with these files, made as CMake does it: by absolute paths, in a
    build folder below the sources."""
    shutil.copytree(ROOT / "base", folder / "base")
    (folder / "checked.cpp").write_text(CHECKED)
    build = folder / "build" / "release"
    build.mkdir(parents=True)
    compiler, linker = release_words(folder)
    objects = []
    for source in [*SOURCES, "checked.cpp"]:
        objects.append(source.replace("/", "_") + ".o")
        subprocess.run(["c++", "-std=c++20", f"-I{folder}", *filter(keep, compiler), "-fPIC", "-o",
                        objects[-1], "-c", str(folder / source)], cwd=build, check=True)
    subprocess.run(["ar", "qc", "libparts.a", *objects], cwd=build, check=True)
    subprocess.run(["c++", "-shared", *linker, "-o", "parts.so", "-Wl,--whole-archive", "libparts.a",
                    "-Wl,--no-whole-archive"], cwd=build, check=True)
    return (build / "parts.so").read_bytes(), (build / "libparts.a").read_bytes()


class Reproduce(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory(prefix="sojourn-reproduce-")
        self.addCleanup(self.folder.cleanup)
        self.places = [pathlib.Path(self.folder.name) / name for name in ("one", "longer/other")]

    def test_the_folder_does_not_show(self):
        one, other = (built_in(place) for place in self.places)
        self.assertEqual(one, other)
        for place in self.places:
            self.assertNotIn(str(place).encode(), one[0])

    def test_without_the_map_of_paths_it_does(self):
        kept = lambda flag: not flag.startswith("-ffile-prefix-map")
        one, other = (built_in(place, kept) for place in self.places)
        self.assertNotEqual(one, other)
        self.assertIn(str(self.places[0]).encode(), one[0])

    def test_no_source_asks_when_it_is_compiled(self):
        for path in ROOT.glob("*/**/*.cpp"):
            if "build" not in path.relative_to(ROOT).parts[:1]:
                text = path.read_text(errors="replace")
                self.assertNotRegex(text, r"__(DATE|TIME|TIMESTAMP)__", path)


if __name__ == "__main__":
    unittest.main()
