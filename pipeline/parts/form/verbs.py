"""form, file: the approval form, printed and filed."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click
from markupsafe import Markup

from pipeline.cli.options import PRINTED_AS_OF, Day, Session, head_option, named_post
from pipeline.cli.terminal import EXISTING
from pipeline.errors import Fault, no_post
from pipeline.judge.judgements import standing_of
from pipeline.judge.record_entries import fact_objections
from pipeline.model.archive import Archive
from pipeline.model.findings import say
from pipeline.model.forms import FOLDER, RETENTIONS, Form, form_number
from pipeline.model.ids import PersonId, PostId, sha256_of
from pipeline.new.yaml_writer import dump
from pipeline.parts.form.rendering import forms_of_day, forms_of_month, item_form
from pipeline.parts.form.words import qr_svg, words_of
from pipeline.report.copy_page import template
from pipeline.source.atomic import write_whole
from pipeline.source.content.paths import MemoryTree
from pipeline.source.git.repository import Repository

# What filing a signed form writes: the record, with the scan of one that was signed in ink.

ENDINGS = (".pdf", ".jpg", ".png")


@dataclass(frozen=True)
class FilingDetails:
    """What the archivist says; what the form itself says is not asked again."""

    person: PersonId
    location: str
    filed_on: date
    retention: str = ""
    """Empty: as long as policy says."""
    filled_on: date | None = None
    """The day written on the paper, where it was signed in ink."""
    scan: tuple[str, bytes] | None = None
    """(file name, bytes) of the signed paper; None: signed by keys."""
    scanned_on: date | None = None
    replaces: str = ""
    reason: str = ""


def filing(
    archive: Archive, form: Form, details: FilingDetails, taken: Collection[str]
) -> dict[str, bytes]:
    """Path → bytes of the record and its scan; `taken` are the paths that are there already.

    Faults: signatures missing without a scan, filed already, unknown person, wrong scan.
    """
    if details.person not in archive.registers.people:
        raise Fault(
            say("There is no person {person}.", person=details.person),
            say("Give an id of content/registers/people.yml."),
        )
    if form.unsigned and details.scan is None:
        raise Fault(
            say("{name}: {count} signatures are missing.", name=form.name, count=form.unsigned),
            say("File it when all have signed, or give the scan of the paper with --scan."),
        )
    name = _free(form, details, taken)
    retention = form.retention if form.retention in RETENTIONS else RETENTIONS[0]
    folder = f"{FOLDER}{form.name[:4]}/"
    scanned = _scan(name, details)
    value = {
        "number": form_number(archive.registers.policy.code_of(name), name),
        ("day" if form.name == form.day.isoformat() else "post"): form.name,
        "items": [
            {"post": r.post, "revision": r.revision, "manifest": r.manifest_digest}
            for r in form.rows
        ],
        "form": form.digest,
        "signature": "wet" if scanned else "electronic",
        **({"filled_on": details.filled_on.isoformat()} if details.filled_on else {}),
        "status": "filed",
        "filed_on": details.filed_on.isoformat(),
        "location": details.location,
        "retention": details.retention or retention,
        "person": details.person,
        **(scanned[0] if scanned else {}),
        **({"replaces": details.replaces, "reason": details.reason} if details.replaces else {}),
    }
    files = {f"{folder}{name}.yml": dump(value)}
    return files | ({f"{folder}{scanned[1]}": scanned[2]} if scanned else {})


def _free(form: Form, details: FilingDetails, taken: Collection[str]) -> str:
    """The form's own name, or of a replacement the first that is free behind it."""
    names = [form.name, *(f"{form.name}-{n}" for n in range(2, 99))]
    free = [n for n in names if f"{FOLDER}{form.name[:4]}/{n}.yml" not in taken]
    if details.replaces:
        if f"{FOLDER}{form.name[:4]}/{details.replaces}.yml" not in taken:
            raise Fault(
                say("There is no filing {name} to replace.", name=details.replaces),
                say("Give the name of its record under {folder}.", folder=FOLDER),
            )
        return free[0]
    if free[0] != form.name:
        raise Fault(
            say("{name} is filed already; a filed form is never changed.", name=form.name),
            say("File it anew with --replaces {name} and --reason.", name=form.name),
        )
    return form.name


