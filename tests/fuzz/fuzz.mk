# As tests/unit/unit.mk, for fuzz targets.
fuzz_cell_LIBS := table base
fuzz_cell_PKGS := XML CRYPTO
fuzz_http_LIBS := http-dissect base
fuzz_http_PKGS := CRYPTO
fuzz_envelope_LIBS := probe base
fuzz_envelope_PKGS := XML CRYPTO
fuzz_exchange_LIBS := exchange evidence plan http-dissect probe base
fuzz_exchange_PKGS := XML CRYPTO
fuzz_capfile_LIBS := evidence base
fuzz_journal_LIBS := journal base
fuzz_ledger_LIBS := campaign base
fuzz_ledger_PKGS := XML CRYPTO
fuzz_bundle_LIBS := bundle base
fuzz_bundle_PKGS := XML ZIP CRYPTO
fuzz_path_LIBS := scope base
fuzz_path_PKGS := XML CRYPTO
