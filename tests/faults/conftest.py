"""One town for all faults, and their figures at the end of the run."""

from shutil import copytree

import pytest

from tests.faults import town as towns
from tests.faults.acts import sit
from tests.faults.figures import grind

FIGURES = "figures"


def pytest_terminal_summary(terminalreporter) -> None:
    reports = (report for kind in ("passed", "failed") for report in terminalreporter.getreports(kind))
    said = [line for report in reports for name, line in report.user_properties if name == FIGURES]
    if said:
        terminalreporter.section("faults")
        for line in dict.fromkeys(said):
            terminalreporter.write_line(line)


@pytest.fixture(scope="session")
def town(tmp_path_factory):
    """Where every fault begins; not to be written to."""
    return towns.build(tmp_path_factory.mktemp("faults") / "town")


@pytest.fixture(scope="session")
def worked(town, tmp_path_factory):
    """The same town after some hours; not to be written to either."""
    later = tmp_path_factory.mktemp("faults") / "later"
    copytree(town, later)
    sit(towns.operation_in(later), town, 7, lambda said: None, 40)
    return later


@pytest.fixture
def note(request):
    """Puts a line among the figures."""
    return lambda line: request.node.user_properties.append((FIGURES, line))


@pytest.fixture
def ground(town, tmp_path, note):
    """Tries a kind of fault at many points and notes what it came to."""

    def go(kind, seeds, town=town):
        outcome = grind(kind, town, tmp_path, seeds)
        note(str(outcome))
        return outcome

    return go