def _scan(name: str, details: FilingDetails) -> tuple[dict[str, object], str, bytes] | None:
    if details.scan is None:
        return None
    given, data = details.scan
    ending = Path(given).suffix.lower().replace(".jpeg", ".jpg")
    if ending not in ENDINGS or not data:
        raise Fault(
            say("{path} is no scan that can be filed.", path=given),
            say("Scan the paper as PDF, JPEG or PNG."),
        )
    digest = sha256_of(data)
    day = (details.scanned_on or details.filed_on).isoformat()
    file = f"{name}{ending}"
    return {"scan": {"file": file, "sha256": digest, "scanned_on": day}}, file, data


# The verbs.

_MONTH = click.DateTime(formats=["%Y-%m"])


@click.command()
@click.option("--day", type=Day(), metavar="YYYY-MM-DD", help="The form of the posts of this day.")
@click.option("--post", metavar="ID", help="The form of this post alone.")
@click.option("--month", type=_MONTH, metavar="YYYY-MM", help="All forms of this month.")
@click.option(
    "-f", "--format", "kind", type=click.Choice(["pdf", "html"]), default="pdf",
    show_default=True, help="What to make.",
)  # fmt: skip
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    help="File, or a folder when there are several forms. Default: this folder.",
)
@head_option("Commit to read from.")
@PRINTED_AS_OF
@click.pass_obj
def form(
    session: Session,
    /,
    day: date | None,
    post: PostId | None,
    month: datetime | None,
    kind: str,
    output: Path | None,
    head: str,
    as_of: datetime | None,
) -> None:
    """Print the approval form of the annex; a box without a signature stays empty for ink."""
    if sum(given is not None for given in (day, post, month)) != 1:
        raise click.UsageError(session.tr(say("Give one of --day, --post and --month.")))
    repository = session.repository()
    if not output and session.folder.resolve().is_relative_to(
        repository.root.resolve() / "content"
    ):
        raise Fault(
            say("A form here would be one more file among those that are signed."),
            say("Name a place with --output, or run it in another folder."),
        )
    post = named_post(repository, post, head) if post else None
    beginning = post if post else f"{day:%Y-%m-%d}" if day else f"{month:%Y-%m}"
    archive, _ = standing_of(repository, repository.commit(head), session.when(as_of), beginning)
    forms = _chosen(archive, day, post, month)
    layout = layout_of(kind)
    for made in forms:
        target = _target(made, kind, output, month is not None or len(forms) > 1)
        write_whole(target, layout(made), locked=False)
        click.echo(target)
        if made.unsigned:
            session.remark(
                say(
                    "{name}: {count} signatures are missing; their boxes are empty.",
                    name=made.name,
                    count=made.unsigned,
                )
            )


def _chosen(
    archive: Archive, day: date | None, post: PostId | None, month: datetime | None
) -> tuple[Form, ...]:
    """The forms that were asked for. Faults: no such post, no post in that time."""
    if post is not None:
        return (_post_form(archive, post),)
    if day is not None:
        forms, when = forms_of_day(archive, day), f"{day}"
    else:
        assert month is not None
        forms, when = forms_of_month(archive, month.year, month.month), f"{month:%Y-%m}"
    if not forms:
        raise Fault(
            say("No post is planned for {when}.", when=when),
            say(
                "Posts are called as their folders under `content/posts`, which begin with the day."
            ),
        )
    return forms


def _post_form(archive: Archive, post: PostId) -> Form:
    if post not in archive.posts:
        raise no_post(post) from None
    return item_form(archive, archive.posts[post])


def layout_of(kind: str) -> Callable[[Form], bytes]:
    """The typesetter is imported only when it is wanted: it reads every font of the machine."""
    if kind == "html":
        from pipeline.parts.form.verbs import form_html

        return lambda made: form_html(made).encode()
    from pipeline.parts.form.pdf import FormCompiler

    return FormCompiler.open().print


