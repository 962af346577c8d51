"""The bureau's accounts: what is opened, altered and closed, who keeps passwords and devices.

Articles 2, 8 and 14. It brings the registers of accounts and devices, the account events that
leaders decide on, and the signed changes of passwords.
"""
