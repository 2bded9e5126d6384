"""Charts: options say what their tables say; they are drawn without a browser, with Chinese in them."""

from __future__ import annotations

import json
import struct
from pathlib import Path

import pytest

from allocator.report import charts
from allocator.report.charts import NotDrawn, draw, option, options, png, svg
from allocator.studies.frontier import frontier
from allocator.studies.study import Effort
from allocator.studies.table import Col, Graph, Table
from allocator.words import Text, same
from tests.allocator.programs import made


def table(*graphs: Graph) -> Table:
    """Money and shares of two years."""
    columns = (
        Col("year", Text("年度", "Year"), "year"),
        Col("paid", Text("拨付", "Paid"), "money"),
        Col("share", Text("占比", "Share"), "share"),
        Col("name", Text("领域", "Domain"), "text"),
    )
    rows = ((2026, 35_000, 1250, same("甲")), (2027, None, 2000, same("乙")))
    return Table("t", Text("表", "Table"), columns, rows, graphs=graphs)


def test_money_is_in_wan_and_what_is_not_known_is_left_out() -> None:
    graph = Graph(Text("拨付情况", "Payments"), "lines", "year", ("paid",))
    made_of = option(table(graph), graph, "zh")
    assert made_of["series"][0]["data"] == [["2026", 3.5]]
    assert made_of["title"]["text"] == "拨付情况"
    assert made_of["yAxis"]["name"] == "拨付（万元）"
    assert option(table(graph), graph, "en")["yAxis"]["name"] == "Paid (万元)"
    assert made_of["xAxis"]["data"] == ["2026", "2027"]


def test_bars_show_shares_in_percent_under_their_names() -> None:
    graph = Graph(Text("占比", "Share"), "bars", "name", ("share",))
    made_of = option(table(graph), graph)
    assert made_of["xAxis"]["data"] == ["甲", "乙"]
    assert made_of["series"][0]["data"] == [12.5, 20.0]
    assert made_of["yAxis"]["axisLabel"]["formatter"] == "{value}%"


def test_a_fan_is_a_band_and_a_line() -> None:
    columns = (
        Col("year", same("年度"), "year"),
        *(Col(f"0_p{q}", same(f"P{q}"), "count") for q in (5, 50, 95)),
    )
    graph = Graph(same("扇形"), "lines", "year", ("0_p5", "0_p50", "0_p95"))
    fan = Table("f", same("扇形"), columns, ((2026, 1, 4, 9),), graphs=(graph,))
    low, band, middle = option(fan, graph)["series"]
    assert (low["data"], band["data"], middle["data"]) == ([["2026", 1]], [["2026", 8]], [["2026", 4]])
    assert low["stack"] == band["stack"]


def test_every_option_is_plain_json() -> None:
    found = frontier(
        made([5, 4, 1], [([1, 1, 1], None, 2)]), ([5, 4, 1], [1, 2, 9]), exact=True, effort=Effort(gap=0.0)
    )
    made_of = options(found, "zh")
    assert len(made_of) == 1
    assert json.loads(json.dumps(made_of)) == made_of
    assert made_of[0]["series"][0]["data"] == [[3.0, 9.0], [10.0, 6.0], [11.0, 5.0]]


def test_svg_without_a_browser_keeps_the_words() -> None:
    graph = Graph(Text("拨付情况", "Payments"), "lines", "year", ("paid", "share"))
    drawn = svg(option(table(graph), graph), 640, 360)
    assert drawn.startswith("<svg")
    assert "拨付情况" in drawn
    assert svg(option(table(graph), graph), 640, 360).count("<path") == drawn.count("<path")


def test_png_has_its_size_and_its_chinese_is_drawn() -> None:
    try:
        draw._font()
    except NotDrawn as none:
        pytest.skip(str(none))
    graph = Graph(Text("拨付情况", "Payments"), "bars", "name", ("share",))
    drawn = png(option(table(graph), graph, "zh"), 400, 300, zoom=1.0)
    assert drawn[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", drawn[16:24]) == (400, 300)
    blank = png(option(table(graph), Graph(same(""), "bars", "name", ("share",)), "zh"), 400, 300, zoom=1.0)
    assert drawn != blank  # a title without its font would leave nothing


def test_without_the_extra_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    import importlib

    def absent(name: str) -> None:
        raise ImportError(name)

    monkeypatch.setattr(importlib, "import_module", absent)
    with pytest.raises(NotDrawn, match=r"allocator\[charts\]"):
        draw._library("py_mini_racer")


def test_without_a_font_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(draw.shutil, "which", lambda name: None)
    monkeypatch.setattr(draw, "FILES", ())
    with pytest.raises(NotDrawn, match="fonts-noto-cjk"):
        draw._font.__wrapped__()


def test_the_vendored_library_keeps_its_licence() -> None:
    folder = Path(charts.__file__).parent / "vendor"
    assert "Apache License" in (folder / "echarts.LICENSE").read_text(encoding="utf-8")
    assert "Apache Software Foundation" in (folder / "echarts.NOTICE").read_text(encoding="utf-8")
