from xml.etree import ElementTree

from tests.nothing_left_out import complaints

RAN = """<testcase classname="tests.a" name="{name}"><properties>
<property name="needs" value="{group}"/></properties></testcase>"""
SKIPPED = '<testcase classname="tests.a" name="test_skipped"><skipped message="no"/></testcase>'


def said(*cases: str) -> list[str]:
    report = ElementTree.fromstring(f"<testsuites><testsuite>{''.join(cases)}</testsuite></testsuites>")  # noqa: S314
    return complaints(report, ["register", "compose"])


def test_groups_that_ran_are_fine():
    assert said(RAN.format(name="test_one", group="register"), RAN.format(name="test_two", group="compose")) == []


def test_a_group_that_was_left_out_is_named():
    assert said(RAN.format(name="test_one", group="register")) == ["No test of the group 'compose' was run."]


def test_a_skipped_test_is_named():
    both = RAN.format(name="test_one", group="register") + RAN.format(name="test_two", group="compose")
    assert said(both, SKIPPED) == ["tests.a::test_skipped was skipped."]


def test_a_skipped_test_of_a_group_does_not_count_as_run():
    skipped = RAN.format(name="test_one", group="register").replace("</testcase>", "<skipped/></testcase>")
    assert "No test of the group 'register' was run." in said(skipped)
