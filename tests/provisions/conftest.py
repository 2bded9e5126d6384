"""What the provisions' tests share."""

from __future__ import annotations

import pytest

from allocator.finished import Finished
from tests.tiny import candidate, ran


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Finished:
    """48 万元: A and B at full pay 24 each; C, the least, has nothing."""
    own = [candidate("A", 40, 90), candidate("B", 40, 85), candidate("C", 40, 80)]
    return ran(tmp_path_factory.mktemp("year"), own, amount=48)
