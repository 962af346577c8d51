"""One module for each kind of page, list or feed; `site_plan` names them all."""
