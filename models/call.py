"""Calls (榜单): a task put out to competing teams, of whom at most `winners` are taken (66号文 二（二）1)."""

from __future__ import annotations

from allocator.records import Field, Sheet
from allocator.words import Text

CALLS = Sheet(
    key="calls",
    title=Text("榜单", "Calls"),
    fields=(
        Field("id", Text("榜单编号", "Call"), "code", required=True, aliases=("编号", "id")),
        Field("title", Text("榜单名称", "Title"), required=True, aliases=("名称", "榜题", "title")),
        Field(
            "mode",
            Text("组织方式", "Mode"),
            "label",
            required=True,
            aliases=("mode",),
            choices=("揭榜", "赛马", "竞争立项"),
        ),
        Field(
            "winners",
            Text("最多立项数", "Winners at most"),
            "count",
            required=True,
            aliases=("winners",),
            low=1,
        ),
        Field(
            "contract", Text("榜单金额", "Contract value"), "money", aliases=("合同金额", "contract"), low=1
        ),
    ),
    aliases=("揭榜挂帅榜单", "calls"),
    unique=("id",),
    required=False,
)
