"""The pause of the cycle collector leaves it as it was, whatever happens within."""

from __future__ import annotations

import gc

import pytest

from allocator.collector import uncollected


def test_it_is_off_within_and_on_again_after() -> None:
    assert gc.isenabled()
    with uncollected():
        assert not gc.isenabled()
    assert gc.isenabled()


def test_it_is_on_again_after_a_fault() -> None:
    with pytest.raises(ValueError, match="a fault"), uncollected():
        raise ValueError("a fault")
    assert gc.isenabled()


def test_one_that_was_off_stays_off() -> None:
    gc.disable()
    try:
        with uncollected():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_what_was_made_within_counts_as_old() -> None:
    with uncollected():
        made = [[] for _ in range(5_000)]
    assert sum(m is not None for m in gc.get_objects(generation=0)) < 5_000
    assert any(o is made for o in gc.get_objects(generation=2))


def test_what_somebody_froze_stays_frozen() -> None:
    gc.freeze()
    try:
        before = gc.get_freeze_count()
        with uncollected():
            pass
        assert gc.get_freeze_count() == before
    finally:
        gc.unfreeze()
