/* SPDX-License-Identifier: Apache-2.0
 * The command line, read by the tables of commands.c. */
#include "cli.h"

#include <stdlib.h>
#include <string.h>

const command *cli_command(const char *name) {
  for (size_t i = 0; i < cli_n_commands; i++)
    if (strcmp(cli_commands[i].name, name) == 0)
      return &cli_commands[i];
  return NULL;
}

static bool listed(const option_id *ids, option_id id) {
  for (; *ids != OPT_COUNT; ids++)
    if (*ids == id)
      return true;
  return false;
}

bool cli_takes(const command *cmd, option_id id) {
  if (cmd && listed(cmd->options, id))
    return true;
  if (!listed(cli_global_options, id))
    return false;
  if (!cmd)
    return true;
  if (cmd->no_format && (id == OPT_FORMAT || id == OPT_EXACT))
    return false;
  for (const option_id *own = cmd->options; *own != OPT_COUNT; own++)
    if (strcmp(cli_options[*own].name, cli_options[id].name) == 0)
      return false; /* hidden */
  return true;
}

static option_id find(const command *cmd, const char *name, size_t size) {
  for (unsigned id = 0; id < OPT_COUNT; id++) {
    const char *known = cli_options[id].name;
    if (strlen(known) == size && memcmp(known, name, size) == 0 &&
        cli_takes(cmd, (option_id)id))
      return (option_id)id;
  }
  return OPT_COUNT;
}

/* `word` begins with its dashes. */
static int unknown_option(cli *c, const char *word) {
  const char *names[OPT_COUNT];
  size_t count = 0;
  const char *whole = cli_copy(c, word, strcspn(word, "="));
  for (unsigned id = 0; id < OPT_COUNT; id++)
    if (cli_takes(c->command, (option_id)id))
      names[count++] = cli_options[id].name;
  const char *nearest = cli_nearest(whole + strspn(whole, "-"), names, count);
  if (nearest)
    return cli_usage(c, TXT_ERR_OPTION_NEAR, whole, nearest);
  if (c->command)
    return cli_usage(c, TXT_ERR_OPTION, whole, c->command->name);
  return cli_usage(c, TXT_ERR_OPTION_GLOBAL, whole);
}

static bool chosen(const char *choices, const char *value) {
  size_t size = strlen(value);
  while (choices[0] != '\0') {
    size_t n = strcspn(choices, "|");
    if (n == size && memcmp(choices, value, n) == 0)
      return true;
    choices += n + (choices[n] == '|');
  }
  return false;
}

static int set(cli *c, option_id id, const char *value) {
  const option *o = &cli_options[id];
  if (o->choices && !chosen(o->choices, value))
    return cli_usage(c, TXT_ERR_CHOICE, o->name, value, o->choices);
  if (id == OPT_DATA || id == OPT_KNOWN) {
    c->data[c->n_data++] = value;
  } else if (id == OPT_SET || id == OPT_GIVE || id == OPT_WHATIF_CHANGES ||
             id == OPT_WEIGHT || id == OPT_THEN) {
    c->said[c->n_said++] = (repeated) { id, value };
  } else if (o->value && c->value[id]) {
    return cli_usage(c, TXT_ERR_TWICE, o->name);
  }
  c->value[id] = value;
  return EXIT_DONE;
}

/* One option at argv[*at]; moves *at over a value that stands apart. */
static int read_option(cli *c, int argc, char **argv, int *at) {
  const char *name = argv[*at] + 2;
  const char *equals = strchr(name, '=');
  size_t size = equals ? (size_t)(equals - name) : strlen(name);
  option_id id = find(c->command, name, size);
  if (id == OPT_COUNT)
    return unknown_option(c, argv[*at]);
  const option *o = &cli_options[id];
  if (!o->value) {
    if (equals)
      return cli_usage(c, TXT_ERR_NO_VALUE, o->name);
    return set(c, id, "");
  }
  if (!equals && *at + 1 >= argc)
    return cli_usage(c, TXT_ERR_VALUE, o->name,
                     o->choices ? o->choices : o->value);
  const char *value = equals ? equals + 1 : argv[++*at];
  if (value[0] == '\0')
    return cli_usage(c, TXT_ERR_VALUE, o->name,
                     o->choices ? o->choices : o->value);
  return set(c, id, value);
}

/* Whether a command's name goes on after `words`: "plugin" of "plugin list". */
bool cli_in_group(const command *cmd, const char *words) {
  size_t size = strlen(words);
  return strncmp(cmd->name, words, size) == 0 && cmd->name[size] == ' ';
}

bool cli_is_group(const char *words) {
  for (size_t i = 0; i < cli_n_commands; i++)
    if (cli_in_group(&cli_commands[i], words))
      return true;
  return false;
}

/* "list, trust add": the words that may follow those of a group. */
const char *cli_group(cli *c, const char *words) {
  const char *list = "";
  for (size_t i = 0; i < cli_n_commands; i++)
    if (cli_in_group(&cli_commands[i], words))
      list = cli_join(c, list, ", ", cli_commands[i].name + strlen(words) + 1);
  return list;
}

static int unknown_command(cli *c, const char *name) {
  const char **names = cli_alloc(c, 2 * cli_n_commands * sizeof(*names));
  size_t count = 0;
  for (size_t i = 0; names && i < cli_n_commands; i++) {
    const char *whole = cli_commands[i].name;
    names[count++] = whole;
    names[count++] = cli_copy(c, whole, strcspn(whole, " "));
  }
  const char *nearest = names ? cli_nearest(name, names, count) : NULL;
  if (nearest)
    return cli_usage(c, TXT_ERR_COMMAND_NEAR, name, nearest);
  if (c->group)
    return cli_usage(c, TXT_ERR_GROUP, name, c->group, cli_group(c, c->group));
  return cli_usage(c, TXT_ERR_COMMAND, name);
}

