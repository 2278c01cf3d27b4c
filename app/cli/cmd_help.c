/* SPDX-License-Identifier: Apache-2.0
 * chiso help: help, man pages and completion, all from the same tables. */
#include "cli.h"

#include <string.h>

/* ---- text that is collected before it is written ------------------------- */

typedef struct page {
  cli *c;
  const char **pieces;
  size_t n, capacity;
} page;

static void add(page *p, const char *text) {
  if (p->n == p->capacity) {
    size_t capacity = p->capacity ? p->capacity * 2 : 64;
    const char **pieces = cli_alloc(p->c, capacity * sizeof(*pieces));
    if (!pieces)
      return;
    if (p->n > 0)
      memcpy(pieces, p->pieces, p->n * sizeof(*pieces));
    p->pieces = pieces;
    p->capacity = capacity;
  }
  p->pieces[p->n++] = text;
}

static int write_page(page *p) {
  size_t size = 0, at = 0;
  for (size_t i = 0; i < p->n; i++)
    size += strlen(p->pieces[i]);
  char *text = cli_alloc(p->c, size + 1);
  if (!text)
    return EXIT_BUG;
  for (size_t i = 0; i < p->n; i++) {
    size_t n = strlen(p->pieces[i]);
    memcpy(text + at, p->pieces[i], n);
    at += n;
  }
  return cli_write(p->c, text, size);
}

/* Adds a text wrapped at 78 characters, each line indented. */
static void add_wrapped(page *p, const char *text, size_t indent) {
  while (*text != '\0') {
    size_t n = 0, columns = indent, blank = 0;
    for (; text[n] != '\0' && columns < 78; n++) {
      if (text[n] == ' ')
        blank = n;
      columns += ((unsigned char)text[n] & 0xC0u) != 0x80u;
    }
    if (text[n] != '\0' && blank > 0)
      n = blank;
    add(p, cli_print(p->c, "%*s%.*s\n", (int)indent, "", (int)n, text));
    text += n;
    while (*text == ' ')
      text++;
  }
}

/* ---- help ---------------------------------------------------------------- */

static const char *option_text(cli *c, option_id id) {
  const option *o = &cli_options[id];
  if (!o->value)
    return cli_print(c, "--%s", o->name);
  return cli_print(c, "--%s %s", o->name, o->choices ? o->choices : o->value);
}

static void add_options(page *p, const option_id *ids, const command *cmd) {
  for (; *ids != OPT_COUNT; ids++) {
    if (!cli_takes(cmd, *ids))
      continue;
    const char *name = option_text(p->c, *ids);
    add(p, cli_print(p->c, "  %s\n", name));
    add_wrapped(p, cli_text(p->c, cli_options[*ids].help), 6);
  }
}

int help_command(cli *c, const command *cmd) {
  page p = { .c = c };
  add(&p,
      cli_print(c, "chiso %s - %s\n\n", cmd->name, cli_text(c, cmd->summary)));
  add(&p, cli_say(c, TXT_USAGE, cmd->name, cmd->operands));
  add(&p, "\n\n");
  add_wrapped(&p, cli_text(c, cmd->about), 0);
  if (cmd->options[0] != OPT_COUNT) {
    add(&p, cli_print(c, "\n%s\n", cli_text(c, TXT_OPTIONS)));
    add_options(&p, cmd->options, cmd);
  }
  add(&p, cli_print(c, "\n%s\n", cli_text(c, TXT_GLOBAL_OPTIONS)));
  add_options(&p, cli_global_options, cmd);
  add(&p, cli_print(c, "\n%s\n", cli_text(c, TXT_EXAMPLES)));
  for (size_t i = 0; i < CLI_EXAMPLES && cmd->examples[i].command; i++) {
    add(&p, cli_print(c, "  $ %s\n", cmd->examples[i].command));
    add_wrapped(&p, cli_text(c, cmd->examples[i].what), 6);
  }
  return write_page(&p);
}

static size_t longest_name(void) {
  size_t longest = 0;
  for (size_t i = 0; i < cli_n_commands; i++)
    if (strlen(cli_commands[i].name) > longest)
      longest = strlen(cli_commands[i].name);
  return longest;
}

