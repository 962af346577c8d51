"""What stands above the regulation: the instruments and limits a new archive's policy begins with.

A bureau adds its own; a limit is what a layer above allows at most or at least (Articles 1, 18).
"""

from typing import Any

LEGAL_BASIS: tuple[dict[str, Any], ...] = (
    *(
        {"title": title, "number": number, "layer": layer}
        for title, number, layer in (
            ("政府信息公开条例", "国务院令第711号", "national"),
            ("人工智能生成合成内容标识办法", "国信办通字〔2025〕2号", "national"),
            ("关于在政务公开工作中进一步做好政务舆情回应的通知", "国办发〔2016〕61号", "national"),
            ("关于推进政务新媒体健康有序发展的意见", "国办发〔2018〕123号", "national"),
            ("政府网站与政务新媒体检查指标", "国办秘函〔2019〕19号", "national"),
            ("安全生产严重失信主体名单管理办法", "应急管理部令第11号", "national"),
            ("关于进一步加强政务微博微信建设的通知", "皖政办秘〔2016〕136号", "provincial"),
            ("六安市政府系统政务新媒体管理暂行办法", "六政办秘〔2021〕148号", "city"),
        )
    ),
    {
        "title": "六安市2023年第二季度检查通报",
        "number": "无文号",
        "url": "https://www.luan.gov.cn/zwzx/ztzl/zxzt/dzzw/10194846.html",
        "layer": "city",
    },
)
"""Article 1 names three of them; the others are cited by parameters."""

LIMITS: tuple[dict[str, Any], ...] = tuple(
    {"parameter": name, "layer": layer, "at_most": most, "source": source}
    for name, layer, most, source in (
        ("cadence.redline_days", "national", 14, "[V] 国办秘函〔2019〕19号"),
        ("cadence.av.max_gap_days", "national", 14, "[V] 国办秘函〔2019〕19号"),
        ("opinion.major_first_hours", "national", 5, "[V] 国办发〔2016〕61号"),
        ("opinion.major_press_hours", "national", 24, "[V] 国办发〔2016〕61号"),
        ("opinion.other_hours", "national", 48, "[V] 国办发〔2016〕61号"),
        ("timeliness.disclosure_workdays", "national", 20, "[K] 政府信息公开条例第二十六条"),
        ("exemption.max_years", "national", 3, "[V] 应急管理部令第11号"),
        ("reply.hard_cap_months", "city", 3, "[V] 六安市2023年第二季度检查通报"),
        ("reply.general_workdays", "city", 5, "[V] 六安市2023年第二季度检查通报"),
    )
)
