"""登记: plain records of every kind on pages that their schemas make: relays, opinions, shifts ….

A kind that has pages of its own (inquiries) is left to them. What stands is completed, and
corrected beside; each record is judged before it is written, and signed where it is shown.
"""