int help_all(cli *c, const char *group) {
  page p = { .c = c };
  add(&p, cli_print(c, "chiso %s - %s\n\n%s\n\n", CHISO_VERSION,
                    cli_text(c, TXT_CHISO), cli_text(c, TXT_USAGE_ALL)));
  for (size_t i = 0; i < cli_n_commands; i++)
    if (!group || cli_in_group(&cli_commands[i], group))
      add(&p, cli_print(c, "  %-*s  %s\n", (int)longest_name(),
                        cli_commands[i].name,
                        cli_text(c, cli_commands[i].summary)));
  add(&p, cli_print(c, "\n%s\n", cli_text(c, TXT_GLOBAL_OPTIONS)));
  add_options(&p, cli_global_options, NULL);
  add(&p, cli_print(c, "\n%s\n\n%s\n", cli_text(c, TXT_EXIT_CODES),
                    cli_text(c, TXT_MORE_HELP)));
  return write_page(&p);
}

/* ---- man pages ----------------------------------------------------------- */

/* Text for roff: '\' and '-' are escaped, and no line begins with a control
 * character. */
static void add_roff(page *p, const char *text) {
  cli *c = p->c;
  size_t size = strlen(text), at = 0;
  char *out = cli_alloc(c, size * 2 + 3);
  if (!out)
    return;
  if (text[0] == '.' || text[0] == '\'') {
    out[at++] = '\\';
    out[at++] = '&';
  }
  for (size_t i = 0; i < size; i++) {
    if (text[i] == '\\' || text[i] == '-')
      out[at++] = '\\';
    out[at++] = text[i];
  }
  add(p, out);
}

static void add_roff_line(page *p, const char *macro, const char *text) {
  add(p, macro);
  add_roff(p, text);
  add(p, "\n");
}

static void man_options(page *p, const option_id *ids, const command *cmd) {
  for (; *ids != OPT_COUNT; ids++) {
    if (!cli_takes(cmd, *ids))
      continue;
    const option *o = &cli_options[*ids];
    add(p, ".TP\n\\fB");
    add_roff(p, cli_print(p->c, "--%s", o->name));
    add(p, "\\fR");
    if (o->value) {
      add(p, " \\fI");
      add_roff(p, o->choices ? o->choices : o->value);
      add(p, "\\fR");
    }
    add(p, "\n");
    add_roff_line(p, "", cli_text(p->c, o->help));
  }
}

static void man_head(page *p, const char *name, const char *summary) {
  cli *c = p->c;
  add(p, ".\\\" made by chiso help --man\n");
  add(p, cli_print(c, ".TH %s 1 \"\" \"chiso %s\" \"chiso\"\n", name,
                   CHISO_VERSION));
  add(p, cli_print(c, ".SH \"%s\"\n", cli_text(c, TXT_MAN_NAME)));
  add_roff(p, name);
  add(p, " \\- ");
  add_roff(p, summary);
  add(p, cli_print(c, "\n.SH \"%s\"\n", cli_text(c, TXT_MAN_SYNOPSIS)));
}

static void man_tail(page *p) {
  cli *c = p->c;
  add(p, cli_print(c, ".SH \"%s\"\n", cli_text(c, TXT_MAN_EXIT)));
  static const text_id codes[] = { TXT_EXIT_0, TXT_EXIT_1, TXT_EXIT_2,
                                   TXT_EXIT_3, TXT_EXIT_4 };
  for (unsigned i = 0; i < 5; i++) {
    add(p, cli_print(c, ".TP\n%u\n", i));
    add_roff_line(p, "", cli_text(c, codes[i]));
  }
}

/* "chiso-plugin-list" */
static const char *page_name(cli *c, const command *cmd) {
  const char *name = cli_print(c, "chiso-%s", cmd->name);
  char *dashed = cli_alloc(c, strlen(name) + 1);
  if (!dashed)
    return "";
  for (size_t i = 0; name[i]; i++)
    dashed[i] = name[i];
  for (char *at = dashed; *at; at++)
    if (*at == ' ')
      *at = '-';
  return dashed;
}

