# As tests/unit/unit.mk, for fuzz targets.
fuzz_cell_LIBS := table base
fuzz_cell_PKGS := XML CRYPTO
