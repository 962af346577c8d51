"""Article 16: what the head of the lead department gives their word for, and advertising."""

from collections.abc import Iterator

from pipeline.model.archive import Archive
from pipeline.model.duties import declarations_due
from pipeline.model.findings import Complaint, Effect, say


def no_fraud(archive: Archive) -> Iterator[Complaint]:  # 16 严禁数据造假
    """The yearly word that no followers are bought and no figures made up."""
    return declarations_due(archive, "no-data-fraud")


def no_forced_actions(archive: Archive) -> Iterator[Complaint]:  # 16 不得强制、不得作为前置条件
    """The half-yearly word that nothing depends on following, downloading or sharing."""
    return declarations_due(archive, "no-forced-actions")


def no_profit(archive: Archive) -> Iterator[Complaint]:  # 16 不得参与盈利性经营活动
    """The yearly word that no account takes part in business."""
    return declarations_due(archive, "no-profit")


def no_advertising(archive: Archive) -> Iterator[Complaint]:  # 16 不得参与盈利性经营活动
    """No account in use has the platform's advertising switched on."""
    for index, account in enumerate(archive.registers.accounts.values()):
        if account.ads and account.active(archive.today):
            yield Complaint(
                Effect.REFUSE,
                say("Advertising is switched on for account {account}.", account=account.name),
                archive.registers.documents["accounts"].locate("accounts", index, "ads"),
                say("Switch it off on the platform and correct the register of accounts."),
                account.id,
            )
