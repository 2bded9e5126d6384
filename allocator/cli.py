"""The command line: one group, whose commands are the files of `allocator/commands`.

Exit codes: 0 done; 2 faulty input; 3 no feasible plan; 4 stopped by a limit or by hand with a verified plan; 5 stopped
without one; 6 a verified run of another version, whose sentences alone differ; 1 anything else.
"""

from __future__ import annotations

import sys

import click

from allocator.commands import discover
from allocator.commands._shared import words


@click.group(
    help=words("main"), epilog=words("codes"), context_settings={"help_option_names": ["-h", "--help"]}
)
@click.version_option(package_name="allocator")
def main() -> None:
    """The commands."""
    for stream in (sys.stdout, sys.stderr):  # a Chinese Windows console is GBK: never die of a character
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


for command in discover():
    main.add_command(command)

if __name__ == "__main__":
    main()