static int man_command(cli *c, const command *cmd) {
  page p = { .c = c };
  man_head(&p, page_name(c, cmd), cli_text(c, cmd->summary));
  add(&p, cli_print(c, "\\fBchiso %s\\fR [\\fIoptions\\fR] ", cmd->name));
  add_roff(&p, cmd->operands);
  add(&p, cli_print(c, "\n.SH \"%s\"\n", cli_text(c, TXT_MAN_DESCRIPTION)));
  add_roff_line(&p, "", cli_text(c, cmd->about));
  add(&p, cli_print(c, ".SH \"%s\"\n", cli_text(c, TXT_MAN_OPTIONS)));
  man_options(&p, cmd->options, cmd);
  man_options(&p, cli_global_options, cmd);
  man_tail(&p);
  add(&p, cli_print(c, ".SH \"%s\"\n", cli_text(c, TXT_MAN_EXAMPLES)));
  for (size_t i = 0; i < CLI_EXAMPLES && cmd->examples[i].command; i++) {
    add(&p, ".PP\n");
    add_roff_line(&p, "", cli_text(c, cmd->examples[i].what));
    add(&p, ".PP\n.RS\n.nf\n");
    add_roff_line(&p, "", cmd->examples[i].command);
    add(&p, ".fi\n.RE\n");
  }
  add(&p,
      cli_print(c, ".SH \"%s\"\n\\fBchiso\\fR(1)\n", cli_text(c, TXT_MAN_SEE)));
  return write_page(&p);
}

static int man_all(cli *c) {
  page p = { .c = c };
  man_head(&p, "chiso", cli_text(c, TXT_CHISO));
  add(&p, "\\fBchiso\\fR \\fIcommand\\fR [\\fIoptions\\fR] ...\n");
  add(&p, cli_print(c, ".SH \"%s\"\n", cli_text(c, TXT_MAN_DESCRIPTION)));
  add_roff_line(&p, "", cli_text(c, TXT_CHISO_ABOUT));
  for (size_t i = 0; i < cli_n_commands; i++) {
    add(&p, ".TP\n\\fB");
    add_roff(&p, page_name(c, &cli_commands[i]));
    add(&p, "\\fR(1)\n");
    add_roff_line(&p, "", cli_text(c, cli_commands[i].summary));
  }
  add(&p, cli_print(c, ".SH \"%s\"\n", cli_text(c, TXT_MAN_OPTIONS)));
  man_options(&p, cli_global_options, NULL);
  man_tail(&p);
  add(&p, cli_print(c, ".SH \"%s\"\n", cli_text(c, TXT_MAN_ENVIRONMENT)));
  static const struct {
    const char *name;
    text_id what;
  } variables[] = { { "CHISO_LANG", TXT_ENV_LANG },
                    { "CHISO_PLUGIN_PATH", TXT_ENV_PLUGINS },
                    { "CHISO_SHARE_DIR", TXT_ENV_SHARE },
                    { "CHISO_INCLUDE_DIR", TXT_ENV_INCLUDE },
                    { "CHISO_TRUST_FILE", TXT_ENV_TRUST } };
  for (size_t i = 0; i < sizeof(variables) / sizeof(*variables); i++) {
    add(&p, cli_print(c, ".TP\n\\fB%s\\fR\n", variables[i].name));
    add_roff_line(&p, "", cli_text(c, variables[i].what));
  }
  return write_page(&p);
}

/* ---- completion ---------------------------------------------------------- */

static void bash_options(page *p, const command *cmd) {
  for (unsigned id = 0; id < OPT_COUNT; id++)
    if (cli_takes(cmd, (option_id)id))
      add(p, cli_print(p->c, " --%s", cli_options[id].name));
}

/* Words for a value: its choices, else files. */
static void bash_values(page *p) {
  for (unsigned id = 0; id < OPT_COUNT; id++) {
    const option *o = &cli_options[id];
    if (!o->choices)
      continue;
    char *words = cli_alloc(p->c, strlen(o->choices) + 1);
    if (!words)
      return;
    memcpy(words, o->choices, strlen(o->choices));
    for (char *at = words; *at != '\0'; at++)
      if (*at == '|')
        *at = ' ';
    add(p, cli_print(p->c, "    --%s) words=\"%s\" ;;\n", o->name, words));
  }
  add(p, "    --version) [[ $command == build ]] && return ;;\n");
}

/* The first `size` characters of a command's name, unless an earlier command
 * begins with the same words. */
static const char *first_with(cli *c, size_t place, size_t size) {
  const char *words = cli_copy(c, cli_commands[place].name, size);
  for (size_t i = 0; i < place; i++)
    if (cli_in_group(&cli_commands[i], words))
      return NULL;
  return words;
}

