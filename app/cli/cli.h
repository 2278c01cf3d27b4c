/* SPDX-License-Identifier: Apache-2.0
 * cli.h - what the files of the command share. The command stands on the
 * public headers of the core alone. */
#ifndef CHISO_CLI_H
#define CHISO_CLI_H

#include "chiso/chiso.h"

/* ---- texts -------------------------------------------------------------- */

typedef enum text_id {
#define TEXT(name, en, vi) TXT_##name,
#include "text.def"
#undef TEXT
  TXT_COUNT
} text_id;

/* ---- options and commands ------------------------------------------------ */

typedef enum option_id {
#define OPTION(id, name, value, choices) OPT_##id,
#include "options.def"
#undef OPTION
  OPT_COUNT
} option_id;

typedef struct option {
  const char *name;
  const char *value;   /* name of the value in help; NULL: a flag */
  const char *choices; /* "a|b", or NULL for any value */
  text_id help;
} option;

struct cli;

typedef struct example {
  const char *command;
  text_id what;
} example;

#define CLI_EXAMPLES 4
/* One command: parsing, help, the man page and completion follow from it. */
typedef struct command {
  const char *name;       /* one word or more: "list", "plugin list" */
  const char *operands;   /* "METH [NODE]" */
  unsigned least, most;   /* operands; most 0xFFFF: any number */
  text_id summary, about; /* one line; a paragraph */
  option_id options[36];  /* its own, ended by OPT_COUNT */
  example examples[CLI_EXAMPLES];
  bool no_format; /* what it writes is not a table */
  int (*run)(struct cli *cli);
} command;

extern const option cli_options[OPT_COUNT];
extern const command cli_commands[];
extern const size_t cli_n_commands;
/* Options of every command, ended by OPT_COUNT. */
extern const option_id cli_global_options[];

/* Exit codes. */
enum {
  EXIT_DONE = 0,
  EXIT_NO = 1,
  EXIT_USAGE = 2,
  EXIT_DATA = 3,
  EXIT_BUG = 4
};

typedef struct scratch scratch;

/* One of the options that may be said several times. */
typedef struct repeated {
  option_id id;
  const char *value;
} repeated;

typedef struct cli {
  chiso_lang lang;
  chiso_format format;
  bool format_given;
  const command *command;
  const char *group; /* first words of a command's name, before the last */
  const char *value[OPT_COUNT]; /* NULL: not given; "" for a flag */
  const char **data;            /* values of --data */
  const char **operand;
  repeated *said; /* options of chiso whatif, in their order */
  size_t n_data, n_operands, n_said;
  chiso_error err;
  chiso_places places;
  bool have_places, no_memory;
  bool point; /* decimals with a point in any language */
  chiso_store *store;
  chiso_methodology *read[CHISO_MAX_CHAIN]; /* by cli_methodology() */
  chiso_variant *variant;
  const char *mark; /* of the internal sets that the output rests on */
  chiso_run *run;
  chiso_round *round;          /* of a round file */
  const chiso_group *group_at; /* whose run it is */
  bool more;                   /* groups follow */
  const char *pages;           /* tables of the groups so far */
  chiso_import *import;
  chiso_composite *composite;
  chiso_sheets *sheets;
  scratch *memory; /* freed at the end */
} cli;

/* ---- text.c -------------------------------------------------------------- */

const char *cli_text(const cli *c, text_id id);
/* Memory that lives as long as the command. On a failure NULL or "", and
 * c->no_memory is set: main() then ends with 4. */
void *cli_alloc(cli *c, size_t size);
void cli_free(cli *c);
const char *cli_copy(cli *c, const char *text, size_t size);
/* A text of text.def with its arguments put in. */
const char *cli_say(cli *c, text_id id, ...);
const char *cli_print(cli *c, const char *format, ...) CHISO_PRINTF(2, 3);
/* `text`, with `more` after `between` when text is not empty. */
const char *cli_join(cli *c, const char *text, const char *between,
                     const char *more);
