# Archives (NAME_LIBS), packages (NAME_PKGS) and other libraries (NAME_LDLIBS) of each unit test.
# Order: users before what they use.
t_stats_LIBS := score base
t_stats_LDLIBS := -lgsl -lgslcblas
t_zone_LIBS := score base
t_attempts_LIBS := score plan probe base
t_attempts_PKGS := XML CRYPTO
t_criteria_LIBS := score plan probe base
t_criteria_PKGS := XML CRYPTO
t_result_LIBS := score base
t_result_PKGS := XML CRYPTO
t_plan_io_LIBS := plan probe base
t_plan_io_PKGS := XML CRYPTO
t_statement_LIBS := profile base
t_statement_PKGS := XML CRYPTO
t_profile_LIBS := profile base
t_profile_PKGS := XML CRYPTO
t_rule_LIBS := plan base
t_plan_build_LIBS := plan profile script table journal probe base
t_plan_build_PKGS := LUA XML CRYPTO
t_script_LIBS := script probe base
t_script_PKGS := LUA XML CRYPTO
t_cell_LIBS := table base
t_cell_PKGS := XML CRYPTO
t_table_LIBS := table base
t_table_PKGS := XML CRYPTO
