"""Finished solves on disk: one small file each, so that a study that was killed goes on where it stopped.

A file is named by its question (the program, the change, the gap) and holds the answer. It is written beside itself and
put in place at once; one that is torn, altered, or does not answer its question is as good as absent.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import json
import os
import tempfile
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from allocator.certificate import Certificate
from allocator.fan.job import Job
from allocator.program import Bools, Program
from allocator.solve.outcome import Outcome

CLOSED = ("optimal", "within_gap", "infeasible")
"""Ends that more time does not change."""


class Kept:
    """A folder of finished solves.

    folder  is made when the first one is kept
    read    whether what is there is believed (after it is checked), or only written anew
    """

    def __init__(self, folder: Path, *, read: bool = True) -> None:
        self.folder = folder
        self.read = read
        self.used: set[Path] = set()

    def get(self, program: Program, job: Job) -> Outcome | None:
        """The answer to `job`, checked against the program; None where there is none, or none that will do."""
        file = self._file(program, job)
        if not self.read or not file.is_file():
            return None
        try:
            seconds, outcome = _opened(file.read_text(encoding="utf-8"), program.shape[1])
        except (OSError, ValueError, KeyError, TypeError):
            return None
        if outcome.reason not in CLOSED and seconds < job.time_limit:
            return None
        if not _answers(program.with_(job.change), job, outcome):
            return None
        self.used.add(file)
        return outcome

    def put(self, program: Program, job: Job, outcome: Outcome) -> None:
        """Keep an outcome, unless it was interrupted or failed: that may go better another time.

        Where the folder cannot be written, nothing is kept, and the study goes on.
        """
        if outcome.reason not in (*CLOSED, "time_limit"):
            return
        file = self._file(program, job)
        with contextlib.suppress(OSError):
            self.folder.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=self.folder, prefix=".", suffix=".part")
            with os.fdopen(handle, "w", encoding="utf-8") as out:
                out.write(_written(job.time_limit, outcome))
            os.replace(name, file)
            self.used.add(file)

    def forget(self) -> None:
        """Remove what was kept or read here: the study is whole. The folder goes too, where nothing is left in it."""
        for file in self.used:
            file.unlink(missing_ok=True)
        self.used.clear()
        if self.folder.is_dir():
            for torn in self.folder.glob(".*.part"):
                torn.unlink(missing_ok=True)
            if not any(self.folder.iterdir()):
                self.folder.rmdir()

    def _file(self, program: Program, job: Job) -> Path:
        return self.folder / f"{job.key(program.digest)}.json"


def _answers(program: Program, job: Job, outcome: Outcome) -> bool:
    """Whether a kept outcome is one of the changed program: its plan is a plan, and worth what it says."""
    if outcome.chosen is None:
        return outcome.reason in ("infeasible", "time_limit")
    if program.broken(outcome.chosen) or program.shown(program.value(outcome.chosen)) != outcome.value:
        return False
    closed = outcome.gap is not None and outcome.gap <= job.gap
    return closed or outcome.reason == "time_limit" or bool(outcome.detail)


def _written(seconds: float, outcome: Outcome) -> str:
    """An outcome as text, sealed by a digest over itself; `seconds` is the limit that it was found under."""
    c = outcome.certificate
    data: dict[str, Any] = {
        "limit": seconds,
        "reason": outcome.reason,
        "chosen": None if outcome.chosen is None else _packed(outcome.chosen),
        "value": outcome.value,
        "bound": outcome.bound,
        "gap": outcome.gap,
        "seconds": outcome.seconds,
        "solver": outcome.solver,
        "detail": outcome.detail,
        "program": outcome.program,
        "certificate": None
        if c is None
        else {
            "program": c.program,
            "denominator": c.denominator,
            "rows": len(c.numerators),
            "numerators": [[r, y] for r, y in enumerate(c.numerators) if y],
            "bound": str(c.bound),
        },
    }
    return json.dumps({**data, "seal": _seal(data)}, ensure_ascii=False)


def _opened(text: str, columns: int) -> tuple[float, Outcome]:
    """The limit and the outcome that a text holds. Raises `ValueError` where the seal is broken."""
    data = json.loads(text)
    if data.pop("seal") != _seal(data):
        raise ValueError("the seal is broken")
    c = data.pop("certificate")
    certificate = None
    if c is not None:
        numerators = [0] * c["rows"]
        for r, y in c["numerators"]:
            numerators[r] = y
        certificate = Certificate(c["program"], c["denominator"], tuple(numerators), Fraction(c["bound"]))
    chosen = data.pop("chosen")
    limit = data.pop("limit")
    plan = None if chosen is None else _unpacked(chosen, columns)
    return limit, Outcome(**data, chosen=plan, certificate=certificate)


def _seal(data: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(data, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def _packed(chosen: Bools) -> str:
    return base64.b64encode(np.packbits(chosen).tobytes()).decode()


def _unpacked(text: str, columns: int) -> Bools:
    bits = np.frombuffer(base64.b64decode(text), np.uint8)
    return np.unpackbits(bits, count=columns).astype(bool)