/* One word of the command's name: some commands have two or three. */
static int read_command(cli *c, const char *word) {
  const char *name = c->group ? cli_print(c, "%s %s", c->group, word) : word;
  c->command = cli_command(name);
  if (c->command)
    return EXIT_DONE;
  if (!cli_is_group(name))
    return unknown_command(c, name);
  c->group = name;
  return EXIT_DONE;
}

/* The language is needed before the first message. */
static void read_lang(cli *c, int argc, char **argv) {
  const char *lang = getenv("CHISO_LANG");
  for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
    if (strncmp(argv[i], "--lang=", 7) == 0)
      lang = argv[i] + 7;
    else if (strcmp(argv[i], "--lang") == 0 && i + 1 < argc)
      lang = argv[++i];
  }
  bool vi = lang && strncmp(lang, "vi", 2) == 0;
  c->lang = vi ? CHISO_LANG_VI : CHISO_LANG_EN;
  c->err.lang = c->lang;
}

static int read_words(cli *c, int argc, char **argv) {
  bool options = true;
  for (int i = 1; i < argc; i++) {
    const char *word = argv[i];
    int code = EXIT_DONE;
    if (options && strcmp(word, "--") == 0)
      options = false;
    else if (options && strcmp(word, "-h") == 0)
      c->value[OPT_HELP] = "";
    else if (options && strncmp(word, "--", 2) == 0)
      code = read_option(c, argc, argv, &i);
    else if (options && word[0] == '-' && word[1] != '\0')
      code = unknown_option(c, word);
    else if (!c->command)
      code = read_command(c, word);
    else
      c->operand[c->n_operands++] = word;
    if (code != EXIT_DONE)
      return code;
  }
  return EXIT_DONE;
}

static bool ends_with(const char *text, const char *end) {
  size_t n = strlen(text), m = strlen(end);
  return n >= m && strcmp(text + n - m, end) == 0;
}

/* --format, else what the name of --out says. */
static void settle_format(cli *c) {
  static const char *const keys[] = { "table", "csv", "json", "xlsx" };
  static const char *const ends[] = { ".txt", ".csv", ".json", ".xlsx" };
  const char *format = c->value[OPT_FORMAT], *out = c->value[OPT_OUT];
  for (int i = 0; i < 4; i++) {
    if (format ? strcmp(format, keys[i]) == 0
               : out && ends_with(out, ends[i])) {
      c->format = (chiso_format)i;
      c->format_given = true;
    }
  }
}

int cli_parse(cli *c, int argc, char **argv) {
  size_t words = argc > 0 ? (size_t)argc : 1;
  read_lang(c, argc, argv);
  c->data = cli_alloc(c, words * sizeof(*c->data));
  c->operand = cli_alloc(c, words * sizeof(*c->operand));
  c->said = cli_alloc(c, words * sizeof(*c->said));
  if (!c->data || !c->operand || !c->said)
    return EXIT_BUG;
  int code = read_words(c, argc, argv);
  if (code != EXIT_DONE || c->value[OPT_HELP] || c->value[OPT_VERSION])
    return code;
  settle_format(c);
  if (!c->command && c->group)
    return cli_usage(c, TXT_ERR_GROUP_ALONE, c->group, cli_group(c, c->group));
  if (!c->command)
    return EXIT_DONE;
  if (c->n_operands < c->command->least)
    return cli_usage(c, TXT_ERR_FEW, c->command->name, c->command->operands);
  if (c->n_operands > c->command->most)
    return cli_usage(c, TXT_ERR_MANY, c->operand[c->command->most],
                     c->command->name, c->command->operands[0] ? " " : "",
                     c->command->operands);
  return EXIT_DONE;
}

int cli_seconds(cli *c, option_id id, unsigned most, unsigned *out) {
  const char *text = c->value[id], *at = text;
  *out = 0;
  for (; at && *at >= '0' && *at <= '9' && *out <= most; at++)
    *out = *out * 10 + (unsigned)(*at - '0');
  if (!at || (*at == '\0' && *out > 0 && *out <= most))
    return EXIT_DONE;
  return cli_usage(c, TXT_ERR_SECONDS, text, most);
}

int cli_top(cli *c, size_t *top) {
  const char *text = c->value[OPT_TOP];
  *top = 0;
  if (!text)
    return EXIT_DONE;
  for (const char *p = text; *p != '\0'; p++) {
    if (*p < '0' || *p > '9' || *top > 100000)
      return cli_usage(c, TXT_ERR_TOP, text);
    *top = *top * 10 + (size_t)(*p - '0');
  }
  return *top > 0 ? EXIT_DONE : cli_usage(c, TXT_ERR_TOP, text);
}

int cli_whole(cli *c, option_id id, uint64_t least, uint64_t most,
              uint64_t preset, uint64_t *out) {
  const char *text = c->value[id], *at = text;
  uint64_t value = 0;
  bool fits = true;
  *out = preset;
  if (!text)
    return EXIT_DONE;
  for (; *at >= '0' && *at <= '9'; at++) {
    uint64_t digit = (uint64_t)(*at - '0');
    fits = fits && value <= (UINT64_MAX - digit) / 10;
    value = value * 10 + digit;
  }
  *out = value;
  if (*at == '\0' && fits && value >= least && value <= most)
    return EXIT_DONE;
  return cli_usage(c, TXT_ERR_WHOLE, cli_options[id].name, text,
                   (unsigned long long)least, (unsigned long long)most);
}
