/* SPDX-License-Identifier: Apache-2.0
 * The tables of the code as JSON, for reference.py: which members a node has
 * under which op, what they are when left out, and the inputs of each op. */
#include <stdio.h>

#include "base/buffer.h"
#include "base/json.h"
#include "model/model.h"

static chiso__buffer out;

static void pair(const char *before, const char *key, const char *value) {
  chiso__buffer_text(&out, before);
  chiso__json_quote(&out, key);
  chiso__buffer_text(&out, ": ");
  if (value)
    chiso__json_quote(&out, value);
  else
    chiso__buffer_text(&out, "null");
}

/* What a member is when a file leaves it out: the word or number that reading
 * puts there; NULL when that is nothing. */
static const char *standard(const chiso__field *f, char text[CHISO_DEC_TEXT]) {
  chiso_dec_style style = { '.', CHISO_DEC_DIGITS, false };
  if (f->required)
    return NULL;
  if (f->type == CHISO__FIELD_KEY)
    return chiso_key(f->family, 0);
  if (f->type != CHISO__FIELD_DEC || f->standard == CHISO_NONE)
    return NULL;
  chiso_dec_format(f->standard, style, text);
  return text;
}

static void print_fields(void) {
  chiso__buffer_text(&out, "{\n\"fields\": [");
  for (size_t i = 0; i < chiso__n_node_fields; i++) {
    const chiso__field *f = &chiso__node_fields[i];
    char text[CHISO_DEC_TEXT];
    const char *before = "";
    pair(i ? ",\n{" : "\n{", "name", f->name);
    pair(", ", "default", standard(f, text));
    chiso__buffer_print(&out, ", \"required\": %s, \"ops\": [",
                        f->required ? "true" : "false");
    for (unsigned op = 0; f->ops && op < 64; op++)
      if (chiso_key(CHISO_FAMILY_OP, op) && chiso__field_applies(f, op)) {
        chiso__buffer_text(&out, before);
        chiso__json_quote(&out, chiso_key(CHISO_FAMILY_OP, op));
        before = ", ";
      }
    chiso__buffer_text(&out, "]}");
  }
  chiso__buffer_text(&out, "]");
}

static void print_inputs(unsigned op) {
  uint32_t count = 0;
  const chiso_input *list = chiso__standard_inputs(op, &count);
  chiso__buffer_text(&out, ", \"inputs\": [");
  for (uint32_t k = 0; k < count; k++) {
    pair(k ? ", {" : "{", "key", list[k].key);
    pair(", ", "role", chiso_key(CHISO_FAMILY_ROLE, list[k].role));
    pair(", ", "unit", chiso_key(CHISO_FAMILY_UNIT, list[k].unit));
    chiso__buffer_print(&out, ", \"digits\": %u}", (unsigned)list[k].digits);
  }
  chiso__buffer_text(&out, "]");
}

static void print_ops(void) {
  const char *before = "\n{";
  chiso__buffer_text(&out, ",\n\"ops\": [");
  for (unsigned op = 0; op < 64; op++) {
    if (!chiso_key(CHISO_FAMILY_OP, op))
      continue;
    pair(before, "key", chiso_key(CHISO_FAMILY_OP, op));
    pair(", ", "en", chiso_title(CHISO_FAMILY_OP, op, CHISO_LANG_EN));
    pair(", ", "vi", chiso_title(CHISO_FAMILY_OP, op, CHISO_LANG_VI));
    chiso__buffer_print(&out, ", \"inner\": %s",
                        chiso__op_is_inner(op) ? "true" : "false");
    print_inputs(op);
    chiso__buffer_text(&out, "}");
    before = ",\n{";
  }
  chiso__buffer_text(&out, "]");
}

/* Every word of a family with what people read for it. */
static void print_words(void) {
  static const struct {
    chiso_family family;
    const char *name;
  } families[] = {
    { CHISO_FAMILY_KIND, "kind" },
    { CHISO_FAMILY_ASSESSOR, "assessor" },
    { CHISO_FAMILY_POLICY, "policy" },
    { CHISO_FAMILY_ROUNDING, "mode" },
    { CHISO_FAMILY_PROVENANCE, "provenance" },
    { CHISO_FAMILY_ROLE, "role" },
    { CHISO_FAMILY_UNIT, "unit" },
    { CHISO_FAMILY_LEVEL, "level" },
  };
  chiso__buffer_text(&out, ",\n\"words\": {");
  for (size_t i = 0; i < sizeof families / sizeof *families; i++) {
    const char *before = "{";
    chiso__buffer_print(&out, "%s\"%s\": [", i ? ",\n" : "\n",
                        families[i].name);
    for (unsigned value = 0; value < 64; value++) {
      chiso_family family = families[i].family;
      if (!chiso_key(family, value))
        continue;
      pair(before, "key", chiso_key(family, value));
      pair(", ", "en", chiso_title(family, value, CHISO_LANG_EN));
      pair(", ", "vi", chiso_title(family, value, CHISO_LANG_VI));
      chiso__buffer_text(&out, "}");
      before = ", {";
    }
    chiso__buffer_text(&out, "]");
  }
  chiso__buffer_text(&out, "}\n}\n");
}

int main(void) {
  print_fields();
  print_ops();
  print_words();
  bool good = !out.failed && fputs(out.data, stdout) >= 0;
  chiso__buffer_free(&out);
  return good ? 0 : 1;
}
