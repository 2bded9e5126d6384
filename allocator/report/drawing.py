"""Native charts on a page, side by side in rows kept for them, so that nothing lies over anything."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from allocator.report.cells import FONTS, Picture, Scale

if TYPE_CHECKING:
    from allocator.report.page import Page

COLOURS = ("#2F5D8A", "#D98E32", "#6E9F5E", "#9A6FA6", "#5FA8B5", "#B85C5C", "#8C8C8C", "#C9B458")
GAP = 12
GRID = {"visible": True, "line": {"color": "#DDDDDD", "width": 0.5}}
TYPES: Mapping[str, dict[str, str]] = {
    "stacked": {"type": "column", "subtype": "stacked"},
    "stacked_bars": {"type": "bar", "subtype": "stacked"},
    "bars": {"type": "bar"},
    "doughnut": {"type": "doughnut"},
    "lines": {"type": "scatter", "subtype": "straight_with_markers"},
    "points": {"type": "scatter", "subtype": "marker_only"},
}


def draw(page: Page, row: int, pictures: Sequence[Picture], width: int, height: int) -> None:
    """Put `pictures` next to each other into `width` × `height` pixels from the sheet's `row` down."""
    each = (width - GAP * (len(pictures) + 1)) // max(len(pictures), 1)
    for i, picture in enumerate(pictures):
        chart = _chart(page, picture)
        chart.set_size({"width": each, "height": height - GAP})
        place = {"x_offset": GAP + i * (each + GAP), "y_offset": GAP // 2, "object_position": 1}
        page.sheet.insert_chart(row, 0, chart, place)


def _chart(page: Page, picture: Picture) -> Any:
    lang = page.lang
    chart = page.book.file.add_chart(TYPES[picture.kind])
    colours = iter(COLOURS * (len(picture.series) // len(COLOURS) + 1))
    for series in picture.series:
        own: dict[str, Any] = {
            "name": page.book.words(series.name).lstrip("="),  # what begins with it is read as a formula
            "categories": series.categories.listed(),
            "values": series.values.listed(),
        }
        if picture.kind == "doughnut":
            own["points"] = [{"fill": {"color": c}} for c in COLOURS]
            own["data_labels"] = {"percentage": True, "font": {"size": 9, "color": "#FFFFFF", "bold": True}}
        elif picture.kind in ("lines", "points"):
            colour = next(colours)
            marker = {"type": "circle", "size": 4, "fill": {"color": colour}, "border": {"color": colour}}
            own |= {"marker": marker}
            if picture.kind == "lines":
                own |= {"line": {"color": colour, "width": 1.5}}
        else:
            own |= {"fill": {"color": next(colours)}, "gap": 60}
        chart.add_series(own)
    title_font = {"name": FONTS[lang]["head"], "size": 11, "bold": True}
    chart.set_title({"name": page.book.words(picture.title), "name_font": title_font, "overlay": False})
    font = {"name": FONTS[lang]["body"], "size": 9}
    chart.set_legend({"position": "right" if picture.kind == "doughnut" else "bottom", "font": font})
    chart.set_chartarea({"border": {"color": "#BFBFBF"}})
    if picture.kind == "doughnut":
        chart.set_hole_size(52)
        return chart
    values = _axis(page, picture.up) | {"num_font": font, "major_gridlines": GRID}
    if picture.kind in ("lines", "points"):
        chart.set_y_axis(values)
        chart.set_x_axis(_axis(page, picture.across) | {"num_font": font, "label_position": "low"})
        if len(picture.series) == 1:
            chart.set_legend({"none": True})
        return chart
    values = {"min": 0, **values}
    if picture.kind == "stacked":
        chart.set_x_axis({"num_font": font})
        chart.set_y_axis(values)
    else:  # the first name on top, and the figures under the bars all the same
        chart.set_y_axis(
            {"num_font": font, "reverse": True, "interval_unit": 1, "major_gridlines": {"visible": False}}
        )
        chart.set_x_axis({**values, "label_position": "high"})
    return chart


def _axis(page: Page, scale: Scale) -> dict[str, Any]:
    """What an axis of quantities is called, how its figures look, and where it begins, ends and has its marks."""
    found: dict[str, Any] = {"num_format": scale.number}
    if scale.name is not None:
        name_font = {"name": FONTS[page.lang]["body"], "size": 9, "bold": False}
        found |= {"name": page.book.words(scale.name), "name_font": name_font}
    if scale.ends is not None:
        found |= dict(zip(("min", "max"), scale.ends, strict=True))
    if scale.step is not None:
        found["major_unit"] = scale.step
    return found
