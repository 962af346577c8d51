"""How often each account is updated (Article 5), as the site shows it."""
