"""`allocator schema`: the JSON Schema of scenarios."""

from __future__ import annotations

import json

import click

from allocator.commands._shared import faults_told, words
from allocator.words import default_lang


@click.command("schema", help=words("schema"))
@click.option("--policy", default="science-fund", show_default=True, help=words("policy"))
def schema_command(policy: str) -> None:
    """The JSON Schema of scenarios."""
    from allocator.policy import load_policy
    from allocator.scenario import schema

    with faults_told(default_lang(), False):
        click.echo(json.dumps(schema(load_policy(policy)), ensure_ascii=False, indent=1))
