"""A month of a bureau from an empty archive: every register and every kind of record in use.

The verbs run in this process on a clock of their own; each is the one a clerk types. Entries and
records are written as the forms of the desk write them (`builders.entering`).
"""

import hashlib
import os
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from pipeline.cli.terminal import fault_text
from pipeline.errors import Fault
from pipeline.judge.load_governance import trust
from pipeline.model.calendar import SHANGHAI
from pipeline.model.ids import AccountId, PersonId
from pipeline.new.yaml_writer import dump, rewritten
from pipeline.parts.inquiries.incoming import comments_in, taken_in
from pipeline.program import sanshen
from pipeline.report.language import translator
from pipeline.source.content.text import read_yaml
from pipeline.source.git.repository import Repository
from pipeline.source.git.worktree import work_tree
from pipeline.source.program import shipped
from tests.builders.cast import key, private_key_file
from tests.builders.entering import complete, correct, enter, shape_of, value_of
from tests.builders.git import ENVIRONMENT, Git
from tests.builders.named import worded
from tests.cli.at_the_desk import DeskSession

USUAL: Mapping[str, Callable[[datetime], str]] = {
    **dict.fromkeys(("on", "from", "known_as_of"), lambda now: now.date().isoformat()),
    "person": lambda _: "",
    **dict.fromkeys(("received_at", "found_at"), datetime.isoformat),
}  # fmt: skip
"""Keys that say who records it, today and now → what they begin with."""
MEMBERS = ("information-officer", "section-head", "leader-in-charge", "principal", "operator")
HOME = {"wechat": "https://mp.weixin.qq.com/s/", "weibo": "https://weibo.com/testyjj/"}
BODY = "出门前和睡前各看一遍。\n\n## 三件事\n\n1. 断电。\n2. 关火。\n3. 清通道。\n"
TABLE = (
    "编号,留言时间,用户昵称,留言内容,回复内容,回复时间\r\n"
    "W-1,2026/11/5 9:05,炉边人,报警器在哪里领？电话13800138000,请到服务站领取。,"
    "2026-11-05 09:50\r\n"
    "W-2,2026/11/5 9:30,某人,举报城西一处烟花爆竹仓库无证经营,,\r\n"
)
PASSWORD = "Tk9#mzQw4!vR2"