/* The mark of decimals. */
char cli_mark(const cli *c);
/* Shortest text of a decimal in the language, and with fixed digits. */
const char *cli_dec(cli *c, chiso_dec value);
const char *cli_dec_digits(cli *c, chiso_dec value, unsigned digits);
/* raw / 10^digits */
const char *cli_raw(cli *c, int64_t raw, unsigned digits);
const char *cli_date(cli *c, chiso_date date);
/* The Vietnamese or the English one; the other where it is absent. */
const char *cli_pick(const cli *c, const char *vi, const char *en);
/* "a|b" names nearest to `word`, or NULL. */
const char *cli_nearest(const char *word, const char *const *names,
                        size_t count);

/* ---- args.c -------------------------------------------------------------- */

/* Reads the command line into *c; on EXIT_USAGE a message was printed. */
int cli_parse(cli *c, int argc, char **argv);
const command *cli_command(const char *name);
/* Whether a command, or any, goes on after these words, and how: "list, trust
 * add" after "plugin". */
bool cli_in_group(const command *cmd, const char *words);
bool cli_is_group(const char *words);
const char *cli_group(cli *c, const char *words);
bool cli_takes(const command *cmd, option_id id);
/* An option that is whole seconds, 1..most; 0 when it is not given. */
int cli_seconds(cli *c, option_id id, unsigned most, unsigned *out);
/* The number of --top; 0 when it is not given. */
int cli_top(cli *c, size_t *top);
/* An option that is a whole number, least..most; `preset` when it is not
 * given. */
int cli_whole(cli *c, option_id id, uint64_t least, uint64_t most,
              uint64_t preset, uint64_t *out);

/* ---- report.c: what goes to stderr --------------------------------------- */

int cli_exit(chiso_status status);
/* Prints c->err and gives the exit code of a status. */
int cli_fail(cli *c, chiso_status status);
/* Prints "chiso: text" and gives EXIT_USAGE. */
int cli_usage(cli *c, text_id id, ...);
/* Prints a notice. */
void cli_notice(const cli *c, const char *text);
void cli_remarks(cli *c, const chiso_run *run);
void cli_round_faults(cli *c, const chiso_round *round);
void cli_import_remarks(cli *c, const chiso_import *import);
void cli_composite_remarks(cli *c, const chiso_composite *composite);
/* Says so when `name`, an id alone, stands for a newer edition than the one
 * that was taken, and the newer is refused. `year` 0: of any round. */
void cli_passed_over(cli *c, const char *name, const chiso_methodology *m,
                     uint16_t year);
/* Those of c->variant. */
void cli_variant_faults(cli *c);
/* All that are kept: each goes back to another office. */
void cli_known_remarks(cli *c, const chiso_sheet_known *known);
void cli_sheets_remarks(cli *c, const chiso_sheets *sheets);
void cli_progress_begin(void);
void cli_progress_end(void);

/* ---- sheet.c: a table whose first failure stays -------------------------- */

typedef struct sheet {
  cli *c;
  chiso_table *table;
  chiso_status status;
} sheet;

sheet sheet_new(cli *c);
void sheet_title(sheet *s, const char *text);
void sheet_note(sheet *s, const char *text);
/* A column; its title is a text of text.def. */
void sheet_column(sheet *s, const char *key, text_id title,
                  chiso_cell_type type, unsigned digits);
void sheet_column_named(sheet *s, const char *key, const char *title,
                        chiso_cell_type type, unsigned digits);
void sheet_text(sheet *s, const char *text);
void sheet_flag(sheet *s, bool flag); /* yes or no; else TRUE or FALSE */
void sheet_dec(sheet *s, chiso_dec value);
void sheet_integer(sheet *s, int64_t value);
void sheet_real(sheet *s, double value);
void sheet_free(sheet *s);
/* Width of a line that the sheet would have, in characters. */
size_t sheet_width(sheet *s);
/* Writes it where --out says, frees it, and gives the exit code. */
int sheet_write(sheet *s);
/* Columns of the terminal that stdout is, else 0. */
unsigned cli_width(const cli *c);
bool cli_people(const cli *c); /* --format table */
int cli_write(cli *c, const char *bytes, size_t size);

