#!/usr/bin/env python3
"""Plants the mutants one at a time and demands that a test turns red.

Each core has a copy of the tree with a build folder of its own. What was found is kept in
build/mutants/results.json, by the mutant's text, so that a run may be cut into pieces;
`--table` writes the table of docs/testing.md from it.
"""

import argparse
import concurrent.futures
import dataclasses
import hashlib
import json
import os
import queue
import re
import sys
import threading
import time

import mutant_list
import planting
import table

RESULTS = mutant_list.ROOT / "build/mutants/results.json"


def fingerprint(mutant):
    text = json.dumps(dataclasses.asdict(mutant) | {"place": ""}, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def read_results():
    return json.loads(RESULTS.read_text()) if RESULTS.exists() else {}


class Run:
    """Hands the mutants out to the copies, and takes the verdicts in."""

    def __init__(self, mutants, most_seconds, without):
        self.without = without
        self.begin = time.monotonic()
        self.most_seconds = most_seconds
        self.all = mutants
        self.waiting = queue.SimpleQueue()
        for mutant in mutants:
            self.waiting.put(mutant)
        self.lock = threading.Lock()
        self.counts = {}

    def work_in(self, copy):
        while time.monotonic() - self.begin < self.most_seconds:
            try:
                mutant = self.waiting.get_nowait()
            except queue.Empty:
                return
            start = time.monotonic()
            verdict = copy.judge(mutant)
            with self.lock:
                self.take_in(mutant, verdict, time.monotonic() - start)

    def take_in(self, mutant, verdict, seconds):
        results = read_results()
        results[mutant.name] = {"of": fingerprint(mutant), **dataclasses.asdict(verdict)}
        RESULTS.write_text(json.dumps(results, indent=1, sort_keys=True))
        self.counts[verdict.word] = self.counts.get(verdict.word, 0) + 1
        print(f"{verdict.word:9} {mutant.name:36} {seconds:5.1f} s  {table.by_whom(verdict)}",
              flush=True)
        if verdict.word == "does not compile":
            print(verdict.said)

    def run(self):
        cores = len(os.sched_getaffinity(0))
        copies = [planting.Copy(number + 1, self.without) for number in range(cores)]
        for copy in copies:
            copy.refresh()
            copy.build_all(self.all, cores)
        copies[0].demand_green(self.all)
        with concurrent.futures.ThreadPoolExecutor(cores) as threads:
            for done in [threads.submit(self.work_in, copy) for copy in copies]:
                done.result()
        left = len(self.all) - sum(self.counts.values())
        if left:
            self.counts["not looked at"] = left
        print(", ".join(f"{count} {word}" for word, count in sorted(self.counts.items())))
        return set(self.counts) <= {"killed"}


def verdict_of(mutant, results):
    """None while it has not been planted as it stands."""
    known = results.get(mutant.name, {})
    if known.get("of") != fingerprint(mutant):
        return None
    return planting.Verdict(known["word"], known["by"], known["said"])


def in_order(mutants):
    """Those that a construct needs come first, then the others of it; and neighbours in
    one file, so that less is built between them."""
    left = dict(mutant_list.constructs())
    needed = set()
    for mutant in mutants:
        construct = mutant_list.meant_by(mutant, left)[0]
        if left[construct] > 0:
            needed.add(mutant.name)
        left[construct] -= 1
    return sorted(mutants, key=lambda m: (m.name not in needed, m.file, m.name))


def main():
    parser = argparse.ArgumentParser(prog="./dev mutants", description=__doc__.split("\n")[0])
    parser.add_argument("regex", nargs="?", default="",
                        help="those whose name or file has a match")
    parser.add_argument("--new", action="store_true", help="only those without a verdict yet")
    parser.add_argument("--minutes", type=float, default=float("inf"),
                        help="begin with no mutant after so long; --new goes on from there")
    parser.add_argument("--without", default="", metavar="FILTER",
                        help="tests that are left out, being red without a mutant: 'A.*:B.c'")
    parser.add_argument("--table", action="store_true",
                        help="write the table of docs/testing.md from what was found")
    options = parser.parse_args()
    mutants = mutant_list.read_all()
    if faults := mutant_list.faults(mutants):
        sys.exit("\n".join(faults))
    results = read_results()
    if options.table:
        return table.write(mutants, [verdict_of(mutant, results) for mutant in mutants])
    wanted = [m for m in mutants
              if re.search(options.regex, m.name) or re.search(options.regex, m.file)]
    if options.new:
        wanted = [m for m in wanted if verdict_of(m, results) is None]
    try:
        return None if Run(in_order(wanted), options.minutes * 60, options.without).run() else 1
    except planting.Stopped as fault:
        return f"mutants: {fault}"


if __name__ == "__main__":
    sys.exit(main())
