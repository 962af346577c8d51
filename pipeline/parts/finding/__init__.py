"""查找、日历、我的: what one person may see of the archive, by words, by day, and by who did it.

Of what stands git looks through the files, and of the rows of a page alone the values are read.
What colleagues write and have not handed in is in none of it. Nothing is written here.
"""
