"""From a table and its graph to an ECharts option: the same columns that the screen, frames and workbooks show."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from allocator.report.cells import LOOKS, Figure, Kind
from allocator.report.drawing import COLOURS
from allocator.studies.scale import PERCENT, WHOLE, across_name, up_name
from allocator.studies.study import Study
from allocator.studies.table import Graph, Table, Value
from allocator.words import Lang, Text

Option = dict[str, Any]
"""What `echarts.setOption` takes, of plain JSON values only."""

FAMILY = "Noto Sans CJK SC, Source Han Sans SC, Microsoft YaHei, SimHei, PingFang SC, sans-serif"
GREY, LINE = "#595959", "#DDDDDD"
BAND = ("_p5", "_p95")
"""The ends of the keys of two columns between which a band is drawn; the one that ends in _p50 is its middle."""

MIDDLE: Option = {
    "nameLocation": "middle",
    "nameGap": 28,
    "nameTextStyle": {"color": GREY, "align": "center"},
}
"""An axis that is called by a name below its middle."""

LONG = 8
"""Names of bars past which they stand one below the other."""


def options(study: Study, lang: Lang = "zh") -> list[Option]:
    """The options of every chart of a study."""
    return [option(table, graph, lang) for table, graph in study.charts()]


def option(table: Table, graph: Graph, lang: Lang = "zh") -> Option:
    """The option of one chart: titles and names in one language, money in the table's unit, shares in %."""
    table = graph.of(table)
    x = table.columns[table.column(graph.x)]
    names = [table.columns[table.column(key)].title.to(lang) for key in graph.y]
    base: Option = {
        "animation": False,
        "backgroundColor": "#FFFFFF",
        "color": list(COLOURS),
        "textStyle": {"fontFamily": FAMILY, "fontSize": 12},
        "title": {
            "text": graph.title.to(lang),
            "left": "center",
            "textStyle": {"fontSize": 15, "color": "#222222"},
        },
        "grid": {"left": 24, "right": 40, "top": 76, "bottom": 56, "containLabel": True},
        "tooltip": {"trigger": "axis" if graph.kind in ("lines", "stacked") else "item"},
    }
    if len(names) > 1:
        base["legend"] = {"data": names, "bottom": 4, "textStyle": {"fontSize": 11}}
    value_axis = _axis(table.columns[table.column(graph.y[0])].kind, up_name(table, graph), lang)
    if graph.kind in ("bars", "stacked"):
        return base | _bars(table, graph, lang, names, value_axis)
    across = _axis(x.kind, across_name(table, graph), lang) | MIDDLE | {"scale": True}
    if x.kind == "year":
        across |= {"type": "category", "boundaryGap": False, "data": _across(table, graph.x)}
    if len(names) > 1:
        base["grid"]["bottom"] = 84
        base["legend"]["bottom"] = 8
    low, high = (next((key for key in graph.y if key.endswith(end)), None) for end in BAND)
    if low is not None and high is not None and graph.kind == "lines":
        series = _fan(table, graph, low, high, lang)
        base["legend"] = {"data": [s["name"] for s in series if s["name"]], "bottom": 8}
        return base | {"xAxis": across, "yAxis": value_axis | {"scale": True}, "series": series}
    series = []
    for key, name in zip(graph.y, names, strict=True):
        points = [[a, b] for a, b in zip(_across(table, graph.x), _numbers(table, key), strict=True)]
        while points and None in points[-1]:
            points.pop()
        points = [p for i, p in enumerate(points) if p[0] is not None and (i or p[1] is not None)]
        if graph.kind == "points":
            points = [p for p in points if None not in p]  # a line is broken there
        kind = "line" if graph.kind == "lines" else "scatter"
        series.append(
            {"type": kind, "name": name, "data": points, "symbolSize": 6, "lineStyle": {"width": 2}}
        )
    return base | {"xAxis": across, "yAxis": value_axis | {"scale": True}, "series": series}


def _fan(table: Table, graph: Graph, low: str, high: str, lang: Lang) -> list[Option]:
    """A band between two columns, and the middle one as a line."""
    across = _across(table, graph.x)
    least, most = _numbers(table, low), _numbers(table, high)
    known = [(a, p, q) for a, p, q in zip(across, least, most, strict=True) if None not in (a, p, q)]
    bare = {"type": "line", "symbol": "none", "lineStyle": {"opacity": 0}, "stack": "band", "silent": True}
    ends = [table.columns[table.column(key)].title.to(lang) for key in (low, high)]
    middle = [
        {
            "type": "line",
            "name": table.columns[table.column(key)].title.to(lang),
            "data": [[a, b] for a, b in zip(across, _numbers(table, key), strict=True)],
            "symbolSize": 5,
            "lineStyle": {"width": 2},
            "itemStyle": {"color": COLOURS[0]},
        }
        for key in graph.y
        if key not in (low, high)
    ]
    shade = {"color": COLOURS[0], "opacity": 0.22}
    return [
        {**bare, "name": "", "data": [[a, p] for a, p, _ in known]},
        {
            **bare,
            "name": f"{ends[0]}–{ends[1]}",
            "data": [[a, float(Decimal(str(q)) - Decimal(str(p)))] for a, p, q in known],
            "areaStyle": shade,
            "itemStyle": shade,
        },
        *middle,
    ]


def _bars(table: Table, graph: Graph, lang: Lang, names: Sequence[str], value_axis: Option) -> Option:
    labels = [_label(v, lang) for v in table.values(graph.x)]
    down = len(labels) > LONG or max((len(n) for n in labels), default=0) > LONG
    category: Option = {"type": "category", "data": labels, "axisLabel": {"color": GREY, "interval": 0}}
    if down:
        category["inverse"] = True
    series = [
        {"type": "bar", "name": name, "data": _numbers(table, key), "barMaxWidth": 36}
        | ({"stack": "all"} if graph.kind == "stacked" else {})
        for key, name in zip(graph.y, names, strict=True)
    ]
    if down:
        value_axis = value_axis | MIDDLE
    return {
        "xAxis": value_axis if down else category,
        "yAxis": category if down else value_axis,
        "series": series,
    }


def _axis(kind: Kind, name: Text | None, lang: Lang) -> Option:
    return {
        "type": "value",
        "name": "" if name is None else name.to(lang),
        "nameTextStyle": {"color": GREY, "align": "left"},  # over the plot: to its left there is no room
        "axisLabel": {"color": GREY, "formatter": "{value}%" if kind in PERCENT else "{value}"},
        "splitLine": {"lineStyle": {"color": LINE}},
    } | ({"minInterval": 1} if kind in WHOLE else {})


def _across(table: Table, key: str) -> Sequence[str | float | None]:
    """The places along the x axis: years as names, so that no comma parts them."""
    if table.columns[table.column(key)].kind == "year":
        return [str(v) for v in table.values(key)]
    return _numbers(table, key)


def _numbers(table: Table, key: str) -> list[float | None]:
    """A column as people read it: 万元, %, points."""
    kind = table.columns[table.column(key)].kind
    return [_number(v, kind) for v in table.values(key)]


def _number(value: Value, kind: Kind) -> float | None:
    if isinstance(value, Figure):
        return _number(value.value, value.kind)
    if not isinstance(value, int):
        return None
    shown = Decimal(value) / (LOOKS[kind].divisor or 1) * (100 if kind in PERCENT else 1)
    return float(round(shown, 4))


def _label(value: Value, lang: Lang) -> str:
    own = value.value if isinstance(value, Figure) else value
    return own.to(lang) if isinstance(own, Text) else "" if own is None else str(own)
