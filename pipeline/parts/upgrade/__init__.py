"""The one proposal that renews the program of an archive, or lets an archive name one.

It reads wheels and runs both programs side by side; two people consent to what it lays out.
"""
