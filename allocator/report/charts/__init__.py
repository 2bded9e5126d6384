"""Charts of a study's tables: ECharts options in one place, drawn to SVG or PNG without a browser.

`option` is a plain dictionary, for a page or a notebook that has ECharts; `svg` and `png` draw it here (extra
`[charts]`).
"""

from __future__ import annotations

from allocator.report.charts.draw import NotDrawn, Picture, pictures, png, svg
from allocator.report.charts.option import Option, option, options

__all__ = ["NotDrawn", "Option", "Picture", "option", "options", "pictures", "png", "svg"]
