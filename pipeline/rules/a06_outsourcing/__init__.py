"""Article 6: lead department and outsourcing (第六条 政务新媒体运营管理).

1. Exactly one department is the lead, and its head is in office today; a name the regulation does
   not use for it is noted, and so is a change that renames a department without keeping its former
   name. | Human: whether it leads.
2. Every contractor has a contract in force with allowed work, responsibilities, procurement and
   a confidentiality system, and an agreement on secrecy that names each of its people in office;
   these hold only the roles that policy allows, keep no account and send no reply (Article 11 lets
   none of them publish); an inspection that is late is noted; every year the head of the lead
   department declares that the contractors are supervised. | Human: whether the terms are adequate.
3. A large share of posts written by contractors in the running quarter is noted.
   | Human: whether the bureau still leads what it hands over.
4. Every year the head of the lead department declares that the guidance of the publicity and
   cyberspace departments was sought and followed. | Human: the guidance itself.
"""

from pipeline.model.law import ChangeClause, PeriodClause, Rule
from pipeline.rules.a06_outsourcing.lead import (
    authored_by_contractors,
    guided,
    lead_headed,
    names_kept,
    one_lead,
)
from pipeline.rules.a06_outsourcing.people import replied_by_staff
from pipeline.rules.a06_outsourcing.supervision import contractors_in_order, supervised

RULE = Rule(
    (
        PeriodClause(1, one_lead),
        ChangeClause(1, names_kept),
        PeriodClause(1, lead_headed, lapse=True),
        PeriodClause(2, contractors_in_order),
        PeriodClause(2, replied_by_staff, lapse=True),
        PeriodClause(2, supervised, declared=True),
        PeriodClause(3, authored_by_contractors),
        PeriodClause(4, guided, declared=True),
    )
)
