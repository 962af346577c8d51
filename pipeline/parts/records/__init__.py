"""登记: plain records of every kind on pages that their schemas make: relays, opinions, shifts ….

What stands is completed, and corrected beside; each record is judged before it is written, and
signed where it is shown.
"""
