"""The files a new archive begins with, as the program ships them."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from importlib.resources import files as resources
from pathlib import Path
from typing import Any

from pipeline.new.yaml_writer import dump
from pipeline.source.content.registers import REGISTERS, entry_registers
from pipeline.source.git.tree_listing import Blob

# What stands above the regulation: the instruments and limits a new archive's policy begins with.
#
# A bureau adds its own; a limit is what a layer above allows at most or at least (Articles 1,
# 18).

LEGAL_BASIS: tuple[dict[str, Any], ...] = (
    *(
        {"title": title, "number": number, "layer": layer}
        for title, number, layer in (
            ("政府信息公开条例", "国务院令第711号", "national"),
            ("关于在政务公开工作中进一步做好政务舆情回应的通知", "国办发〔2016〕61号", "national"),
            ("《关于全面推进政务公开工作的意见》实施细则", "国办发〔2016〕80号", "national"),
            ("关于推进政务新媒体健康有序发展的意见", "国办发〔2018〕123号", "national"),
            ("政府网站与政务新媒体检查指标", "国办秘函〔2019〕19号", "national"),
            ("安全生产严重失信主体名单管理办法", "应急管理部令第11号", "national"),
            ("人工智能生成合成内容标识办法", "国信办通字〔2025〕2号", "national"),
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
        ("opinion.major_first_hours", "national", 5, "[V] 国办发〔2016〕80号"),
        ("opinion.major_press_hours", "national", 24, "[V] 国办发〔2016〕61号"),
        ("opinion.other_hours", "national", 48, "[V] 国办发〔2016〕61号"),
        ("timeliness.disclosure_workdays", "national", 20, "[K] 政府信息公开条例第二十六条"),
        ("exemption.max_years", "national", 3, "[V] 应急管理部令第11号"),
        ("reply.hard_cap_months", "city", 3, "[V] 六安市2023年第二季度检查通报"),
        ("reply.general_workdays", "city", 5, "[V] 六安市2023年第二季度检查通报"),
    )
)


SHIPPED = (
    "schemas",
    "site",
    "mkdocs.yml",
    "content/regulation.md",
    "content/registers/calendar",
    "content/registers/lexicons.yml",
    "content/registers/terms.yml",
    "content/registers/wordings.yml",
    "requirements",
    "pyproject.toml",
    "Makefile",
    "README.md",
    "README.zh-CN.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    "SECURITY.md",
    "docs",
    "LICENSE",
    ".gitignore",
    ".gitattributes",
    ".vscode/settings.json",
    ".github/PULL_REQUEST_TEMPLATE.md",
    ".github/workflows/knock.yml",
    ".github/workflows/verify.yml",
    ".github/workflows/audit.yml",
    ".github/workflows/publish.yml",
    ".ci/pre-receive",
    ".ci/sanshen-poll.service",
    ".ci/sanshen-poll.timer",
    "pipeline",
)
"""Law, schemas, site, workflows and the pipeline itself: an archive judges with its own code."""
_POLL = (".ci/sanshen-poll.service", ".ci/sanshen-poll.timer")
LEFT_OUT: Mapping[str, tuple[str, ...]] = {
    "": (".ci/",),
    "github": (".ci/",),
    "gitea": (".github/workflows/", ".ci/pre-receive"),
    "bare": (".github/", *_POLL),
}
"""Forge → what an archive that stands there has no use for; Gitea reads its template here too."""
WITNESSED = ("github", "gitea")
"""Forges whose reviews may be witnessed."""

_SKIPPED = ("__pycache__", "shipped")
REGULATION_DATE = date(2023, 3, 21)


@dataclass(frozen=True)
class MemoryTree:
    """Files in memory with the face of a git tree."""

    contents: Mapping[str, bytes]

    @cached_property
    def files(self) -> Mapping[str, Blob]:
        return {p: Blob("100644", "", len(raw)) for p, raw in self.contents.items()}

    def read(self, path: str) -> bytes:
        """The bytes of a file. Raises KeyError when there is none."""
        return self.contents[path]


def shipped() -> MemoryTree:
    """All shipped files, with an empty archive's policy and registers."""
    root = _root()
    contents = {name: path.read_bytes() for name, path in _walk(root)}
    return MemoryTree(
        {
            **contents,
            **starter(
                contents,
                {"id": "archive", "name": "—", "since": REGULATION_DATE},
                {"full_name": "—"},
            ),
        }
    )


def starter(
    shipped_files: Mapping[str, bytes],
    archive: Mapping[str, Any],
    unit: Mapping[str, Any],
    registers: Mapping[str, Any] | None = None,
    parameters: Mapping[str, Any] | None = None,
) -> dict[str, bytes]:
    """Policy and registers of a new archive: `parameters` as given, every other at its default."""
    policy = {
        "archive": dict(archive),
        "unit": dict(unit),
        "legal_basis": [dict(text) for text in LEGAL_BASIS],
        "limits": [dict(limit) for limit in LIMITS],
        "parameters": dict(_parameters(shipped_files, parameters or {})),
    }
    names = ("people", "departments", "accounts", "sources", *entry_registers(shipped_files))
    empty: dict[str, Any] = {
        "roster": {"serial": 1, "previous": None, "keys": [], "delegations": []},
        **{n: {n: []} for n in names if f"{REGISTERS}{n}.yml" not in shipped_files},
    }
    return {
        "content/policy.yml": dump(policy),
        **{
            f"{REGISTERS}{name}.yml": dump(value)
            for name, value in {**empty, **(registers or {})}.items()
        },
    }


def shipped_schemas(folder: str) -> dict[str, Any]:
    """Name → schema of everything the program ships under schemas/<folder>."""
    paths = sorted((_root() / "schemas" / folder).glob("*.json"))
    return {p.stem: json.loads(p.read_text(encoding="utf-8")) for p in paths}


def _parameters(
    shipped_files: Mapping[str, bytes], given: Mapping[str, Any]
) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    for path in sorted(p for p in shipped_files if p.startswith("schemas/articles/")):
        schema = json.loads(shipped_files[path])["properties"].get("parameters", {})
        for name, own in schema.get("properties", {}).items():
            yield (
                name,
                [
                    {
                        "value": given.get(name, own["default"]),
                        "unit": own.get("unit", ""),
                        "source": own["source"],
                        "effective_from": REGULATION_DATE.isoformat(),
                    }
                ],
            )


def _root() -> Path:
    """Beside the package when installed from a wheel, the repository's top when run from one."""
    package = Path(str(resources("pipeline")))
    inside = package / "shipped"
    return inside if inside.is_dir() else package.parent


def _walk(root: Path) -> Iterator[tuple[str, Path]]:
    """(path in an archive, file) of all that is shipped; a wheel holds it inside the package."""
    package = Path(str(resources("pipeline")))
    for name in SHIPPED:
        start = package if name == "pipeline" else root / name
        for path in sorted(start.rglob("*")) if start.is_dir() else [start]:
            below = path.relative_to(start)
            if path.is_file() and not set(below.parts) & set(_SKIPPED):
                yield (Path(name) / below).as_posix(), path
