import pytest

from tests.benchmarks import report
from tests.benchmarks.__main__ import FIGURE, is_quick


@pytest.mark.parametrize(
    ("limits", "verdict"),
    [({"at_most": 10}, "PASS"), ({"at_most": 1.5}, "SHORT"), ({"at_least": 2}, "PASS"), ({"at_least": 3}, "SHORT")],
)
def test_a_figure_is_one_line_that_the_runner_reads(capsys, limits, verdict):
    assert report("some-figure", measured=4, reference=2, **limits) is (verdict == "PASS")
    line = capsys.readouterr().out
    assert line.startswith("some-figure measured=4 reference=2 ratio=2 required=")
    match = FIGURE.match(line.strip())
    assert match is not None
    assert match[1] == verdict


@pytest.mark.parametrize(("lost", "verdict"), [(0, "PASS"), (1, "SHORT")])
def test_where_something_gets_lost_no_speed_is_enough(capsys, lost, verdict):
    assert report("some-figure", measured=4, reference=2, at_most=10, lost=lost) is (verdict == "PASS")
    line = capsys.readouterr().out
    assert f" lost={lost} " in line
    match = FIGURE.match(line.strip())
    assert match is not None
    assert match[1] == verdict


@pytest.mark.parametrize("limits", [{}, {"at_most": 1, "at_least": 1}])
def test_a_figure_has_one_limit(limits):
    with pytest.raises(ValueError, match="either at_most or at_least"):
        report("some-figure", measured=1, reference=1, **limits)


@pytest.mark.parametrize(("text", "quick"), [("QUICK = True\n", True), ("QUICK = False\n", False), ("x = 1\n", False)])
def test_a_benchmark_says_whether_it_is_quick(tmp_path, text, quick):
    module = tmp_path / "module.py"
    module.write_text(text)
    assert is_quick(module) is quick