typedef void each_word(page *p, const char *words);

/* Every beginning of a longer name: "plugin", "plugin trust". */
static void each_group(page *p, each_word *take) {
  for (size_t i = 0; i < cli_n_commands; i++)
    for (const char *at = strchr(cli_commands[i].name, ' '); at;
         at = strchr(at + 1, ' ')) {
      const char *words =
          first_with(p->c, i, (size_t)(at - cli_commands[i].name));
      if (words)
        take(p, words);
    }
}

/* The words that may come after those of a group; of all commands for "". */
static void add_words_after(page *p, const char *group) {
  size_t skip = strlen(group);
  for (size_t i = 0; i < cli_n_commands; i++) {
    const char *name = cli_commands[i].name;
    if (skip > 0 && !cli_in_group(&cli_commands[i], group))
      continue;
    size_t from = skip > 0 ? skip + 1 : 0;
    size_t size = from + strcspn(name + from, " ");
    if (name[size] == ' ' && !first_with(p->c, i, size))
      continue;
    add(p, cli_print(p->c, " %.*s", (int)(size - from), name + from));
  }
}

static void bash_group_name(page *p, const char *words) {
  add(p, cli_print(p->c, "\"%s\"|", words));
}

static void bash_group(page *p, const char *words) {
  add(p, cli_print(p->c, "  \"%s\") words=\"", words));
  add_words_after(p, words);
  add(p, "\" ;;\n");
}

static void bash_command(page *p, const command *cmd) {
  add(p, cli_print(p->c, "  \"%s\")\n    words=\"", cmd->name));
  bash_options(p, cmd);
  if (strcmp(cmd->name, "help") == 0)
    add_words_after(p, "");
  add(p, "\"\n");
  if (strncmp(cmd->operands, "METH", 4) == 0)
    add(p, "    [[ $current != -* ]] && words+=\" $(chiso list --format "
           "csv 2>/dev/null |\n"
           "      sed -n '2,$s/,.*//p')\"\n");
  add(p, "    ;;\n");
}

static int bash_completion(cli *c) {
  page p = { .c = c };
  add(&p, "# bash completion for chiso; made by chiso help --bash\n"
          "_chiso() {\n"
          "  local current=${COMP_WORDS[COMP_CWORD]}\n"
          "  local previous=${COMP_WORDS[COMP_CWORD-1]}\n"
          "  local command=\"\" words=\"\" i\n"
          "  for ((i = 1; i < COMP_CWORD; i++)); do\n"
          "    case ${COMP_WORDS[i]} in\n"
          "    --format|--lang|--out) ((i++)) ;;\n"
          "    -*) ;;\n"
          "    *) command+=${command:+ }${COMP_WORDS[i]}\n"
          "      case $command in ");
  each_group(&p, bash_group_name);
  add(&p, "\"\") ;; *) break ;; esac ;;\n"
          "    esac\n"
          "  done\n"
          "  case $previous in\n");
  bash_values(&p);
  add(&p, "  esac\n"
          "  [[ -z $words ]] && case $command in\n"
          "  \"\") words=\"");
  add_words_after(&p, "");
  bash_options(&p, NULL);
  add(&p, "\" ;;\n");
  each_group(&p, bash_group);
  for (size_t i = 0; i < cli_n_commands; i++)
    bash_command(&p, &cli_commands[i]);
  add(&p, "  esac\n"
          "  COMPREPLY=($(compgen -W \"$words\" -- \"$current\"))\n"
          "}\n"
          "complete -o default -F _chiso chiso\n");
  return write_page(&p);
}

int cmd_help(cli *c) {
  const command *cmd = NULL;
  if (c->value[OPT_BASH])
    return bash_completion(c);
  const char *name = "";
  for (size_t i = 0; i < c->n_operands; i++)
    name = cli_join(c, name, " ", c->operand[i]);
  bool group = name[0] != '\0' && cli_is_group(name);
  if (name[0] != '\0' && !group) {
    cmd = cli_command(name);
    if (!cmd)
      return cli_usage(c, TXT_ERR_COMMAND, name);
  }
  if (c->value[OPT_MAN])
    return cmd ? man_command(c, cmd) : man_all(c);
  return cmd ? help_command(c, cmd) : help_all(c, group ? name : NULL);
}
