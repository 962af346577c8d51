"""Article 14: the devices people log in with."""

from collections.abc import Iterator

from pipeline.model.archive import Archive
from pipeline.model.duties import declarations_due
from pipeline.model.findings import Complaint, Effect, Location, say


def devices_safe(archive: Archive) -> Iterator[Complaint]:  # 14(1) 不得在无安全保障设备上登录
    """Devices in use today: there are some, each with safeguards."""
    devices = [
        d
        for d in archive.registers.entries.get("devices", ())
        if d["from"] <= archive.today <= (d.get("until") or archive.today)
    ]
    if not devices:
        message = say("No device is registered for working on accounts.")
        remedy = say("Enter the devices people log in with: sanshen new devices")
        place = Location("content/registers/devices.yml")
        yield Complaint(Effect.NOTE, message, place, remedy)
    for device in devices:
        if not device["hardened"]:
            message = say("The device {device} has no safeguards.", device=device.id)
            remedy = say("Secure it before anybody logs in with it, or take it out of use.")
            yield Complaint(Effect.REFUSE, message, device.at("hardened"), remedy, device["keeper"])


def hygiene_declared(archive: Archive) -> Iterator[Complaint]:  # 14(1) 不得使用自动登录模式
    """The monthly word of the operator, for each account in use."""
    return declarations_due(archive, "account-hygiene")
