"""A month of a bureau of six, in Chromium, by people who open no terminal (`make month`)."""
