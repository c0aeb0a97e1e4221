"""What stands for many measured values."""

import math

from tests.benchmarks.figures import Sample, figure, table


def test_the_p95_is_the_element_that_19_of_20_do_not_exceed() -> None:
    assert Sample.of(range(1, 21)).p95 == 19
    assert Sample.of([7.0]).p95 == 7.0


def test_an_empty_sample_has_no_figures() -> None:
    assert math.isnan(Sample().median)
    assert math.isnan(Sample().p95)
    assert figure(Sample().median) == "-"


def test_rounds_are_compared_with_their_own_floor() -> None:
    # the machine was ten times slower in the last two rounds; neither median alone would tell the ratio of 2
    assert Sample.of([2, 2, 4, 40, 20]).ratio_to(Sample.of([1, 1, 2, 20, 10])) == 2


def test_samples_of_other_sizes_are_compared_by_their_medians() -> None:
    assert Sample.of([3, 4, 5]).ratio_to(Sample.of([2, 2])) == 2
    assert math.isnan(Sample.of([1, 2]).ratio_to(Sample()))


def test_figures_keep_the_digits_that_count() -> None:
    assert [figure(each) for each in (0.123, 3.14159, 31.4159, 31415.9)] == ["0.12", "3.14", "31.4", "31,416"]


def test_a_table_is_aligned_markdown() -> None:
    assert table(["key", "ms"], [["j", "2"], ["down", "10"]]).splitlines() == [
        "| key  | ms |",
        "|------|---:|",
        "| j    |  2 |",
        "| down | 10 |",
    ]
