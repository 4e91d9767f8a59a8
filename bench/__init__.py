"""Numbers that repeat: each module is a command, each result names machine, versions and scale."""
