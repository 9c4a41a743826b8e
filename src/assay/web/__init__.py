"""The web application of the case work: public forms, the team's desks, the register."""