/* ---- load.c -------------------------------------------------------------- */

/* Where plugins and data are; the store itself is not opened. */
int cli_find_places(cli *c);
int cli_open_store(cli *c);
/* "id/edition", "id", or the path of an index.json or an overlay; each has its
 * own `place` below CHISO_MAX_CHAIN. */
int cli_methodology(cli *c, const char *name, unsigned place,
                    const chiso_methodology **out);
/* Remembers that the output rests on `m`: an internal set marks it. */
void cli_rests_on(cli *c, const chiso_methodology *m);
/* The overlays that the operands name, as c->variant. */
int cli_variant(cli *c);
/* These overlays, with the store open. */
int cli_overlays(cli *c, const char *const *paths, size_t count);
/* The run that --data, --round, --units, --stage, --published ask for. */
int cli_run(cli *c);
/* The same at a stage, or of the group c->group_at; NULL: final. Faults are
 * told, notices are not. The caller frees *out. */
int cli_run_stage(cli *c, const char *stage, chiso_run **out);
/* ---- rounds.c ------------------------------------------------------------ */

/* Reads the round file that the first operand names, as c->round. */
int cli_round(cli *c);
/* The same, or a plain round of the methodology that the operand names, with
 * --units and --round. */
int cli_any_round(cli *c);
/* Its groups, or the one that --group names, as a range of places. */
int cli_groups(cli *c, size_t *first, size_t *end);
/* For the run of a methodology, or of each group of a round, one after
 * another. */
typedef int cli_each(cli *c, void *data, bool first, bool last);
int cli_runs(cli *c, cli_each *each, void *data);
/* Digits of the table of c->run: where machines read the groups of a round in
 * one, those of the finest. */
unsigned cli_table_digits(const cli *c);
/* Refuses several groups where machines read one table with the columns of
 * one methodology. */
int cli_one_group(cli *c);
/* The run of the group that a unit is in. */
int cli_run_of_unit(cli *c, const char *unit);
/* What the methodology of the run was asked for by. */
const char *cli_run_path(const cli *c);
/* Title of a run: methodology and round. */
const char *cli_run_title(cli *c);
/* Notes on the files, other indices and provenance of a run. `node` is the
 * node shown, `scored` the unit or SIZE_MAX for all. */
void cli_run_notes(sheet *s, uint32_t node, size_t scored);
const char *cli_unit_name(const cli *c, const chiso_unit *unit);
const chiso_unit *cli_scored_unit(const cli *c, size_t scored);
/* The unit of a set that a text names, else a usage error that names the
 * nearest. */
int cli_unit(cli *c, const chiso_units *units, const char *name, size_t *unit);
/* The scored unit of c->run that a text names, else a usage error that names
 * the nearest. */
int cli_scored(cli *c, const char *name, size_t *scored);
/* The node with an id, else a usage error that names the nearest. */
int cli_node(cli *c, const chiso_methodology *m, const char *id,
             uint32_t *node);
const char *cli_provenance_note(cli *c, unsigned provenance);

/* ---- standing.c: who has points at a node, and what others lack ---------- */

typedef struct standing {
  cli *c;
  const chiso_methodology *m;
  const chiso_index *index;
  const chiso_scores *scores;
  uint32_t by; /* the node */
  size_t n;    /* scored units */
} standing;

typedef void (*part_visit)(const standing *at, void *data, uint32_t part,
                           const chiso_part *of);

standing standing_at(cli *c, uint32_t node);
chiso_state standing_state(const standing *at, uint32_t node, size_t scored);
bool standing_points(const standing *at, uint32_t node, size_t scored);
/* Nothing at all is known of the unit. */
bool standing_empty(const standing *at, size_t scored);
/* Whether the unit has points on a part of a partition. */
bool standing_part(const standing *at, uint32_t part, size_t scored);
/* Visits the parts that have columns: in what people read, those of partitions
 * with points; otherwise all. `scored` narrows it to one unit's partitions. */
