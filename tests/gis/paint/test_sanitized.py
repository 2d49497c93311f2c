"""The hostile tests once more with a painter that watches every address it touches."""

import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from tests import needs

ROOT = Path(__file__).parents[3]
NATIVE = ROOT / "gis" / "paint" / "native"
WATCHED = (
    *("-std=c11", "-O1", "-g", "-ffp-contract=off", "-fno-omit-frame-pointer", "-shared", "-fPIC"),
    *("-fsanitize=address,undefined,float-cast-overflow", "-fno-sanitize-recover=all"),
)
RUN = """
import sys
import gis.paint
gis.paint.__path__.insert(0, sys.argv[1])
from gis.paint import _raster, raster
assert raster.available and _raster.__file__.startswith(sys.argv[1])
from tests.gis.paint import test_arranging, test_door, test_hostile, test_measuring
from tests.gis.paint import test_placing, test_together
test_arranging.test_compiled_and_plain_put_boxes_in_the_same_order()
test_arranging.test_arrays_of_any_kind_are_put_in_order_or_a_value_error()
test_arranging.test_runs_of_any_kind_are_gathered_or_a_value_error()
test_measuring.test_compiled_and_plain_measure_the_same()
test_measuring.test_arrays_of_any_kind_are_measured_or_a_value_error()
test_placing.test_compiled_and_plain_give_the_same_answer()
test_placing.test_arrays_of_any_kind_end_in_an_answer_or_a_value_error()
for part in ("names", "places", "twins"):
    test_placing.test_an_answer_that_is_written_over_the_question_is_the_same_answer(part)
test_placing.test_a_place_that_grows_when_it_is_chosen_covers_what_it_did()
test_measuring.test_boxes_that_are_written_over_the_offsets_lead_nowhere()
test_door.test_a_surface_out_of_all_bounds_is_refused()
for shapes, word in test_door.WRONG_SHAPES.values():
    test_door.test_arrays_that_do_not_fit_together_are_refused(shapes, word)
for each in ("areas", "lines", "marks"):
    getattr(test_hostile, f"test_{each}_of_any_kind_stay_on_their_surface")()
test_hostile.test_a_table_for_thin_lines_that_says_anything_is_no_danger()
test_hostile.test_a_table_that_is_painted_over_is_no_danger()
test_hostile.test_a_table_that_reaches_farthest_stays_in_its_veil()
for ink in (0xFF112233, 0x80112233):
    test_hostile.test_a_table_for_thin_lines_serves_no_wide_pen(ink)
test_together.picture(test_together.canvas(), test_together.stars())
print("NOTHING WAS TOUCHED")
"""


@pytest.fixture(scope="module")
def compiler() -> str:
    needs.that(sys.platform.startswith("linux"), "the painter is watched on Linux")
    return needs.program("gcc")


def watched(compiler: str, sources: Path, folder: Path) -> Path:
    """A second copy of the painter with the sanitizers in it."""
    folder.mkdir(exist_ok=True)
    made = folder / "_raster.abi3.so"
    headers = sysconfig.get_path("include")
    files = sorted(map(str, sources.glob("*.c")))
    done = subprocess.run(
        [compiler, *WATCHED, f"-I{headers}", *files, "-o", str(made), "-lm"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return made


def run(compiler: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """The hostile tests in a process of their own, ended after a minute."""
    library = subprocess.run(
        [compiler, "-print-file-name=libasan.so"], capture_output=True, text=True, check=True
    ).stdout.strip()
    environment = os.environ | {
        "LD_PRELOAD": library,
        "ASAN_OPTIONS": "detect_leaks=0:abort_on_error=0:exitcode=77",
        "UBSAN_OPTIONS": "print_stacktrace=1:exitcode=77",
        "PYTHONMALLOC": "malloc",
        "PYTHONPATH": str(ROOT),
    }
    return subprocess.run(
        [sys.executable, "-c", RUN, str(folder)],
        capture_output=True,
        text=True,
        cwd=folder,
        env=environment,
        timeout=240,
        check=False,
    )


def test_nothing_hostile_reads_or_writes_beyond_an_array(compiler, tmp_path):
    watched(compiler, NATIVE, tmp_path / "whole")
    done = run(compiler, tmp_path / "whole")
    assert "NOTHING WAS TOUCHED" in done.stdout, done.stdout[-2000:] + done.stderr[-4000:]
    assert done.returncode == 0


@pytest.mark.parametrize(
    ("file", "sound", "planted"),
    [
        (
            "marks.c",
            "y1 = y1 < surface->top + surface->height ? y1 : surface->top + surface->height;",
            "",
        ),
        (
            "feature.c",
            "last > shapes->ring_count)\n        return unsound(painter);",
            "last < 0)\n        return unsound(painter);",
        ),
    ],
    ids=["a mark not cut", "an offset believed"],
)
def test_the_watch_finds_a_planted_fault(compiler, tmp_path, file, sound, planted):
    sources = tmp_path / "sources"
    shutil.copytree(NATIVE, sources)
    text = (sources / file).read_text("utf-8")
    assert sound in text
    (sources / file).write_text(text.replace(sound, planted), "utf-8")
    watched(compiler, sources, tmp_path / "faulty")
    done = run(compiler, tmp_path / "faulty")
    assert done.returncode != 0
    assert "AddressSanitizer" in done.stderr or "(framed == UNTOUCHED).all()" in done.stderr
