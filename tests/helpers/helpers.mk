# As tests/unit/unit.mk, for the small programs that tests use.
sightings_LIBS := exchange evidence plan http-dissect probe base
sightings_PKGS := XML CRYPTO
