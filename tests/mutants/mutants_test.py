#!/usr/bin/env python3
"""Every mutant can still be planted, every construct has one, and the page has them all.

Whether tests kill them is the long form's to show: `./dev mutants`.
"""

import unittest

import mutant_list
import planting
import run
import table

LIST = """
# A comment.
mutant never_leaves
construct exit on EVENT
says nobody leaves
file engine/exits.cpp
tests engine_test=ExitsTest.* testing_golden_test
<<<
  return true;

  // and so on
===
  return false;
>>>
"""


class TheLists(unittest.TestCase):
    maxDiff = None

    def test_are_without_fault(self):
        self.assertEqual([], mutant_list.faults(mutant_list.read_all()))

    def test_are_those_of_the_page(self):
        listed = sorted(mutant.name for mutant in mutant_list.read_all())
        self.assertEqual(listed, sorted(table.names()), "run ./dev mutants, and then with --table")


class AList(unittest.TestCase):
    def setUp(self):
        self.mutant, = mutant_list.parse(LIST, "a.mutants")

    def test_is_read_with_its_lines_as_they_are(self):
        self.assertEqual("never_leaves", self.mutant.name)
        self.assertEqual([("engine_test", "ExitsTest.*"), ("testing_golden_test", "")],
                         self.mutant.tests)
        self.assertEqual("  return true;\n\n  // and so on", self.mutant.old)
        self.assertEqual("  return false;", self.mutant.new)
        self.assertEqual("a.mutants:14", self.mutant.place)

    def test_may_not_end_in_the_middle(self):
        with self.assertRaisesRegex(mutant_list.ListFault, "has no end"):
            mutant_list.parse(LIST.replace(">>>", ""), "a.mutants")

    def test_needs_every_line(self):
        with self.assertRaisesRegex(mutant_list.ListFault, "has no `says`"):
            mutant_list.parse(LIST.replace("says nobody leaves\n", ""), "a.mutants")

    def test_knows_no_other_line(self):
        with self.assertRaisesRegex(mutant_list.ListFault, "is no line of a mutant"):
            mutant_list.parse("mutant a\nmutants b", "a.mutants")


class AFault(unittest.TestCase):
    def setUp(self):
        self.mutant, = mutant_list.parse(LIST, "a.mutants")

    def test_is_a_text_that_is_gone_or_stands_twice(self):
        self.assertEqual([], mutant_list.faults_of_text(self.mutant, f"a\n{self.mutant.old}\nb"))
        gone, = mutant_list.faults_of_text(self.mutant, "")
        self.assertIn("stands 0 times", gone)
        twice, = mutant_list.faults_of_text(self.mutant, self.mutant.old * 2)
        self.assertIn("stands 2 times", twice)

    def test_is_a_change_of_nothing(self):
        self.mutant.new = self.mutant.old
        fault, = mutant_list.faults_of_text(self.mutant, self.mutant.old)
        self.assertIn("changes nothing", fault)

    def test_is_a_construct_without_a_mutant(self):
        constructs = {"exit on EVENT [where …]": 1, "goal": 1}
        fault, = mutant_list.faults_of_constructs([self.mutant], constructs)
        self.assertIn("`goal` says 1 things and has 0 mutants", fault)

    def test_is_a_construct_with_too_few(self):
        fault, = mutant_list.faults_of_constructs([self.mutant], {"exit on EVENT": 2})
        self.assertIn("`exit on EVENT` says 2 things and has 1 mutants", fault)

    def test_is_a_construct_that_no_page_has(self):
        fault, = mutant_list.faults_of_constructs([self.mutant], {})
        self.assertIn("begins 0 constructs", fault)

    def test_is_a_test_that_is_not_there(self):
        fault, = mutant_list.faults_of_tests([self.mutant], {"engine_test"})
        self.assertIn("no test `testing_golden_test`", fault)

    def test_is_a_name_that_two_have(self):
        fault, = mutant_list.faults_of_names([self.mutant, self.mutant])
        self.assertIn("two mutants `never_leaves`", fault)


class AVerdict(unittest.TestCase):
    def setUp(self):
        self.mutant, = mutant_list.parse(LIST, "a.mutants")
        known = {"of": run.fingerprint(self.mutant), "word": "killed", "by": "engine_test",
                 "said": "Exits.One"}
        self.results = {"never_leaves": known}

    def test_stands_in_the_table(self):
        verdict = run.verdict_of(self.mutant, self.results)
        *_, row = table.lines([self.mutant], [verdict])
        self.assertEqual("| `exit on EVENT` | never_leaves | nobody leaves | engine_test: Exits.One |",
                         row)

    def test_is_void_when_the_mutant_has_changed(self):
        self.mutant.new = "  return early;"
        self.assertIsNone(run.verdict_of(self.mutant, self.results))
        *_, row = table.lines([self.mutant], [None])
        self.assertIn("| not run yet |", row)

    def test_of_a_survivor_says_so(self):
        self.assertEqual("survived", table.by_whom(planting.Verdict("survived")))


class TheOrder(unittest.TestCase):
    def test_begins_with_what_the_constructs_need(self):
        mutant, = mutant_list.parse(LIST, "a.mutants")
        further, = mutant_list.parse(LIST.replace("never_leaves", "another"), "a.mutants")
        other, = mutant_list.parse(LIST.replace("never_leaves", "other")
                                   .replace("exit on EVENT", "exit when"), "a.mutants")
        self.assertEqual(["never_leaves", "other", "another"],
                         [m.name for m in run.in_order([mutant, further, other])])


class TheReference(unittest.TestCase):
    def test_names_constructs_in_the_first_column_of_some_tables(self):
        page = ("| Clause | Meaning |\n|---|---|\n| `owner` · **x** | a |\n| `a \\| b` | b |\n\n"
                "| Block | Name |\n|---|---|\n| `if` | c |\n")
        self.assertEqual({"owner · x": 1, "a \\| b": 1}, mutant_list.constructs_of_tables(page))


if __name__ == "__main__":
    unittest.main()
