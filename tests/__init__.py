"""What must stay true, by folder: see section 11 of the house rules."""
