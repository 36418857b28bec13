# As tests/unit/unit.mk: the bench of the statistics is one program of several files.
metrology_LIBS := score plan probe base
metrology_PKGS := XML CRYPTO
