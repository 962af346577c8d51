"""Which room of the house each module belongs to, and what points from the kernel into a part.

``python -m tools.rooms`` prints the arrows that are left. The kernel shall know no part
(docs/decisions/0057); until it does not, tests/test_rooms.py lets the list only shrink.
"""

import re
from collections.abc import Iterator

import grimp

ROOMS: dict[str, str] = {
    "accounts": r"site\.pages\.(figures|months)",
    "alerts": r"site\.pages\.alerts|detect\.alerts",
    "cadence": r"site\.pages\.cadence",
    "desk": r"desk(\..+)?|cli\.desk",
    "earlier": r"model\.earlier|publish\.earlier_versions",
    "feeds": r"site\.pages\.(feeds|linked_data|catalogue)",
    "forges": r"forge(\..+)?|cli\.(forge|forge_calls|forge_poll|witness)",
    "form": r"model\.forms|render\.form|report\.(form_pdf|form_words)",
    "handover": r"handover(\..+)?",
    "inquiries": r"new\.incoming|cli\.imports|detect\.replies",
    "inspection": r"model\.(inspection|month)",
    "people": r"new\.offices|cli\.people|model\.access",
    "proofreading": r"detect\.proofreading|source\.proof_model|cli\.proof",
    "regulation": r"site\.pages\.regulation",
    "rules": r"rules\..+",
    "search": r"site\.(search|pinyin)",
    "shifts": r"model\.shifts",
    "simulate": r"history\.simulate",
    "timestamps": r"evidence\.review\.timestamp(_token)?",
    "verify_site": r"verify_site(\..+)?|cli\.verify_site",
    "wechat": r"render\.wechat(_.+)?",
    "weibo": r"render\.weibo",
}
"""Part → the modules that are about it alone; all others are the kernel's."""


def room_of(module: str) -> str:
    """The part that a module belongs to; empty for one of the kernel."""
    name = module.removeprefix("pipeline.")
    return next((room for room, names in ROOMS.items() if re.fullmatch(names, name)), "")


def arrows() -> Iterator[tuple[str, str]]:
    """(kernel module, module of a part) of every import that runs from the one into the other.

    The command line is the place where parts are put together: its imports are none.
    """
    graph = grimp.build_graph("pipeline")
    for module in sorted(graph.modules):
        if room_of(module) or module in ("pipeline", "pipeline.__main__", "pipeline.cli"):
            continue
        for other in sorted(graph.find_modules_directly_imported_by(module)):
            if room_of(other):
                yield module.removeprefix("pipeline."), other.removeprefix("pipeline.")


if __name__ == "__main__":
    for kernel, part in arrows():
        print(f"{kernel} -> {part}")
