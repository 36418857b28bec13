# As tests/unit/unit.mk, for the small programs that tests use.
sightings_LIBS := exchange evidence plan http-dissect probe base
sightings_PKGS := XML CRYPTO
speak_LIBS := http-speak base
speak_PKGS := CURL MHD EV XML CRYPTO
journal_dump_LIBS := journal base
frames_LIBS := evidence base
pool_result_LIBS := score plan probe base
pool_result_PKGS := XML CRYPTO
