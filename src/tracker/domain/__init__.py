"""Values, rules and formulas; standard library only, no clock, no file, no database, no screen."""