void standing_parts(const standing *at, size_t scored, part_visit visit,
                    void *data);
/* What keeps a unit from points at the node, "" when nothing does: missing
 * parts where points came by parts, else missing nodes. */
const char *standing_lacks(const standing *at, size_t scored);
/* Points that the unit has below the node while the total is incomplete, and
 * the maximum of those; false where points of parts do not add up. */
bool standing_so_far(const standing *at, size_t scored, chiso_dec *points,
                     chiso_dec *max);
/* Which approximate rules points of the node rest on, "" when none;
 * `scored` is SIZE_MAX for all units. */
const char *standing_approximate(const standing *at, size_t scored);
/* Adds the name of the unit that has `count` before it in a list of names. */
void standing_name(const standing *at, size_t scored, size_t count,
                   const char **names);
/* A note for each unit with some data but no points. */
void standing_notes(const standing *at, sheet *s);

/* ---- crossing.c: how editions relate --------------------------------------
 */

/* What of a row is not in its other columns: further changes, and both sides
 * of a rule, an assessor, a policy. */
const char *cli_change_detail(cli *c, const chiso_methodology *before,
                              const chiso_methodology *after,
                              const chiso_change *change);
/* The title or, outside tables for people, the key. NULL for a row that has
 * none. */
const char *cli_carry(const cli *c, chiso_carry carry);
/* "of the 100 points of 2020, 74.5 as they are, …" */
const char *cli_coverage(cli *c, const chiso_methodology *before,
                         const chiso_methodology *after,
                         const chiso_coverage *coverage);

/* The node of another edition with the same idea: by concept, else by id;
 * CHISO_NO_NODE: it has none. */
uint32_t cli_same_node(const chiso_methodology *m, const chiso_node *node);
/* What CHISO_BREAK_* bits say, in words or, where machines read, keys; NULL: no
 * break. */
const char *cli_break_words(cli *c, unsigned bits);

/* ---- bridging.c: figures over the units that merged ---------------------- */

/* What --weights, --changes and `to`, "SET[=FILE]" or NULL, ask for. */
chiso_bridge_options cli_bridge_options(cli *c, const char *to);
/* The rule of its weighted mean, in words; NULL without weights. */
const char *cli_bridge_rule(cli *c, const chiso_bridge *bridge);

/* ---- composing.c: composite indices -------------------------------------- */

#define CLI_REAL_DIGITS 3 /* after the mark, where people read */

/* From --data and --meta, or of the methodology that an operand names, as
 * c->composite. */
int cli_composite_open(cli *c);
/* What a simulation draws from: points of the units' own, --errors. */
int cli_composite_draw_from(cli *c);
/* Screening to treatment, then normalisation to aggregation, as the options
 * say. */
chiso_status cli_composite_change(cli *c);
chiso_status cli_composite_compute(cli *c);
/* The columns that say which row it is, and a column for a code. */
void sheet_row_columns(sheet *s);
void sheet_row_cells(sheet *s, size_t row);
void sheet_code_column(sheet *s, size_t code, chiso_cell_type type);
/* The tables of weights, and of what rows have. */
int cli_composite_weights(cli *c);
int cli_composite_availability(cli *c);

/* ---- words.c: how a methodology reads ------------------------------------ */

const char *cli_rule(cli *c, const chiso_methodology *m, uint32_t node);
/* A rule under the name of its op, where the rule does not say it. */
const char *cli_named_rule(cli *c, const chiso_node *node, const char *rule);
/* What an input is counted in: an INDEX leaf takes points or percent. */
unsigned cli_input_unit(const chiso_node *node, const chiso_input *input);
/* Rounding, policies and approximation of a node. */
const char *cli_rule_details(cli *c, const chiso_methodology *m, uint32_t node);
/* When a branch counts. */
const char *cli_branch_condition(cli *c, const chiso_methodology *m,
                                 uint32_t node);
