# As tests/unit/unit.mk, for the small programs that tests use.
