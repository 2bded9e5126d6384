"""A year month by month: money arrives in accounts, payments fall due, and who comes first is paid first.

Within an account payments are made in their order as far as its money goes; one that cannot be paid in whole waits,
and so do those after it. All in whole yuan; nothing is borrowed from another account.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from allocator.words import Text, listed, say


@dataclass(frozen=True)
class Due:
    """A payment: out of which account, from which month on (1 to 12), to whom, and who is paid before whom.

    order  the lower is paid first; equal ones in the order of the calendar
    """

    account: str
    month: int
    name: str
    title: Text
    amount: int
    order: int


@dataclass(frozen=True)
class Calendar:
    """arrivals: account -> what arrives in each of the twelve months, in yuan; dues: what is to be paid."""

    year: int
    arrivals: Mapping[str, tuple[int, ...]]
    dues: tuple[Due, ...]


@dataclass(frozen=True)
class Month:
    """One month over all accounts, in yuan: what arrives, is due and is paid; what waits and is left at its end."""

    month: int
    arrived: int
    due: int
    paid: int
    waiting: int
    balance: int


@dataclass(frozen=True)
class Wait:
    """A payment that is not made when it is due; `paid`: the month in which it is made, None: not this year."""

    due: Due
    paid: int | None


@dataclass(frozen=True)
class Settled:
    """A year as it would run: twelve months, and the payments that wait in the order in which they are paid."""

    months: tuple[Month, ...]
    waits: tuple[Wait, ...]

    @property
    def short(self) -> tuple[int, ...]:
        """The months at whose end somebody waits."""
        return tuple(m.month for m in self.months if m.waiting)

    @property
    def note(self) -> Text:
        """Whether anybody waits, and in which months."""
        return say("cash.short", months=listed(self.short)) if self.short else say("cash.enough")


def settle(calendar: Calendar) -> Settled:
    """Who is paid when."""
    accounts = dict.fromkeys(calendar.arrivals, 0)
    queues: dict[str, list[Due]] = {name: [] for name in accounts}
    coming = sorted(enumerate(calendar.dues), key=lambda d: (d[1].order, d[0]))
    paid_in: dict[int, int] = {}
    place = {id(due): number for number, due in coming}
    months = []
    for month in range(1, 13):
        arrived = paid = due_now = 0
        for name in accounts:
            arrives = calendar.arrivals[name][month - 1]
            accounts[name] += arrives
            arrived += arrives
        for _, due in coming:
            if due.month == month:
                queues.setdefault(due.account, []).append(due)
                accounts.setdefault(due.account, 0)
                due_now += due.amount
        for name, queue in queues.items():
            queue.sort(key=lambda d: (d.order, place[id(d)]))
            while queue and queue[0].amount <= accounts[name]:
                due = queue.pop(0)
                accounts[name] -= due.amount
                paid += due.amount
                paid_in[place[id(due)]] = month
        waiting = sum(d.amount for queue in queues.values() for d in queue)
        months.append(Month(month, arrived, due_now, paid, waiting, sum(accounts.values())))
    waits = [Wait(due, paid_in.get(number)) for number, due in coming if paid_in.get(number, 13) != due.month]
    return Settled(tuple(months), tuple(sorted(waits, key=lambda w: (w.paid or 13, w.due.order))))


def whole(calendar: Calendar) -> tuple[int, int]:
    """What arrives and what is due in the whole year."""
    return sum(map(sum, calendar.arrivals.values())), sum(d.amount for d in calendar.dues)
