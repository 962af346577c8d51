"""报告: what a month or a quarter brought, as a page, a Word document and a PDF.

Whatever the program reports of a period is here by itself. The Word document is written out of a
template, as the PDF is: headings and tables need no library of their own.
"""
