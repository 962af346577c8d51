"""The duty roster (Article 3): who is on duty on a day and in the night after it."""