def _target(made: Form, kind: str, output: Path | None, folder: bool) -> Path:
    """The file to write; an `output` that is a folder, or has no ending, gets files by name."""
    name = f"{made.name}.{kind}"
    if output is None:
        return Path(name)
    if folder and output.exists() and not output.is_dir():
        raise Fault(
            say("{path} is a file; several forms need a folder.", path=str(output)),
            say("Give a folder after --output."),
        )
    return output / name if folder or output.is_dir() or not output.suffix else output


@click.command()
@click.argument("subject")
@click.option("--in", "location", required=True, help="Where the paper or its file lies.")
@click.option("--by", "person", required=True, help="Who files it: an id of people.yml.")
@click.option("--on", "filed_on", type=Day(), help="Day of filing; default: today.")
@click.option("--scan", type=EXISTING, help="The paper signed in ink: PDF, JPEG or PNG.")
@click.option("--scanned-on", type=Day(), help="Day of the scan; default: day of filing.")
@click.option("--filled-on", type=Day(), help="Day written on the paper.")
@click.option("--retention", type=click.Choice(RETENTIONS), help="Default: as policy says.")
@click.option("--replaces", metavar="NAME", help="A wrong filing, whose place this one takes.")
@click.option("-r", "--reason", help="With --replaces: why that filing is wrong.")
@click.pass_obj
def file(session: Session, /, subject: str, **given: Any) -> None:
    """Record that the form of SUBJECT, a day or a post, was signed and filed."""
    reason = (given["reason"] or "").strip()
    if bool(given["replaces"]) != bool(reason):
        raise click.UsageError(session.tr(say("--replaces and --reason go together.")))
    repository = session.repository()
    head, when = repository.commit("HEAD"), session.when(None)
    subject = _subject(repository, subject)
    archive, trusted = standing_of(repository, head, when, subject)
    scan: Path | None = given["scan"]
    given |= {"filed_on": given["filed_on"] or archive.today, "reason": reason}
    given["scan"] = (scan.name, scan.read_bytes()) if scan else None
    details = FilingDetails(**{name: value for name, value in given.items() if value is not None})
    existing = {p.relative_to(repository.root).as_posix() for p in _stored(repository.root)}
    files = filing(archive, _form(archive, subject), details, existing)
    path, after = next(iter(files)), MemoryTree(files)
    for wrong in fact_objections(
        trusted, path, after, archive.post_ids, archive.as_of, archive.publications
    ):
        raise Fault(wrong.message, wrong.remedy)
    for path, data in files.items():
        write_whole(repository.root / path, data)
        click.echo(session.path(repository.root / path))


def _stored(root: Path) -> list[Path]:
    return sorted((root / "content" / "records" / "filings").glob("*/*"))


def _subject(repository: Repository, subject: str) -> str:
    """A day as it is given, else the id of the post that is meant."""
    try:
        return date.fromisoformat(subject).isoformat()
    except ValueError:
        return named_post(repository, subject)


def _form(archive: Archive, subject: str) -> Form:
    """The form of a day or of a post. Faults: no such post, nothing on that day."""
    try:
        day = date.fromisoformat(subject)
    except ValueError:
        return _post_form(archive, PostId(subject))
    forms = forms_of_day(archive, day)
    if len(forms) != 1:
        raise Fault(
            say("{day} has {count} forms.", day=subject, count=len(forms)),
            say("Name the post whose form is filed."),
        )
    return forms[0]


def form_html(form: Form) -> str:
    """A whole page: no script, no address but the evidence's own, fonts by name only."""
    # segno writes the SVG; the address in it is modules, not text, so nothing can break out.
    code = Markup(qr_svg(form.url))  # noqa: S704
    source = Path(__file__).with_name("form.html.j2").read_text("utf-8")
    return template(source).render(form=words_of(form), qr=code) + "\n"
