"""Who applies for what: each candidate's nature, applicant, industry and call, before any money."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from .applicants import INDUSTRIES, Applicant, firms, public_bodies
from .draw import Draw, shares

NATURES: dict[str, tuple[int, int]] = {
    "基础研究": (40, 25),
    "共性技术": (75, 150),
    "平台建设": (45, 150),
    "成果转化": (50, 200),
    "产业化": (60, 350),
    "技术改造": (70, 150),
    "孵化载体": (45, 40),
    "科学普及": (35, 15),
    "科技金融": (6, 210),
}
"""Parts of the pool and mean request in 万元, by nature. Assumed (FIELD.md, "An example pool")."""

KINDS: dict[str, dict[str, float]] = {
    "基础研究": {"高校": 50, "科研院所": 25, "医疗机构": 25},
    "共性技术": {"企业": 80, "高校": 10, "科研院所": 10},
    "平台建设": {"企业": 55, "高校": 15, "科研院所": 25, "医疗机构": 5},
    "成果转化": {"企业": 70, "科研院所": 15, "高校": 15},
    "产业化": {"企业": 100},
    "技术改造": {"企业": 100},
    "孵化载体": {"企业": 85, "社会组织": 15},
    "科学普及": {"事业单位": 50, "社会组织": 30, "高校": 10, "医疗机构": 10},
    "科技金融": {"银行": 100},
}
"""Kinds of applicant by nature, weights. Assumed."""

CALLS_BY_NATURE = {"共性技术": 6, "产业化": 4}
"""Calls put out in the city's year, by the nature of what they ask for. Assumed."""

RACES_EVERY = 3
"""Every third call is a 赛马 with two winners. Assumed."""


@dataclass
class Slot:
    """One candidate while it is being made: nature, who applies, industry, and the call it answers (or -1)."""

    nature: str
    applicant: Applicant
    industry: str
    call: int = -1


@dataclass(frozen=True)
class Tender:
    """A call: the nature and industry that it is about, and the slots of its competing teams."""

    nature: str
    industry: str
    teams: tuple[int, ...]


def make_slots(seed: int, n: int, size: float, names: set[str], codes: set[str]) -> list[Slot]:
    """n candidates' natures and applicants, grouped by department's habit: by nature."""
    draw = Draw(seed, "slots")
    natures = [
        nature
        for nature, count in zip(NATURES, shares(n, [c for c, _ in NATURES.values()]), strict=True)
        for _ in range(count)
    ]
    kinds = _kinds(draw, natures)
    queues: dict[str, Iterator[Applicant]] = {}
    for kind in sorted(set(kinds)):
        wanted = kinds.count(kind)
        if kind == "企业":
            queues[kind] = iter(_firm_queue(seed, draw, wanted, names, codes))
        else:
            bodies = public_bodies(seed, kind, max(1, int(size)), codes)
            if kind == "银行":  # one book each
                queues[kind] = iter((bodies * -(-wanted // len(bodies)))[:wanted])
            else:
                queues[kind] = iter([bodies[i] for i in draw.index(wanted, len(bodies))])
    loose = draw.pick(INDUSTRIES, n)
    found = []
    for nature, kind, industry in zip(natures, kinds, loose, strict=True):
        applicant = next(queues[kind])
        found.append(Slot(nature, applicant, applicant.industry or industry))
    return found


def _kinds(draw: Draw, natures: Sequence[str]) -> list[str]:
    found: list[str] = []
    for nature, weights in KINDS.items():
        found += draw.pick(weights, natures.count(nature))
    return found


def _firm_queue(seed: int, draw: Draw, wanted: int, names: set[str], codes: set[str]) -> list[Applicant]:
    """Firms in the order in which they take up projects: of 100 firms 82 have one, 15 two, 3 three (assumed)."""
    copies = [int(c) for c in draw.pick({"1": 82, "2": 15, "3": 3}, wanted)]
    pool = firms(seed, wanted, "firms", names, codes)
    queue = [firm for firm, count in zip(pool, copies, strict=True) for _ in range(count)][:wanted]
    return draw.shuffled(queue)


def make_tenders(seed: int, slots: list[Slot], size: float) -> list[Tender]:
    """Calls over candidates of one nature and industry, 2 to 4 different applicants each; marks the slots."""
    draw = Draw(seed, "calls")
    alike: dict[tuple[str, str], list[int]] = defaultdict(list)
    for i, slot in enumerate(slots):
        if slot.nature in CALLS_BY_NATURE:
            alike[slot.nature, slot.industry].append(i)
    found: list[Tender] = []
    for nature, count in CALLS_BY_NATURE.items():
        fields = sorted((k for k in alike if k[0] == nature), key=lambda k: -len(alike[k]))
        sizes = [2 + i for i in draw.index(round(count * size), 3)]
        for turn, teams in enumerate(sizes):
            number = len(found)
            key = fields[turn % len(fields)]
            least = 3 if number % RACES_EVERY == RACES_EVERY - 1 else 2
            chosen = _teams(slots, alike[key], max(teams, least))
            if len(chosen) < least:
                continue
            for i in chosen:
                slots[i].call = number
            found.append(Tender(nature, key[1], tuple(chosen)))
    return found


def _teams(slots: list[Slot], among: list[int], wanted: int) -> list[int]:
    """The first candidates by different applicants; takes them out of `among`."""
    chosen: list[int] = []
    seen: set[str] = set()
    for i in among:
        if len(chosen) < wanted and slots[i].applicant.code not in seen:
            chosen.append(i)
            seen.add(slots[i].applicant.code)
    among[:] = [i for i in among if i not in set(chosen)]
    return chosen
