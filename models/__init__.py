"""The policy: records of candidates and reviews, one file for each instrument, rule and objective.

`POLICY` is what the engine loads by the entry point `science-fund`.
"""

from models.policy import ScienceFund

POLICY = ScienceFund()
