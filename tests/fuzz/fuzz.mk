# As tests/unit/unit.mk, for fuzz targets.
