"""更正与撤回: what was changed after publication, withdrawn or erased."""
