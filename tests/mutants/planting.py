"""A copy of the tree in which mutants are planted, built and run, one at a time."""

import dataclasses
import json
import os
import pathlib
import re
import subprocess

import mutant_list

# A test that runs for longer is one that the mutant has made endless.
MOST_SECONDS_OF_A_TEST = 180


@dataclasses.dataclass
class Verdict:
    word: str     # killed, survived, or does not compile
    by: str = ""  # the test binary that was red
    said: str = ""  # the first red test of it, or the last lines of the compiler


class Stopped(Exception):
    """Nothing can be said of mutants: the tree itself does not build, say, or has a red test."""


def tracked_files():
    listed = subprocess.run(["git", "ls-files", "-co", "--exclude-standard", "-z"], check=True,
                            cwd=mutant_list.ROOT, capture_output=True).stdout
    names = [name for name in listed.decode().split("\0") if name]
    return [name for name in names if (mutant_list.ROOT / name).is_file()]


class Copy:
    """Two copies share nothing, so each may be worked in by a thread of its own."""

    def __init__(self, number, without):
        self.without = without  # tests that say nothing: a filter of GoogleTest
        self.tree = mutant_list.ROOT / f"build/mutants/tree-{number}"
        self.build_folder = self.tree / "build/mutants"

    def refresh(self):
        """The copy has the files of the tree; what is the same keeps its time, so that it
        is not built again."""
        wanted = set(tracked_files())
        for name in wanted:
            source, target = mutant_list.ROOT / name, self.tree / name
            content = source.read_bytes()
            if target.is_file() and target.read_bytes() == content:
                continue
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
            target.chmod(source.stat().st_mode)
        for folder, folders, names in os.walk(self.tree):
            if pathlib.Path(folder) == self.tree and "build" in folders:
                folders.remove("build")
            for name in names:
                path = pathlib.Path(folder, name)
                if str(path.relative_to(self.tree)) not in wanted:
                    path.unlink()

    def build(self, targets, jobs=1):
        """Whether they build, and what the build says."""
        # Only warnings tell this build from the everyday one, so ccache has most of it already.
        environment = os.environ | {"CCACHE_BASEDIR": str(self.tree), "CCACHE_NOHASHDIR": "1",
                                    "CCACHE_SLOPPINESS": "pch_defines,time_macros",
                                    "CCACHE_IGNOREOPTIONS": "-w"}
        if not (self.build_folder / "build.ninja").exists():
            subprocess.run(["cmake", "--preset", "mutants"], check=True, cwd=self.tree,
                           env=environment, stdout=subprocess.DEVNULL)
        done = subprocess.run(["cmake", "--build", "--preset", "mutants", f"-j{jobs}",
                               "--target", *targets],
                              cwd=self.tree, env=environment, capture_output=True, text=True)
        output = done.stdout + done.stderr
        if "interrupted by user" in output:
            raise Stopped("the build was stopped")
        return done.returncode == 0, output

    def red_test(self, binary, test_filter):
        """The first test that fails; empty when all pass."""
        report = self.build_folder / "results.json"
        report.unlink(missing_ok=True)
        wanted = f"{test_filter or '*'}-{self.without}"
        command = [self.build_folder / "bin" / binary, f"--gtest_filter={wanted}",
                   "--gtest_brief=1", "--gtest_fail_fast", f"--gtest_output=json:{report}"]
        try:
            done = subprocess.run(command, cwd=self.build_folder, stdout=subprocess.DEVNULL,
                                  stderr=subprocess.DEVNULL, timeout=MOST_SECONDS_OF_A_TEST)
        except subprocess.TimeoutExpired:
            return "(does not end)"
        if done.returncode == 0:
            return ""
        if not report.exists():
            return "(ends by a signal or a failed check)"
        suites = json.loads(report.read_text())["testsuites"]
        return next(_name_of(suite, case) for suite in suites for case in suite["testsuite"]
                    if case.get("failures"))

    def build_all(self, mutants, jobs):
        built, output = self.build(sorted({binary for m in mutants for binary, _ in m.tests}), jobs)
        if not built:
            raise Stopped(f"the tree does not build\n{output}")

    def demand_green(self, mutants):
        """Without a mutant nothing may be red, or a kill would mean nothing."""
        for binary, test_filter in sorted({test for mutant in mutants for test in mutant.tests}):
            if red := self.red_test(binary, test_filter):
                raise Stopped(f"{binary} is red without a mutant: {red}")

    def judge(self, mutant):
        path = self.tree / mutant.file
        text = path.read_text()
        path.write_text(text.replace(mutant.old, mutant.new))
        try:
            for binary, test_filter in mutant.tests:
                built, output = self.build([binary])
                if not built:
                    lines = output.strip().split("\n")
                    return Verdict("does not compile", said="\n".join(lines[-12:]))
                if red := self.red_test(binary, test_filter):
                    return Verdict("killed", binary, red)
            return Verdict("survived")
        finally:
            path.write_text(text)


def _name_of(suite, case):
    """With the golden file, where the test says one."""
    trace = re.search(r"^.*_test\.cpp:\d+: (\w+)$", case["failures"][0]["failure"], re.MULTILINE)
    return f"{suite['name']}.{case['name']}" + (f" ({trace[1]})" if trace else "")
