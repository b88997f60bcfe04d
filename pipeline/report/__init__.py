"""What people and other programs are told: events of a run, plans, status, histories, checks."""
