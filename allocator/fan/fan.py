"""The fan-out: jobs to workers, outcomes back in the order of finishing, and what a lost worker had is asked again."""

from __future__ import annotations

import threading
import uuid
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, wait
from dataclasses import dataclass, replace
from types import TracebackType

from allocator.fan import worker
from allocator.fan.job import Job
from allocator.fan.kept import Kept
from allocator.fan.place import Place
from allocator.program import Program
from allocator.solve.outcome import Outcome
from allocator.words import say

Asked = tuple[Program, Job]
"""A program, and what is asked of it."""

AHEAD = 2
"""Jobs that are out at a time, for each worker: one at work, the rest ready for it."""

LOSSES = 3
"""How many workers a job may cost before it has failed; from the second on it goes alone, and no other is blamed."""

POLL = 0.1
"""Seconds between two looks at `stop`."""


@dataclass(frozen=True)
class Tally:
    """How far a fan-out is: `done` of `wanted` jobs, `kept` of them from disk, and `lost` workers on the way."""

    wanted: int
    done: int = 0
    kept: int = 0
    lost: int = 0


class Fan:
    """Where a study's solves go. Use `open_fan`; a fan belongs to one thread.

    place  where they are done
    kept   where finished ones stay on disk, None for nowhere
    """

    def __init__(self, place: Place, kept: Kept | None = None) -> None:
        self.place = place
        self.kept = kept
        self.task = worker.work

    @property
    def workers(self) -> int:
        """How many solves go on at a time."""
        return self.place.workers

    def whole(self) -> None:
        """The study is whole: nothing that was kept is needed any more."""
        if self.kept is not None:
            self.kept.forget()

    def __enter__(self) -> Fan:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.place.close()

    def solve(
        self,
        program: Program,
        jobs: Sequence[Job],
        *,
        tell: Callable[[Tally], None] | None = None,
        stop: threading.Event | None = None,
    ) -> Iterator[tuple[int, Outcome]]:
        """Each job's number and outcome, in the order of finishing.

        tell  told of each that is finished, and of each lost worker
        stop  set it to end early: what is finished has been given, the rest is not

        A change that does not fit raises `ValueError`, as in `Session.solve`. Raises `NoWorkers` where no worker is
        left; what was finished is kept, where this fan keeps.
        """
        return self.each([(program, job) for job in jobs], tell=tell, stop=stop)

    def each(
        self,
        asked: Sequence[Asked],
        *,
        tell: Callable[[Tally], None] | None = None,
        stop: threading.Event | None = None,
        partial: bool = False,
    ) -> Iterator[tuple[int, Outcome]]:
        """As `solve`, each job with a program of its own; `partial`: also what was interrupted with a plan, if here."""
        tally = Tally(len(asked))
        open_: list[int] = []
        for k, (program, job) in enumerate(asked):
            found = None if self.kept is None else self.kept.get(program, job)
            if found is None:
                open_.append(k)
                continue
            tally = replace(tally, done=tally.done + 1, kept=tally.kept + 1)
            if tell is not None:
                tell(tally)
            yield k, found
        if not open_:
            return
        round_ = _Round(self, asked, open_, stop, partial)
        try:
            for finished in round_.outcomes():
                if finished is not None:
                    if self.kept is not None:
                        self.kept.put(*asked[finished[0]], finished[1])
                    tally = replace(tally, done=tally.done + 1)
                tally = replace(tally, lost=round_.losses)
                if tell is not None:
                    tell(tally)
                if finished is not None:
                    yield finished
        finally:
            round_.end()


class _Round:
    """The jobs of one `solve` that are not done yet."""

    def __init__(
        self,
        fan: Fan,
        asked: Sequence[Asked],
        open_: list[int],
        stop: threading.Event | None,
        partial: bool,
    ) -> None:
        self.fan, self.place, self.asked, self.stop, self.partial = fan, fan.place, asked, stop, partial
        self.study = uuid.uuid4().hex
        self.needed = Counter(asked[k][0].digest for k in open_)
        self.many = len(self.needed) > 1
        self.waiting = deque(open_)
        self.alone: deque[int] = deque()
        self.cost = dict.fromkeys(open_, 0)
        self.out: dict[Future[Outcome], int] = {}
        self.losses = 0
        self.place.open(self.study, stop)

    def outcomes(self) -> Iterator[tuple[int, Outcome] | None]:
        """Finished jobs; None where a worker was lost."""
        while (self.waiting or self.alone or self.out) and not self.stopped:
            broken = not self._send()
            done, _ = wait(self.out, timeout=POLL, return_when=FIRST_COMPLETED)
            for future in done:
                k = self.out[future]
                try:
                    outcome = future.result()
                except (Exception, CancelledError) as error:
                    if not (isinstance(error, CancelledError) or self.place.lost(error)):
                        raise
                    broken = True
                    continue
                del self.out[future]
                self._finished(k)
                if self.partial or outcome.reason != "interrupted" or not self.stopped:
                    yield k, outcome
            if broken and not self.stopped:
                yield from self._again()

    @property
    def stopped(self) -> bool:
        return self.stop is not None and self.stop.is_set()

    def end(self) -> None:
        """Leave nothing at work."""
        if self.out:
            for future in self.out:
                future.cancel()
            self.out.clear()
            self.place.hush(self.study)

    def _send(self) -> bool:
        """Keep the workers busy; whether they take what they are given."""
        if not self.waiting and not self.out and self.alone:
            self.waiting.append(self.alone.popleft())
        while self.waiting and len(self.out) < self._room() and not self.stopped:
            k = self.waiting[0]
            try:
                program, job = self.asked[k]
                parcel = self.place.parcel(program)
                future = self.place.submit(self.fan.task, self.study, program.digest, parcel, job)
            except Exception as error:
                if not self.place.lost(error):
                    raise
                return False
            self.waiting.popleft()
            self.out[future] = k
        return True

    def _finished(self, k: int) -> None:
        """Where each job brings its own program, those that nothing more is asked of are let go."""
        program = self.asked[k][0]
        self.needed[program.digest] -= 1
        if self.many and not self.needed[program.digest]:
            self.place.release(program)

    def _room(self) -> int:
        return 1 if self.place.workers == 1 else AHEAD * self.place.workers

    def _again(self) -> Iterator[tuple[int, Outcome] | None]:
        """A worker was lost: new workers, and what was out is asked again."""
        self.losses += 1
        lost, self.out = sorted(self.out.values()), {}
        self.place.rebuild()
        yield None
        for k in lost:
            self.cost[k] += 1
            if self.cost[k] >= LOSSES and len(lost) == 1:
                yield k, _given_up()
            elif self.cost[k] > 1:
                self.alone.append(k)
            else:
                self.waiting.append(k)


def _given_up() -> Outcome:
    return Outcome("failed", None, None, None, None, 0.0, detail=say("fan.given_up", times=LOSSES).en)
