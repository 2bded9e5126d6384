"""What is finished stays on disk: a killed study goes on, and no altered file is believed."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from scipy import sparse

from allocator.certificate import certify, prove
from allocator.change import Change, Line
from allocator.fan import Job, Kept, Tally, open_fan
from allocator.program import OPEN, Clause, Rows
from allocator.solve.outcome import Outcome
from tests.fan.tasks import base, jobs, told

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("on", ["here", "processes:2"])
def test_a_study_killed_in_the_middle_goes_on_to_what_an_unbroken_one_gives(on: str, tmp_path: Path) -> None:
    kept = tmp_path / "solves"
    done = subprocess.run(
        [sys.executable, "-m", "tests.fan.tasks", str(kept), on, "3"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()
    there = len(list(kept.glob("*.json")))
    assert 3 <= there < 8
    told_of: list[Tally] = []
    with open_fan("here", keep=kept, resume=True) as fan:
        resumed = dict(fan.solve(base(), jobs(), tell=told_of.append))
        fan.whole()
    with open_fan("here") as fan:
        unbroken = dict(fan.solve(base(), jobs()))
    assert [told(resumed[k]) for k in range(8)] == [told(unbroken[k]) for k in range(8)]
    assert told_of[-1] == Tally(wanted=8, done=8, kept=there)
    assert not kept.exists()


def test_without_resume_what_is_there_is_not_read(tmp_path: Path) -> None:
    for _ in range(2):
        told_of: list[Tally] = []
        with open_fan("here", keep=tmp_path) as fan:
            list(fan.solve(base(), jobs(2), tell=told_of.append))
        assert told_of[-1] == Tally(wanted=2, done=2, kept=0)
    assert len(list(tmp_path.glob("*.json"))) == 2


def found(tmp_path: Path) -> tuple[Kept, Job, Outcome, Path]:
    """One kept outcome and its file."""
    (job,) = jobs(1)
    with open_fan("here", keep=tmp_path) as fan:
        ((_, outcome),) = fan.solve(base(), [job])
    (file,) = tmp_path.glob("*.json")
    return Kept(tmp_path), job, outcome, file


def test_what_is_read_is_what_was_kept(tmp_path: Path) -> None:
    kept, job, outcome, _ = found(tmp_path)
    again = kept.get(base(), job)
    assert again is not None
    assert told(again) == told(outcome)
    assert again.chosen is not None
    assert (again.chosen == outcome.chosen).all()
    assert (again.seconds, again.solver, again.detail) == (outcome.seconds, outcome.solver, outcome.detail)


def test_a_certificate_is_kept_exactly(tmp_path: Path) -> None:
    kept, job, outcome, _ = found(tmp_path)
    program = base().with_(job.change)
    proof = certify(program, [0.37, 0.0])
    kept.put(base(), job, replace(outcome, certificate=proof))
    again = kept.get(base(), job)
    assert again is not None
    assert again.certificate == proof
    assert prove(program, proof.numerators, proof.denominator) == again.certificate.bound


@pytest.mark.parametrize("harm", ["torn", "value", "plan", "empty"])
def test_a_file_that_was_torn_or_altered_is_as_good_as_absent(harm: str, tmp_path: Path) -> None:
    kept, job, _, file = found(tmp_path)
    text = file.read_text()
    if harm == "torn":
        file.write_text(text[: len(text) // 2])
    elif harm == "empty":
        file.write_text("")
    else:
        data = json.loads(text)
        data.update({"value": data["value"] + 1} if harm == "value" else {"chosen": "////"})
        file.write_text(json.dumps(data))
    assert kept.get(base(), job) is None


def test_a_file_with_a_true_seal_over_a_false_plan_is_found_out(tmp_path: Path) -> None:
    kept, job, outcome, _ = found(tmp_path)
    kept.put(base(), job, replace(outcome, chosen=np.ones(20, bool)))
    assert kept.get(base(), job) is None
    assert isinstance(outcome.value, int)
    kept.put(base(), job, replace(outcome, value=outcome.value + 1))
    assert kept.get(base(), job) is None


def test_a_time_limit_is_taken_only_where_no_more_time_is_given(tmp_path: Path) -> None:
    kept, job, outcome, _ = found(tmp_path)
    kept.put(base(), job, replace(outcome, reason="time_limit", gap=0.2))
    assert kept.get(base(), job) is not None
    assert kept.get(base(), replace(job, time_limit=job.time_limit + 1)) is None


@pytest.mark.parametrize("reason", ["interrupted", "failed"])
def test_what_was_interrupted_or_failed_is_not_kept(reason: str, tmp_path: Path) -> None:
    (job,) = jobs(1)
    Kept(tmp_path / "new").put(base(), job, Outcome(reason, None, None, None, None, 1.0))  # type: ignore[arg-type]
    assert not (tmp_path / "new").exists()


def test_every_question_has_a_name_of_its_own() -> None:
    program = base()
    block = Rows(
        sparse.csr_array(np.ones((1, 20), np.int64)),
        np.array([-OPEN]),
        np.array([5]),
        (Clause("a", "b", "cap"),),
    )
    dearer = replace(block, clauses=(Clause("a", "b", "cap", Fraction(1, 3)),))
    line = Line.of(program, 0)
    changes = [
        Change(),
        Change(lower={0: 4}),
        Change(upper={0: 4}),
        Change(upper={1: 4}),
        Change(upper={0: 4, 1: 4}),
        Change(fixed={0: 1}),
        Change(fixed={0: 0}),
        Change(gain=program.gain),
        Change(gain=program.gain + 1),
        Change(added=block),
        Change(added=dearer),
        Change(replaced={0: line}),
        Change(replaced={1: line}),
        Change(replaced={0: replace(line, coefficients=line.coefficients + 1)}),
    ]
    names = {Job(change, gap).key(digest) for change in changes for gap in (0, 1e-4) for digest in ("p", "q")}
    assert len(names) == 4 * len(changes)
    assert Job(Change(upper={0: 4, 1: 5})).key("p") == Job(Change(upper={1: 5, 0: 4}), time_limit=1).key("p")