const char *cli_law(cli *c, const chiso_index *index, const chiso_node *node);
const char *cli_rounds(cli *c, uint16_t first, uint16_t last);
/* "8 areas": a count of nodes of a kind. */
const char *cli_count(cli *c, unsigned kind, uint32_t count);
/* A manifest's "8 area, 43 criterion" or "published 3" as people read it. */
const char *cli_counts_text(cli *c, const char *text);
const char *cli_provenance_text(cli *c, const char *text);
const char *cli_marks(cli *c, const chiso_node *node);
/* "Good > 80; Fair >= 65; the rest"; bounds of equal shares are the run's, when
 * there is one. */
const char *cli_grades(cli *c, const chiso_grading *grading,
                       const chiso_run *run);
/* All gradings, parts of the total, deadlines of a set; "" without any. */
const char *cli_gradings(cli *c, const chiso_index *index);
const char *cli_partitions(cli *c, const chiso_index *index);
const char *cli_deadlines(cli *c, const chiso_index *index);
const char *cli_title(const cli *c, const chiso_node *node);
bool cli_is_leaf(const chiso_methodology *m, uint32_t node);
unsigned cli_depth(const chiso_methodology *m, uint32_t node);
/* Digits that the points of a node are shown with. */
unsigned cli_digits(const chiso_index *index, const chiso_node *node);

/* ---- plugins.c: plugins as the commands speak of them -------------------- */

/* The place in the store of a plugin by its id, of those with one id the first,
 * or of a manifest by its path, whose folder is then the only one. */
int cli_find_plugin(cli *c, const char *operand, size_t *place);
/* A path without "NAME/..", where leaving both out leads to the same folder. */
const char *cli_plain_path(cli *c, const char *path);
/* An error in one line, its path plain. */
const char *cli_error_text(cli *c, const chiso_error *err);
/* Why it is loaded, isolated, shadowed or refused; and what would change that,
 * "" when nothing needs to. */
const char *cli_plugin_why(cli *c, const chiso_plugin_listing *p);
const char *cli_plugin_cure(cli *c, const chiso_plugin_listing *p);
const char *cli_verdict(const cli *c, chiso_verdict verdict);

/* ---- commands ------------------------------------------------------------ */

int cmd_list(cli *c);
int cmd_show(cli *c);
int cmd_template(cli *c);
int cmd_score(cli *c);
int cmd_rank(cli *c);
int cmd_round_show(cli *c);
int cmd_compose(cli *c);
int cmd_audit(cli *c);
int cmd_uncertainty(cli *c);
int cmd_whatif(cli *c);
int cmd_sensitivity(cli *c);
int cmd_path(cli *c);
int cmd_sheet_make(cli *c);
int cmd_explain(cli *c);
int cmd_stages(cli *c);
int cmd_diff(cli *c);
int cmd_crosswalk(cli *c);
int cmd_compare(cli *c);
int cmd_history(cli *c);
int cmd_bridge(cli *c);
int diff_show(cli *c, const chiso_methodology *before,
              const chiso_methodology *after); /* the table of diff */
int cmd_variant_show(cli *c);
int cmd_variant_check(cli *c);
int cmd_variant_diff(cli *c);
int cmd_variant_flatten(cli *c);
int cmd_variant_rebase(cli *c);
int cmd_build(cli *c);
int cmd_fmt(cli *c);
int cmd_check(cli *c);
int cmd_new(cli *c);
int cmd_plugin_list(cli *c);
int cmd_plugin_verify(cli *c);
int cmd_trust_add(cli *c);
int cmd_trust_list(cli *c);
int cmd_trust_revoke(cli *c);
int cmd_index_import(cli *c);
int cmd_index_export(cli *c);
int cmd_sheet_read(cli *c);
int cmd_sheet_summary(cli *c);
int cmd_help(cli *c);
int help_command(cli *c, const command *cmd);
int help_all(cli *c, const char *group); /* NULL: every command */
int score_against(cli *c);               /* score --against */

#endif