class Office:
    """An archive, the keys of its people, who sits at the desk, and the time there."""

    def __init__(self, home: Path, patch: pytest.MonkeyPatch) -> None:
        self.home, self.folder, self.patch = home, home / "archive", patch
        self.clock, self.who, self.git = "", "", Git(self.folder)
        for name, value in (ENVIRONMENT | {"HOME": str(home)}).items():
            patch.setenv(name, value)
        patch.setenv("GIT_CONFIG_GLOBAL", str(home / ".gitconfig"))
        for person in (*MEMBERS, "xxy-b", "office-head"):
            private_key_file(person, home)

    def at(self, clock: str, who: str) -> None:
        """The next minute of the month that something happens in, and who acts: ``03T09:30``."""
        clock = clock if len(clock) > 8 else f"2026-11-{clock}"
        assert clock >= self.clock, "time runs on"
        self.clock, self.who = clock, who
        (self.home / ".gitconfig").write_text(
            f"[user]\n\tname = {who}\n\temail = {who}@bureau.example\n"
        )
        for role in ("AUTHOR", "COMMITTER"):
            self.patch.setenv(f"GIT_{role}_DATE", f"{clock}:00+08:00")
            self.patch.setenv(f"GIT_{role}_NAME", who)
            self.patch.setenv(f"GIT_{role}_EMAIL", f"{who}@bureau.example")

    def run(self, line: str, *more: str, code: int = 0, typed: str | None = None) -> str:
        """What a verb says; words of `line` are parted by blanks, those of `more` are whole."""
        verb, *rest = [*line.split(), *more]
        command = sanshen.get_command(sanshen.make_context("sanshen", ["-C", "."]), verb)
        where = self.folder if self.folder.exists() else self.home
        tr = translator("zh")
        session = DeskSession(where, "zh", tr, dict(os.environ), self.now(), typed is not None)
        assert command
        done = CliRunner().invoke(command, rest, obj=session, input=typed)
        output, exit_code = done.output, done.exit_code
        if isinstance(done.exception, Fault):
            output, exit_code = output + fault_text(done.exception, tr), done.exception.exit_code
        assert exit_code == code, f"{self.clock} {self.who}: {verb} {rest}\n{output}"
        return output

    def enter(self, line: str, *more: str) -> None:
        """A new entry or record: its kind, and its fields by name."""
        kind, *words = [*line.split(), *more]
        value, now = value_of(kind, *words), self.now()
        shape = shape_of(kind)
        required = shape.entry["required"]
        usual = {k: self.who if k == "person" else USUAL[k](now) for k in USUAL if k in required}
        parts = shape.entry["properties"]
        empty = {k: list[str]() for k in required if parts[k].get("type") == "array"}
        enter(self.folder, kind, usual | empty | value, now)

    def complete(self, line: str) -> None:
        """Fields of a record, or of an entry, that stands: its kind and id, and the fields."""
        kind, name, *words = line.split()
        value = value_of(kind, *words)
        if shape_of(kind).register:
            path = self.folder / f"content/registers/{kind}.yml"
            rows = read_yaml("x", path.read_bytes()).value[kind]
            value = next(row for row in rows if row["id"] == name) | value
        complete(self.folder, kind, name, value, self.now())

    def now(self) -> datetime:
        return datetime.fromisoformat(self.clock).replace(tzinfo=SHANGHAI)

    def sign(self, line: str, *more: str, typed: str | None = None) -> str:
        key = ("--key", str(self.home / self.who), "--yes")
        return self.run(line, *more, *key, typed=typed)

    def commit(self, message: str) -> None:
        env = {k: v for k, v in os.environ.items() if k.startswith("GIT_")}
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", message, env=env)

    def edit(self, register: str, edit: Callable[[Any], object]) -> None:
        """Change a register, or the policy, as an editor would."""
        name = f"content/{'' if register == 'policy' else 'registers/'}{register}.yml"
        raw = (self.folder / name).read_bytes()
        value = read_yaml(name, raw).value
        edit(value)
        (self.folder / name).write_bytes(rewritten(name, raw, value))

    def join(self, *people: str) -> None:
        """The next roster, with a key more for each of them."""
        before = (self.folder / "content/registers/roster.yml").read_bytes()
        since = {"from": "2026-11-02T09:00:00+08:00"}
        head = {"serial": 2, "previous": hashlib.sha256(before).hexdigest()}
        self.edit("roster", lambda roster: roster.update(head))
        self.edit("roster", lambda roster: roster["keys"].extend(key(p) | since for p in people))

    def merge(self, branch: str) -> None:
        """The operator squashes it, as a forge would; the audit of the month judges each."""
        self.at(self.clock, "operator")
        self.git("switch", "--quiet", "main")
        self.git("merge", "--quiet", "--squash", branch)
        self.commit(branch)

    def govern(self, branch: str) -> None:
        """What lies there, with the consent of both who must."""
        self.commit(branch)
        for person in ("section-head", "leader-in-charge"):
            self.at(self.clock, person)
            self.sign(f"authorise --reason {branch} --commit")
        self.run("verify --base main")
        self.merge(branch)

    def record(self, *lines: str | tuple[str, ...]) -> None:
        """Records, entered and committed on main."""
        for line in lines:
            self.entered(*((line,) if isinstance(line, str) else line))
        self.commit("登记")

    def entered(self, line: str, *more: str) -> None:
        verb, _, rest = line.partition(" ")
        if verb == "new":
            self.enter(rest, *more)
        else:
            self.complete(rest)

    def take_in(self, table: bytes) -> dict[str, dict[str, Any]]:
        """The inquiries of a table that came to an account, as the page takes them in."""
        with Repository.open(self.folder) as repository:
            tree, now = work_tree(repository), datetime.fromisoformat(f"{self.clock}:00+08:00")
            who = AccountId("weibo"), PersonId(self.who), PersonId("operator")
            made = taken_in(tree, trust(tree), comments_in(table), *who, now)
        for path, value in made.records.items():
            (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
            (self.folder / path).write_bytes(dump(value))
        return {Path(path).stem: value for path, value in made.records.items()}

    def post_file(self, post: str) -> Path:
        return self.folder / f"content/posts/2026/{post}/post.md"

    def carry(self, day: str, slug: str, title: str, body: str = BODY, *more: str,
              accounts: tuple[str, ...] = ("wechat", "weibo"), kind: str = "tip",
              category: str = "3", add: str = "", waived: str = "") -> str:  # fmt: skip
        """A post from its draft to the accounts, in one day; its id."""
        self.at(f"{day}T09:30", "writer")
        (self.home / "body.md").write_text(body, "utf-8")
        channels = [word for account in accounts for word in ("--account", account)]
        summary = ("--summary", "给居民的提醒。", "--body", str(self.home / "body.md"))
        self.run(f"new {slug} --kind {kind} --category {category} --topic disaster --ai none",
                 *channels, "--title", title, *summary, *more,
                 "--secrecy-reviewer", "information-officer")  # fmt: skip
        post = f"2026-11-{day}-{slug}"
        file = self.post_file(post)
        file.write_text(file.read_text("utf-8").replace("\n---\n", f"{add}\n---\n", 1), "utf-8")
        if waived:
            self.git("switch", "--quiet", "--create", post)
            self.commit("起草")
            self.at(f"{day}T09:40", "section-head")
            self.sign(f"waive {post} --clause R13-2 --text {waived} --reason 引述骗局用语")
            self.commit("豁免")
            self.at(f"{day}T09:50", "writer")
        self.run(f"submit {post}")
        self.review(day, post)
        self.merge(post)
        self.publish(f"{day}T16:00", post, accounts)
        return post

    def review(self, day: str, post: str) -> None:
        for hour, person, verb in (
            ("10:00", "information-officer", "approve"), ("10:30", "section-head", "approve"),
            ("11:00", "leader-in-charge", "approve"), ("11:30", "section-head", "confirm"),
        ):  # fmt: skip
            self.at(f"{day}T{hour}", person)
            self.sign(f"{verb} {post}")
        self.at(f"{day}T11:30", "operator")
        self.commit("审核")

    def publish(self, clock: str, post: str, accounts: tuple[str, ...]) -> None:
        self.at(clock, "operator")
        for account in accounts:
            self.sign(f"publish {post} --account {account} --url {HOME[account]}{post}")
        self.commit("发布登记")

    def revise(self, day: str, post: str, change: tuple[str, str], *correction: str) -> None:
        """A second revision with its correction, reviewed and carried again."""
        self.at(f"{day}T09:00", "writer")
        self.git("switch", "--quiet", "--create", f"{post}-r2")
        file = self.post_file(post)
        text = file.read_text("utf-8").replace("revision: 1", "revision: 2").replace(*change)
        file.write_text(text, "utf-8")
        value = value_of("corrections", "--post", post, "--revision", "2", *correction)
        path = self.folder / f"content/records/corrections/2026/{post}.r2.yml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(dump({**value, "person": "writer", "changed_on": self.clock[:10]}))
        self.commit("改版")
        self.review(day, post)
        self.merge(f"{post}-r2")


def found(office: Office) -> None:
    """The archive, its accounts by the signatures of both leaders, and the other registers."""
    office.at("02T08:00", "information-officer")
    members = [f"--member={p}={office.home / p}.pub,{p}@bureau.example" for p in MEMBERS]
    office.run("init", str(office.folder), "--id", "test-yjj", "--unit", "测试市应急管理局",
               "--short-name", "测试应急", "--verified-until", "2027-10-31", *members,
               "--member=writer=,writer@bureau.example")  # fmt: skip
    applied = "--applied-person section-head --applied-department lead --applied-on 2026-11-02"
    office.record(
        f"new account-events --account weibo --type open --what 开设政务微博 {applied}",
        f"new account-events --account wechat --type change --what 明确密码保管人 {applied}"
        " --changes-custodian operator",
    )
    events = ("2026-11-02-1", "2026-11-02-2")
    for person in ("leader-in-charge", "principal"):
        office.at("02T08:40", person)
        office.sign("attest account-events", *events, "--commit")
    office.at("02T08:50", "information-officer")
    office.record(*(f"amend account-events {e} --effective-on 2026-11-02" for e in events))
    office.git("switch", "--quiet", "--create", "registers")
    people = "new people --contractor false --roles department=office,from=2026-11-02,role="
    for line in (
        "new departments --id office --name 办公室 --lead false",
        f"{people}information-officer --id xxy-b --name 信息员乙 --emails xxy-b@bureau.example",
        f"{people}section-head --id office-head --name 办公室主任 --emails o@bureau.example",
        "new people --id editor-a --name 外包编辑 --contractor true --emails e@bureau.example"
        " --roles role=editor,department=lead,from=2026-11-02",
        "new contractors --id lanyun --name 岚云信息中心 --contract-number 〔2026〕2号"
        " --contract-signed-on 2026-01-05 --contract-from 2026-01-05 --contract-until 2028-01-04"
        " --contract-scope editing --contract-responsibilities 外包单位编辑，本局审核和发布。"
        " --contract-procurement 框架协议 --contract-confidentiality-system 保密安全管理办法"
        " --nda-signed-on 2026-01-05 --nda-until 2028-01-04 --nda-people editor-a"
        " --people editor-a",
        "new sources --id mem --name 应急管理部 --kind party-government --hosts www.mem.gov.cn"
        " --from 2026-01-01",
        "new devices --id pc-1 --kind 台式机 --keeper operator --department lead --hardened true",
        "new accounts --id weibo --name 测试市应急管理局 --platform weibo --content-mode text"
        " --subject 测试市应急管理局 --verified true --verified-until 2027-10-31"
        " --url https://weibo.com/testyjj --opened-on 2026-11-02 --filing 待备案"
        " --interaction true --custodian operator",
        "amend accounts wechat --custodian operator --interaction true",
        "new terms --id own --text 测试市应急救援队 --kind unit --reason 队伍名称",
        "new lexicons --id own-1 --category advertising --effect note --words 安心购"
        " --reason 广告 --suggestion 删去",
    ):
        office.entered(line)
    office.edit("policy", lambda policy: policy["unit"].update(organisation_code="MB0000000"))
    office.govern("registers")
    office.git("switch", "--quiet", "--create", "roster")
    office.join("xxy-b", "office-head")
    office.commit("名册")
    for person in ("section-head", "leader-in-charge"):
        office.at("02T09:20", person)
        office.sign("authorise --reason 新增密钥 --commit")
    office.merge("roster")


def first_fortnight(office: Office) -> None:
    """Duty roster, inquiries, figures, a supervision, filings, a relay, an upstream item."""
    office.at("03T08:30", "information-officer")
    crew = "information-officer section-head leader-in-charge operator"
    nights = [w for d in range(3, 31) for w in ("--days", f"day=2026-11-{d:02d},people={crew}")]
    office.record(("new shifts", *nights))
    office.carry("03", "winter-fire", "冬季防火三件事")
    office.at("04T09:00", "information-officer")
    office.record("new inquiries --account wechat --type general --summary 询问报警器去哪里领")
    office.at("04T10:30", "information-officer")
    office.record("amend inquiries 2026-11-04-1 --drafted-person information-officer"
                  " --drafted-at 2026-11-04T10:00 --reply-person operator"
                  " --reply-at 2026-11-04T10:20 --reply-text 您好，请到服务站领取。")  # fmt: skip
    office.at("04T10:40", "operator")
    office.sign("attest inquiries 2026-11-04-1 --commit")
    office.at("05T10:00", "information-officer")
    made = office.take_in(TABLE.encode("gbk"))
    assert "13800138000" not in str(made)
    (report,) = (id for id, value in made.items() if value["type"] == "report")
    (answered,) = made.keys() - {report}
    office.commit("导入")
    office.at("05T15:00", "information-officer")
    waits = office.run("due --days 3")
    assert report in waits and "`transferred`" in waits
    office.record(
        f"amend inquiries {report} --transferred-to office --transferred-at 2026-11-05T14:30"
        " --transferred-receipt 办公室收文88",
        f"amend inquiries {answered} --drafted-person information-officer"
        " --drafted-at 2026-11-05T09:40",
        "new statistics --account wechat --followers 1200 --reads 300",
        "new statistics --account weibo --followers 800 --reads 150",
        "new supervisions --contractor lanyun --findings 抽查权限清单，外包人员只有编辑权限。",
    )
    office.carry("06", "carbon-monoxide", "取暖防一氧化碳中毒")
    office.at("06T17:00", "operator")
    for account in ("wechat", "weibo"):
        office.sign(f"rotate {account} --reason scheduled", typed=f"{PASSWORD}\n{PASSWORD}\n")
    office.commit("改密")
    office.at("09T09:00", "information-officer")
    filed = "--filing-ref 市政办新媒备〔2026〕5号 --filing-to 市政府办公室 --filing-on 2026-11-09"
    office.record(*(f"amend account-events 2026-11-02-{n} {filed}" for n in (1, 2)))
    office.git("switch", "--quiet", "--create", "numbers")
    office.complete("accounts weibo --filing 市政办新媒备〔2026〕5号")
    office.complete("accounts wechat --filing 市政办新媒备〔2026〕4号")
    office.govern("numbers")
    office.at("10T08:40", "information-officer")
    for letter in "ab":
        office.enter(f"upstream --source mem --url https://www.mem.gov.cn/{letter}.html --title"
                   f" 部署冬季安全生产{letter} --seen-at 2026-11-10T08:40"
                   " --published-at 2026-11-10T08:00")  # fmt: skip
    decided = "--decided-person information-officer --decided-at 2026-11-10T08:40"
    office.record(
        f"amend upstream 2026-11-10-1 {decided} --decided-relay true --decided-reason 须转发",
        f"amend upstream 2026-11-10-2 {decided} --decided-relay false --decided-reason 与本市无关",
    )
    assert "content/records/relays/" in office.run("due --days 1")
    original = "各地要加强冬季安全生产工作，排查隐患，落实责任。\n"
    (office.home / "source.txt").write_text(original, "utf-8")
    source = (
        "\nsource: {id: mem, url: 'https://www.mem.gov.cn/a.html', title: 部署冬季安全生产a,"
        " published_at: '2026-11-10T08:00:00+08:00', fetched_at: '2026-11-10T09:00:00+08:00',"
        " snapshot: source.txt}\nlicense: {basis: stated-reprintable,"
        " evidence: 'https://www.mem.gov.cn/a.html'}"
    )
    relayed = office.carry(
        "10", "reprint", "部署冬季安全生产a", original, "--snapshot",
        str(office.home / "source.txt"), kind="reprint", accounts=("wechat",), add=source,
    )  # fmt: skip
    office.at("10T16:30", "information-officer")
    office.record("new relays --title 部署冬季安全生产a --source-name 应急管理部 --source-level"
                  " national --source-url https://www.mem.gov.cn/a.html --source-published-at"
                  f" 2026-11-10T08:00 --post {relayed}"
                  " --except account=weibo,reason=维护停用")  # fmt: skip


def second_fortnight(office: Office) -> None:
    """An impostor, an opinion, a late answer, a corrected fact, a ledger, revisions, a policy."""
    office.at("11T09:00", "information-officer")
    office.record(
        "new incidents --summary 某平台出现名称相近的账号 --platform 短视频平台"
        " --found-at 2026-11-11T08:00 --notified body=cyberspace,at=2026-11-11T08:30",
        "new opinions --title 网传水库溃坝 --level other --lead-person principal --departments"
        " lead --hot false --found-at 2026-11-11T08:00 --actions 核实"
        " --reports to=publicity,at=2026-11-11T08:10 --reports to=cyberspace,at=2026-11-11T08:15",
        "new inquiries --account wechat --type processing --summary 反映消防通道堆放杂物"
        " --received-at 2026-11-11T08:30",
    )
    office.at("11T17:00", "information-officer")
    office.record(
        "amend incidents 2026-11-11-1 --verified-at 2026-11-11T10:00 --platform-letter-at"
        " 2026-11-11T11:00 --filed-at 2026-11-11T15:00",
        "amend inquiries 2026-11-11-1 --acknowledged-at 2026-11-11T16:00"
        " --acknowledged-promised-due 2026-11-18 --tasks"
        " department=office,assigned_by=operator,due=2026-11-16",
    )
    denial = office.carry(
        "12", "rumour", "网传水库溃坝不属实", "经核实，网传水库溃坝的信息不属实。\n", kind="rumor",
        category="5", add="\nrefutes: {claim: 网传水库溃坝, evidence: [水利部门现场检查记录]}",
    )  # fmt: skip
    office.at("12T17:00", "information-officer")
    office.record(f"amend opinions 2026-11-11-1 --posts {denial}"
                  " --first-statement-at 2026-11-12T16:00")  # fmt: skip
    office.at("16T09:00", "information-officer")
    drafted = "--drafted-person information-officer --drafted-at"
    office.record(
        "amend inquiries 2026-11-11-1 --closed-at 2026-11-16T08:50 --result 已清理 --tasks"
        " department=office,assigned_by=operator,due=2026-11-16,returned_at=2026-11-16T08:30",
        "new inquiries --account weibo --type general --received-at 2026-11-05T09:00 --summary"
        f" 询问培训报名 {drafted} 2026-11-16T08:00 --reply-person operator"
        " --reply-at 2026-11-16T08:30 --reply-text 您好，请在本局网站报名。",
        "amend incidents 2026-11-11-1 --closed-at 2026-11-16T08:00",
    )
    right = ("inquiries", "2026-11-04-1", "reply.at=2026-11-04T10:10")
    correct(office.folder, *right, person=office.who, reason="抄错时间", now=office.now())
    office.at("16T09:10", "section-head")
    office.sign("attest inquiries 2026-11-04-1 --event corrected.0")
    office.commit("更正")
    notice = office.carry("17", "training", "关于举办应急救护培训的通知",
                          "定于12月2日（周三）举办应急救护培训。\n", kind="notice")  # fmt: skip
    promised = office.carry("19", "heater", "冬季网购取暖器提醒",
                            "选购看标志，别被限时抢购牵着走。\n", waived="限时抢购")  # fmt: skip
    old, new = "定于12月2日（周三）举办应急救护培训。", "定于12月3日（周四）举办应急救护培训。"
    office.revise("20", notice, (old, new), "--kind", "correction", "--reason", "日期有误",
                  "--changes", f"old={old},new={new}")  # fmt: skip
    office.publish("20T16:00", notice, ("wechat", "weibo"))
    office.carry("24", "snow", "雨雪天出行三件事")
    office.carry("26", "gas", "燃气使用三件事")
    text = office.post_file(promised).read_text("utf-8")
    office.revise("27", promised, (text[text.index("---\n", 4) :].replace("revision: 1", ""),
                                   "validity: withdrawn\n---\n\n本稿已撤回。\n"),
                  "--kind", "withdrawal", "--reason", "用语不当", "--changes",
                  "old=选购看标志，别被限时抢购牵着走。,new=本稿已撤回。")  # fmt: skip


def ledger(office: Office) -> None:
    """What cannot be mended is explained and closed; forms are filed; a policy is tried and set."""
    office.at("28T09:00", "information-officer")
    rows = ("2026-11-28-1", "2026-11-28-2")
    due = "--assigned-person information-officer --assigned-due 2026-11-30"
    office.record(
        f"new rectifications --clause R12-1 --finding 2026-11-16-1 {due}",
        ("new rectifications --clause R05-1 --finding", "weibo 2026-11-09", *due.split()),
    )
    for row in rows:
        office.complete(f"rectifications {row} --explained-person information-officer"
                   " --explained-at 2026-11-28T08:50 --explained-cause 值班交接漏看")  # fmt: skip
    for row in rows:
        office.sign(f"attest rectifications {row}")
    office.at("28T09:10", "section-head")
    for row in rows:
        office.complete(f"rectifications {row} --closed-person section-head"
                   " --closed-at 2026-11-28T09:05 --closed-measures 下班前核对后台")  # fmt: skip
        office.sign(f"attest rectifications {row}")
    office.sign("attest supervisions 2026-11-05-1")
    office.run("file 2026-11-03 --in 档案室 --by operator")
    office.commit("台账、归档")
    tried = office.run("simulate cadence.text.count=3 --since 2026-11-02")
    assert "变为不合格" in tried and "应更新3次" in tried
    office.git("switch", "--quiet", "--create", "policy")
    setting = {"value": 3, "unit": "次/周", "source": "[D] 局务会纪要"}
    office.edit("policy", lambda policy: policy["parameters"]["cadence.text.count"].append(
        setting | {"effective_from": "2026-12-07"}))  # fmt: skip
    office.govern("policy")


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """The bureau on the last evening of the month."""
    with pytest.MonkeyPatch.context() as patch:
        made = Office(tmp_path_factory.mktemp("month"), patch)
        found(made)
        first_fortnight(made)
        second_fortnight(made)
        ledger(made)
        made.at("30T18:00", "section-head")
        yield made


def test_the_month_stands_with_its_faults_explained(office: Office) -> None:
    """Every kind of record is in use but what lists posts of before the archive; what cannot be
    mended is told, and held against no one."""
    used = {p.name for p in (office.folder / "content/records").iterdir()}
    kinds = {Path(path).stem for path in shipped("schemas/records")}
    assert kinds - used == {"earlier"}
    assert "\n拒绝" not in office.run("verify")
    audit = office.run("audit")
    closed = "已于2026年11月28日整改办结，由科室负责人签名，措施为“下班前核对后台”。"
    assert audit.count(closed) == 2
    assert "补记：收到时间" in audit
    assert "抄错时间（由科室负责人签名）" in audit


def test_the_reports_of_the_month_say_what_happened(office: Office) -> None:
    month = office.run("report -m 2026-11")
    assert "| 2026-11-04-1 | 一般咨询 | 2026-11-04 | 2026-11-04 10:10 | 0 | 已声明 |" in month
    assert "| 2026-11-16-1 | 一般咨询 | 2026-11-05 | 2026-11-16 08:30 | 7 | 已登记 |" in month
    assert "| 2026-11-04-1 | 回复的时间 |" in month and "| 抄错时间 | 科室负责人 |" in month
    assert "| 2026-11-16-1 | 收到时间 | 2026-11-05 09:00 | 2026-11-16 09:00 |" in month
    quarter = office.run("report --inspection 2026Q4")
    assert (
        "| 严重表述错误 | 测试应急 | 未发现（" + worded("texts-searched", "zh") + "） |"
    ) in quarter
    assert quarter.count("| 已签名销号 |") == 2
    assert "市政办新媒备〔2026〕4号" in quarter
    access = office.run("report --access 2026-11")
    assert "| 分管领导 | 0 | 0 | 10 | 0 | 0 |" in access


def test_what_falls_due_can_be_signed_at_once(office: Office) -> None:
    waiting = office.run("due")
    assert "已逾期" not in waiting
    assert "值班表到2026年11月30日为止" in waiting and "未指定责任人" not in waiting
    office.at("2027-02-10T09:00", "operator")
    assert "已签声明 2 项" in office.sign("declare --all")
