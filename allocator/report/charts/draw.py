"""ECharts without a browser: the vendored library in a JavaScript engine gives SVG, resvg makes a PNG of it.

ECharts (Apache-2.0) lies in `vendor/` with its licence. PNGs need a font with Chinese: the one that fontconfig names.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import threading
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from allocator.report.charts.option import Option, options
from allocator.studies.study import Study
from allocator.words import Lang, Text, say

VENDORED = Path(__file__).parent / "vendor" / "echarts.min.js"
SETTING = "var self = this; var setTimeout = function () { return 0; }; var clearTimeout = function () {};"
RENDER = """(function (option, width, height) {
  var chart = echarts.init(null, null, {renderer: 'svg', ssr: true, width: width, height: height});
  chart.setOption(option);
  var drawn = chart.renderToSVGString();
  chart.dispose();
  return drawn;
})(%s, %d, %d)"""

FAMILIES = (
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "Microsoft YaHei",
    "SimHei",
    "PingFang SC",
    "WenQuanYi Zen Hei",
)
FILES = ("C:/Windows/Fonts/msyh.ttc", "C:/Windows/Fonts/simhei.ttf", "/System/Library/Fonts/PingFang.ttc")

_one_at_a_time = threading.Lock()


class NotDrawn(RuntimeError):
    """A chart could not be drawn; `text` says why and what to install."""

    def __init__(self, text: Text) -> None:
        super().__init__(f"{text.zh} / {text.en}")
        self.text = text


@dataclass(frozen=True)
class Picture:
    """A drawn chart, which a notebook shows as it is."""

    title: str
    svg: str

    def _repr_svg_(self) -> str:
        return self.svg


def pictures(study: Study, lang: Lang = "zh", width: int = 900, height: int = 460) -> list[Picture]:
    """Every chart of a study, drawn. Raises `NotDrawn` where the extra `[charts]` is not installed."""
    made = options(study, lang)
    return [Picture(o["title"]["text"], svg(o, width, height)) for o in made]


def svg(option: Option, width: int = 900, height: int = 520) -> str:
    """An option as SVG. Raises `NotDrawn` where the extra `[charts]` is not installed."""
    with _one_at_a_time:
        drawn = _engine().eval(RENDER % (json.dumps(option, ensure_ascii=True), width, height))
    return str(drawn)


def png(option: Option, width: int = 900, height: int = 520, zoom: float = 2.0) -> bytes:
    """An option as PNG, `zoom` pixels to one. Raises `NotDrawn` where the extra or a Chinese font is not there."""
    resvg = _library("resvg_py")
    family, file = _font()
    drawn = resvg.svg_to_bytes(
        svg_string=svg(option, width, height),
        zoom=zoom,
        font_family=family,
        sans_serif_family=family,
        skip_system_fonts=True,
        font_files=[str(file)],
        background="#FFFFFF",
    )
    return bytes(drawn)


@cache
def _engine() -> Any:
    engine = _library("py_mini_racer").MiniRacer()
    engine.eval(SETTING)
    engine.eval(VENDORED.read_text(encoding="utf-8"))
    return engine


def _library(name: str) -> Any:
    from importlib import import_module

    try:
        return import_module(name)
    except ImportError as missing:
        raise NotDrawn(say("chart.no_extra")) from missing


@cache
def _font() -> tuple[str, Path]:
    """A family that has Chinese, and its file."""
    ask = shutil.which("fc-match")
    if ask is not None:
        for name in (*FAMILIES, ""):
            asked = [ask, f"{name}:lang=zh-cn", "--format", "%{family}\\n%{file}\\n%{lang}"]
            said = subprocess.run(asked, capture_output=True, text=True, check=False).stdout.split("\n")
            if len(said) >= 3 and "zh-cn" in said[2] and Path(said[1]).is_file():
                return said[0].split(",")[0], Path(said[1])
    for file in map(Path, FILES):
        if file.is_file():
            return {"msyh": "Microsoft YaHei", "simhei": "SimHei"}.get(file.stem, "PingFang SC"), file
    raise NotDrawn(say("chart.no_font"))
