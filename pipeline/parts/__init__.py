"""The parts of the program, in their order; nothing registers itself (docs/decisions/0073)."""

from pipeline.model.brings import Part
from pipeline.parts.accounts.part import PART as ACCOUNTS
from pipeline.parts.alerts.part import PART as ALERTS
from pipeline.parts.app.part import PART as APP
from pipeline.parts.authenticity.part import PART as AUTHENTICITY
from pipeline.parts.bare.part import PART as BARE
from pipeline.parts.cadence.part import PART as CADENCE
from pipeline.parts.contractors.part import PART as CONTRACTORS
from pipeline.parts.corrections.part import PART as CORRECTIONS
from pipeline.parts.departments.part import PART as DEPARTMENTS
from pipeline.parts.desk.part import PART as DESK
from pipeline.parts.duties.part import PART as DUTIES
from pipeline.parts.earlier.part import PART as EARLIER
from pipeline.parts.exceptions.part import PART as EXCEPTIONS
from pipeline.parts.form.part import PART as FORM
from pipeline.parts.gitea.part import PART as GITEA
from pipeline.parts.gitee.part import PART as GITEE
from pipeline.parts.github.part import PART as GITHUB
from pipeline.parts.gitlab.part import PART as GITLAB
from pipeline.parts.governance.part import PART as GOVERNANCE
from pipeline.parts.handover.part import PART as HANDOVER
from pipeline.parts.incidents.part import PART as INCIDENTS
from pipeline.parts.inquiries.part import PART as INQUIRIES
from pipeline.parts.inspection.part import PART as INSPECTION
from pipeline.parts.open_data.part import PART as OPEN_DATA
from pipeline.parts.people.part import PART as PEOPLE
from pipeline.parts.publications.part import PART as PUBLICATIONS
from pipeline.parts.published.part import PART as PUBLISHED
from pipeline.parts.records.part import PART as RECORDS
from pipeline.parts.regulation_pages.part import PART as REGULATION_PAGES
from pipeline.parts.relays.part import PART as RELAYS
from pipeline.parts.reports.part import PART as REPORTS
from pipeline.parts.reproduce.part import PART as REPRODUCE
from pipeline.parts.reviews.part import PART as REVIEWS
from pipeline.parts.search.part import PART as SEARCH
from pipeline.parts.shifts.part import PART as SHIFTS
from pipeline.parts.simulate.part import PART as SIMULATE
from pipeline.parts.statistics.part import PART as STATISTICS
from pipeline.parts.upgrade.part import PART as UPGRADE
from pipeline.parts.verify_site.part import PART as VERIFY_SITE
from pipeline.parts.wechat.part import PART as WECHAT
from pipeline.parts.weibo.part import PART as WEIBO
from pipeline.parts.witness.part import PART as WITNESS
from pipeline.parts.word_lists.part import PART as WORD_LISTS

PARTS: tuple[Part, ...] = (
    WECHAT,
    WEIBO,
    APP,
    FORM,
    HANDOVER,
    WITNESS,
    GITHUB,
    GITEA,
    GITLAB,
    GITEE,
    BARE,
    ALERTS,
    CADENCE,
    STATISTICS,
    REGULATION_PAGES,
    CORRECTIONS,
    SEARCH,
    AUTHENTICITY,
    OPEN_DATA,
    VERIFY_SITE,
    REPRODUCE,
    UPGRADE,
    DESK,
    REVIEWS,
    PUBLICATIONS,
    PUBLISHED,
    RELAYS,
    INQUIRIES,
    RECORDS,
    REPORTS,
    DEPARTMENTS,
    DUTIES,
    EXCEPTIONS,
    PEOPLE,
    SIMULATE,
    INSPECTION,
    GOVERNANCE,
    CONTRACTORS,
    ACCOUNTS,
    INCIDENTS,
    SHIFTS,
    EARLIER,
    WORD_LISTS,
)
