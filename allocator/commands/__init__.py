"""The commands, one a file: each file that does not begin with `_` has one `click.Command`.

They are found here, never listed by hand. What is slow is imported inside a command, so that `allocator --help`
answers at once.
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

import click


def discover() -> list[click.Command]:
    """Every command of this folder, by file name."""
    found = []
    for name in sorted(m.name for m in iter_modules(__path__) if not m.name.startswith("_")):
        own = [v for v in vars(import_module(f"{__name__}.{name}")).values() if isinstance(v, click.Command)]
        if len(own) != 1:
            raise TypeError(f"allocator/commands/{name}.py has {len(own)} commands; it must have one")
        found += own
    return found
