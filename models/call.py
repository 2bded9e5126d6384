"""Calls (榜单): a task put out to competing teams, of whom at most `winners` are taken (66号文 二（二）1、2)."""

from __future__ import annotations

from allocator.records import Field, Sheet
from allocator.words import Text
from models.modes import CALL_MODES

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
            choices=CALL_MODES,
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
        Field(
            "share",
            Text("资助比例", "Share paid"),
            "share",
            aliases=("财政资助比例", "share"),
            low=1,
            high=10_000,
            note=Text(
                "财政资金占榜单金额的比例，不填为 100%", "of the contract value; 100 % where nothing is said"
            ),
        ),
        Field(
            "stay",
            Text("里程碑后保留数", "Stay after the milestone"),
            "count",
            aliases=("保留数", "stay"),
            low=1,
            note=Text("赛马用，不填为 1", "for a race; 1 where nothing is said"),
        ),
    ),
    aliases=("揭榜挂帅榜单", "calls"),
    unique=("id",),
    required=False,
)
