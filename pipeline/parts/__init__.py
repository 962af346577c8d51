"""The parts of the program, in their order; nothing registers itself (docs/decisions/0073)."""

from pipeline.model.brings import Part, load

NAMES = (
    "wechat", "weibo", "app", "form", "witness", "github", "gitea", "gitlab", "gitee",
    "bare", "alerts", "cadence", "statistics", "regulation_pages", "corrections", "search",
    "authenticity", "open_data", "verify_site", "reproduce", "upgrade", "desk", "reviews",
    "publications", "published", "finding", "relays", "inquiries", "records", "reports",
    "departments", "duties", "exceptions", "people", "simulate", "inspection", "governance",
    "contractors", "accounts", "incidents", "shifts", "earlier", "word_lists",
)  # fmt: skip
PARTS: tuple[Part, ...] = tuple(load(f"pipeline.parts.{name}.part:PART") for name in NAMES)
