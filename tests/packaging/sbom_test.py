#!/usr/bin/env python3
"""What packaging/sbom.py says of a build, held against what the loader, the linker and dpkg say.

    sbom_test.py BUILD_FOLDER
"""

import hashlib
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = None  # set from the command line


def run(*words, **environment):
    return subprocess.run(words, text=True, check=True, stdout=subprocess.PIPE,
                          env={**os.environ, "LC_ALL": "C", **environment}).stdout


def written(**environment):
    with tempfile.TemporaryDirectory(prefix="sojourn-sbom-") as folder:
        output = pathlib.Path(folder) / "sbom.json"
        run(sys.executable, "-B", str(ROOT / "packaging" / "sbom.py"), str(BUILD), str(output),
            **environment)
        return output.read_bytes()


def packages_with(document, way):
    by_id = {package["SPDXID"]: package["name"] for package in document["packages"]}
    return {by_id[line["relatedSpdxElement"]] for line in document["relationships"]
            if line["relationshipType"] == way}


def files_of(packages):
    """As they really are: links followed."""
    return {os.path.realpath(line) for package in packages
            for line in run("dpkg-query", "--listfiles", package).splitlines()}


def not_covered(document, paths, way):
    return sorted({os.path.realpath(path) for path in paths} - files_of(packages_with(document, way)))


@unittest.skipUnless(pathlib.Path("/var/lib/dpkg/status").exists(), "not run: no dpkg on this machine")
class Sbom(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.text = written()
        cls.document = json.loads(cls.text)
        cls.binary = BUILD / "bin" / "sojourn"

    def loaded(self):
        return re.findall(r"(/\S+) \(0x", run("ldd", str(self.binary)))

    def test_has_everything_that_the_binary_loads_and_nothing_else(self):
        loaded = self.loaded()
        self.assertGreater(len(loaded), 10)
        self.assertEqual(not_covered(self.document, loaded, "DYNAMIC_LINK"), [])
        real = {os.path.realpath(path) for path in loaded}
        for package in packages_with(self.document, "DYNAMIC_LINK"):
            self.assertTrue(files_of([package]) & real, f"nothing of {package} is loaded")

    def test_a_library_that_is_left_out_is_noticed(self):
        less = {**self.document, "relationships": [
            line for line in self.document["relationships"] if "sqlite3" not in str(line)]}
        self.assertIn("sqlite3", "".join(not_covered(less, self.loaded(), "DYNAMIC_LINK")))

    def test_has_what_the_linker_was_given_besides_shared_objects(self):
        link = run("ninja", "-C", str(BUILD), "-t", "commands", "bin/sojourn").splitlines()[-1]
        archives = [word for word in link.split() if word.startswith("/usr/") and word.endswith(".a")]
        self.assertEqual(not_covered(self.document, archives, "STATIC_LINK"), [])

    def test_has_the_sources_and_headers_of_others(self):
        paths = set(re.findall(r"(/usr/\S+\.c)\b", run(
            "ninja", "-C", str(BUILD), "-t", "commands", "bin/sojourn")))
        self.assertTrue(any("llhttp" in path for path in paths))
        deps = run("ninja", "-C", str(BUILD), "-t", "deps",
                   "app/CMakeFiles/sojourn_app.dir/daemon.cpp.o",
                   "runtime/store/CMakeFiles/sojourn_store.dir/sqlite.cpp.o")
        paths |= set(re.findall(r"^ +(/usr/include/\S+)$", deps, re.MULTILINE))
        self.assertTrue(any("sqlite3.h" in path for path in paths))
        self.assertEqual(not_covered(self.document, paths, "STATIC_LINK"), [])

    def test_says_of_each_package_what_dpkg_says(self):
        for package in self.document["packages"][1:]:
            version = run("dpkg-query", "--show", "--showformat", "${Version}", package["name"])
            self.assertEqual(package["versionInfo"], version)
            self.assertEqual(package["supplier"], "Organization: Debian")
            [reference] = package["externalRefs"]
            self.assertRegex(reference["referenceLocator"],
                             rf"^pkg:deb/debian/{re.escape(package['name'])}@[^:+@?]+\?arch=\w+&distro=")

    def test_has_what_is_read_while_it_runs(self):
        by_id = {package["SPDXID"]: package["name"] for package in self.document["packages"]}
        read = {by_id[line["spdxElementId"]] for line in self.document["relationships"]
                if line["relationshipType"] == "RUNTIME_DEPENDENCY_OF"}
        self.assertEqual(read, {"tzdata", "ca-certificates"})
        self.assertIn(os.path.realpath("/usr/share/zoneinfo/America/New_York"), files_of(["tzdata"]))

    def test_names_who_supplies_each_part(self):
        for package in self.document["packages"]:
            self.assertRegex(package["supplier"], r"^(Organization|Person): \w")
        self.assertEqual(self.document["packages"][0]["supplier"],
                         "Organization: Sojourn developers (developers@sojourn.example)")

    def test_licences_are_known_of_many(self):
        by_name = {package["name"]: package["licenseDeclared"]
                   for package in self.document["packages"]}
        self.assertEqual(by_name["sojourn"], "Apache-2.0")
        self.assertIn("Apache License", (ROOT / "LICENSE").read_text())
        self.assertEqual(by_name["libuv1"], "MIT")
        self.assertEqual(by_name["libssl3"], "Apache-2.0")

    def test_is_of_this_binary(self):
        [itself] = [package for package in self.document["packages"] if package["name"] == "sojourn"]
        digest = hashlib.sha256(self.binary.read_bytes()).hexdigest()
        self.assertEqual(itself["checksums"], [{"algorithm": "SHA256", "checksumValue": digest}])
        self.assertIn(digest, self.document["documentNamespace"])
        self.assertEqual(itself["versionInfo"],
                         run(str(self.binary), "--version").split()[-1])

    def test_is_whole_as_spdx_wants_it(self):
        self.assertEqual((self.document["spdxVersion"], self.document["dataLicense"]),
                         ("SPDX-2.3", "CC0-1.0"))
        ids = [package["SPDXID"] for package in self.document["packages"]]
        self.assertEqual(len(ids), len(set(ids)))
        for package in self.document["packages"]:
            self.assertRegex(package["SPDXID"], r"^SPDXRef-[A-Za-z0-9.-]+$")
            for name in ("name", "versionInfo", "downloadLocation", "licenseConcluded",
                         "licenseDeclared", "copyrightText", "filesAnalyzed"):
                self.assertIn(name, package)
        for line in self.document["relationships"]:
            self.assertIn(line["relatedSpdxElement"], ids)
            self.assertIn(line["spdxElementId"], [*ids, "SPDXRef-DOCUMENT"])
        self.assertRegex(self.document["creationInfo"]["created"], r"^\d{4}-\d\d-\d\dT[\d:]{8}Z$")

    def test_the_same_build_gives_the_same_bytes(self):
        self.assertEqual(written(), self.text)
        told = json.loads(written(SOURCE_DATE_EPOCH="1767225600"))
        self.assertEqual(told["creationInfo"]["created"], "2026-01-01T00:00:00Z")

    def test_names_no_folder_of_the_machine_that_built_it(self):
        self.assertNotIn(str(ROOT), self.text.decode())


if __name__ == "__main__":
    BUILD = pathlib.Path(sys.argv.pop(1)).resolve()
    unittest.main()
