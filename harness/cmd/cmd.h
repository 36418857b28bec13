/* cmd - the commands of gridassay, one file each. argv[0] is the command's name.
 *
 * Each returns the process's exit status (enum exit_status) and does its own printing.
 */
#ifndef HARNESS_CMD_H
#define HARNESS_CMD_H

int cmd_rows(int argc, char **argv);
int cmd_profiles(int argc, char **argv);
int cmd_paths(int argc, char **argv);
int cmd_traffic(int argc, char **argv);
int cmd_plan(int argc, char **argv);
int cmd_statement(int argc, char **argv);
int cmd_import(int argc, char **argv);
int cmd_coverage(int argc, char **argv);
int cmd_run(int argc, char **argv);
int cmd_score(int argc, char **argv);
int cmd_report(int argc, char **argv);
int cmd_compare(int argc, char **argv);
int cmd_campaign(int argc, char **argv);
int cmd_claim(int argc, char **argv);
int cmd_verify(int argc, char **argv);
int cmd_play(int argc, char **argv);
int cmd_calibrate(int argc, char **argv);

#endif
