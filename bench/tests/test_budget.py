"""The arithmetic of the budget. Run: python3 -m unittest discover -s bench/tests"""
import io, os, sys, unittest
sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from yardstick import budget, figures, tables
from yardstick.budget import Row
from yardstick.scenarios import BUDGET, SCENARIOS, SETS

CLEAN = {"lost": 0, "dup": 0, "out_of_order": 0}


def runs(broker, values, case="c", figure="f", **more):
    return [{"case": case, "broker": broker, "round": i, figure: v, **CLEAN, **more} for i, v in enumerate(values)]


class Figures(unittest.TestCase):
    def test_a_ratio_is_taken_within_each_round(self):
        self.assertAlmostEqual(figures.ratio(runs("a", [2, 30, 4.4]), runs("b", [1, 10, 2]), "f"), 2.2)

    def test_rounds_that_one_side_lacks_do_not_count(self):
        self.assertEqual(figures.ratio(runs("a", [2, 3]), runs("b", [1]), "f"), 2)
        self.assertIsNone(figures.ratio(runs("a", [2]), [], "f"))

    def test_a_figure_inside_another_is_found(self):
        self.assertEqual(figures.get({"lat_us": {"p99": 7}}, "lat_us.p99"), 7)
        self.assertIsNone(figures.get({"lat_us": 3}, "lat_us.p99"))

    def test_a_result_with_an_error_is_no_result(self):
        self.assertEqual(figures.good([{"case": "c", "broker": "a", "error": "x"}], "c", "a"), [])

    def test_numbers_keep_the_digits_that_matter(self):
        self.assertEqual([figures.text(x) for x in (None, 0.04567, 0.4567, 4.567, 45.67, 4567.8)], ["-", "0.046", "0.46", "4.57", "45.7", "4,568"])


class Verdicts(unittest.TestCase):
    def word(self, row, results):
        return budget.judge(row, results).word

    def test_at_most_and_at_least(self):
        for value, at_least, word in ((9, False, "met"), (10, False, "met"), (11, False, "missed"), (9, True, "missed"), (10, True, "met")):
            with self.subTest(value=value, at_least=at_least):
                self.assertEqual(self.word(Row("c", "f", "u", 10, at_least=at_least), runs("starling", [value])), word)

    def test_a_ratio_is_judged_and_not_the_figure(self):
        results = runs("starling", [20, 20, 20]) + runs("relay", [10, 10, 5])
        self.assertEqual(budget.judge(Row("c", "f", "u", 2, "relay"), results).judged, 2)
        self.assertEqual(self.word(Row("c", "f", "u", 2, "relay"), results), "met")
        self.assertEqual(self.word(Row("c", "f", "u", 1.9, "relay"), results), "missed")

    def test_a_lost_doubled_or_disordered_message_makes_a_row_void_on_either_side(self):
        for fault in CLEAN:
            for broker in ("starling", "relay"):
                with self.subTest(fault=fault, broker=broker):
                    results = runs("starling", [1, 1]) + runs("relay", [1, 1])
                    next(r for r in results if r["broker"] == broker)[fault] = 1
                    self.assertEqual(self.word(Row("c", "f", "u", 2, "relay"), results), "void")

    def test_a_negative_count_of_lost_messages_is_a_fault_too(self):
        self.assertEqual(self.word(Row("c", "f", "u", 2), runs("starling", [1], lost=-3)), "void")

    def test_a_load_that_was_not_reached_makes_a_row_void(self):
        self.assertEqual(self.word(Row("c", "f", "u", 2), runs("starling", [1], rate=100, msgs_per_s_in=90)), "void")
        self.assertEqual(self.word(Row("c", "f", "u", 2), runs("starling", [1], rate=100, msgs_per_s_in=99)), "met")

    def test_connections_that_failed_make_a_row_void(self):
        self.assertEqual(self.word(Row("c", "f", "u", 2), runs("starling", [1], failed=1)), "void")
        self.assertEqual(self.word(Row("c", "f", "u", 2), runs("starling", [1], failed=0)), "met")

    def test_a_run_that_failed_makes_a_row_void_also_when_others_did_not(self):
        failed = runs("starling", [1], error="timeout")
        self.assertEqual(self.word(Row("c", "f", "u", 2), failed), "void")
        self.assertEqual(self.word(Row("c", "f", "u", 2), runs("starling", [1]) + failed), "void")

    def test_what_was_not_run_is_not_measured(self):
        missing = [{"case": "c", "broker": "starling", "round": 0, "error": "no such file", "missing": True}]
        for results in ([], runs("starling", [1]), runs("relay", [1]), missing):
            self.assertEqual(self.word(Row("c", "f", "u", 2, "relay"), results), "not measured")

    def test_the_exit_code_tells_the_worst(self):
        def code(*words):
            return budget.exit_code([budget.Verdict(budget.ROWS[0], 1, 1, 1, w) for w in words])
        self.assertEqual([code("met"), code("met", "not measured"), code("met", "missed", "not measured"), code("void")], [0, 3, 1, 1])


class Report(unittest.TestCase):
    def test_every_row_belongs_to_a_scenario_of_its_set_and_to_a_figure_of_it(self):
        for row in budget.ROWS:
            self.assertIn(row.case, BUDGET)
            self.assertIn(row.figure, SCENARIOS[row.case].columns)
        self.assertEqual({row.case for row in budget.ROWS}, set(BUDGET))

    def test_every_scenario_of_a_set_is_there(self):
        for names in SETS.values():
            self.assertLessEqual(set(names), set(SCENARIOS))

    def test_a_table_is_markdown_whose_columns_stand_below_each_other(self):
        out = io.StringIO()
        tables.write(out, ["a", "longer"], [["x" * 9, 1]])
        self.assertEqual(out.getvalue(), "| a         | longer |\n|-----------|--------|\n| xxxxxxxxx | 1      |\n")


if __name__ == "__main__":
    unittest.main()
