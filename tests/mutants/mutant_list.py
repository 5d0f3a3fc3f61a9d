"""The planted mutants of the language, and what they have to cover.

A mutant is a small change of what a construct of docs/language.md means. The lists stand
beside this file (`*.mutants`); README.md says how they are written. This file reads them,
and says what is wrong with them; it changes nothing.
"""

import dataclasses
import pathlib
import re

FOLDER = pathlib.Path(__file__).resolve().parent
ROOT = FOLDER.parent.parent

# The tables of docs/language.md that name constructs, by the head of their first column.
TABLES = {"Clause", "Entry", "Step", "Line of a `webhook`", "Question", "Window", "Condition",
          "Assert", "Line"}

KEYS = ("mutant", "construct", "says", "file", "tests")


@dataclasses.dataclass
class Mutant:
    name: str
    construct: str  # how a construct of the reference begins
    says: str       # the meaning that the program has with it
    file: str
    tests: list     # of (binary, filter), run in this order until one is red
    old: str
    new: str
    place: str      # FILE:LINE of the list


class ListFault(Exception):
    pass


def parse(text, name):
    """The mutants of one list."""
    mutants = []
    fields, part, number = {}, None, 0
    for number, line in enumerate(text.split("\n"), 1):
        if part is not None and line not in ("===", ">>>"):
            part.append(line)
        elif line == "<<<":
            fields["old"] = part = []
        elif line == "===" and part is not None:
            fields["new"] = part = []
        elif line == ">>>" and "new" in fields:
            mutants.append(_made_of(fields, f"{name}:{number}"))
            fields, part = {}, None
        elif line and not line.startswith("#"):
            key, _, value = line.partition(" ")
            if key not in KEYS or key in fields or not value.strip():
                raise ListFault(f"{name}:{number}: `{line}` is no line of a mutant")
            fields[key] = value.strip()
    if fields:
        raise ListFault(f"{name}:{number}: the last mutant has no end")
    return mutants


def _made_of(fields, place):
    missing = [key for key in KEYS if key not in fields]
    if missing:
        raise ListFault(f"{place}: this mutant has no `{missing[0]}`")
    tests = [tuple(word.partition("=")[::2]) for word in fields["tests"].split()]
    return Mutant(fields["mutant"], fields["construct"], fields["says"], fields["file"], tests,
                  "\n".join(fields["old"]), "\n".join(fields["new"]), place)


def read_all():
    mutants = []
    for path in sorted(FOLDER.glob("*.mutants")):
        mutants += parse(path.read_text(), f"tests/mutants/{path.name}")
    return mutants


def _plain(cell):
    return " ".join(cell.replace("`", "").replace("**", "").split())


def constructs_of_tables(reference):
    """The first column of every table of constructs: each with the number of things that it
    says, which is the number of its pieces of code."""
    constructs, counts, previous = {}, False, ""
    for line in reference.split("\n"):
        # `\|` does not end a cell.
        cells = re.split(r"(?<!\\)\|", line)
        first = cells[1].strip() if line.startswith("|") and len(cells) > 2 else None
        if first is not None and not previous.startswith("|"):
            counts = first in TABLES
        elif first is not None and counts and not re.fullmatch(r"-+", first):
            constructs[_plain(first)] = max(1, first.count("`") // 2)
        previous = line
    return constructs


def constructs():
    """Those of the tables, and those that constructs.txt adds: what the reference says in
    sentences."""
    reference = (ROOT / "docs/language.md").read_text()
    lines = (FOLDER / "constructs.txt").read_text().split("\n")
    said = {line: 1 for line in lines if line and not line.startswith("#")}
    return constructs_of_tables(reference) | said


def faults_of_text(mutant, text):
    found = text.count(mutant.old) if mutant.old else 0
    if found != 1:
        return [f"{mutant.place}: the text of `{mutant.name}` stands {found} times in {mutant.file}"]
    if mutant.old == mutant.new:
        return [f"{mutant.place}: `{mutant.name}` changes nothing"]
    return []


def meant_by(mutant, all_constructs):
    """The constructs that its word begins; a whole name goes before the beginning of a
    longer one."""
    return ([c for c in all_constructs if c == mutant.construct] or
            [c for c in all_constructs if c.startswith(mutant.construct)])


def faults_of_constructs(mutants, all_constructs):
    faults, covered = [], dict.fromkeys(all_constructs, 0)
    for mutant in mutants:
        meant = meant_by(mutant, all_constructs)
        if len(meant) != 1:
            faults.append(f"{mutant.place}: `{mutant.construct}` begins {len(meant)} constructs of "
                          "docs/language.md and tests/mutants/constructs.txt")
        for construct in meant:
            covered[construct] += 1
    for construct, wanted in all_constructs.items():
        if covered[construct] < wanted:
            faults.append(f"docs/language.md: `{construct}` says {wanted} things and has "
                          f"{covered[construct]} mutants: add to a list in tests/mutants")
    return faults


def faults_of_tests(mutants, binaries):
    return [f"{mutant.place}: there is no test `{binary}`"
            for mutant in mutants for binary, _ in mutant.tests if binary not in binaries]


def faults_of_names(mutants):
    faults, names = [], set()
    for mutant in mutants:
        if mutant.name in names:
            faults.append(f"{mutant.place}: there are two mutants `{mutant.name}`")
        names.add(mutant.name)
    return faults


def test_binaries():
    binaries = set()
    for path in ROOT.glob("tests/**/CMakeLists.txt"):
        binaries.update(re.findall(r"sojourn_test\((\w+)", path.read_text()))
    return binaries


def faults_of_files(mutants):
    faults = []
    for mutant in mutants:
        path = ROOT / mutant.file
        if path.is_file():
            faults += faults_of_text(mutant, path.read_text())
        else:
            faults.append(f"{mutant.place}: there is no file {mutant.file}")
    return faults


def faults(mutants):
    return (faults_of_names(mutants) + faults_of_files(mutants) +
            faults_of_tests(mutants, test_binaries()) + faults_of_constructs(mutants, constructs()))
