"""What the program takes from this part."""

from pipeline.model.brings import Kind, Part

PART = Part(
    name="accounts",
    kinds=(
        Kind("accounts", "账号", register=True, own_reader=True, named_by=("account", "accounts")),
        Kind("devices", "设备", register=True),
        Kind("account-events", "账号事项", ever=True, decisions=("reviewed", "signed"),
             names_new=("account",)),  # an opening is recorded before the account is entered
        Kind("rotations", "密码变更", predicate="rotation", whole=True),
    ),
    tables=("pipeline.parts.accounts.tables:passwords",),
)  # fmt: skip
