/* SPDX-License-Identifier: Apache-2.0
 * author/new_template.c - the texts of sdk/template, with names filled in.
 *
 * They are files of the share folder and not of the library, so that an
 * institution can keep its own README and CI beside the same command. */
#include <string.h>

#include "author/new.h"
#include "base/file.h"
#include "host/host.h"

#define LIMIT_TEMPLATE ((size_t)64 * 1024)
#define CAPITALS       "ABCDEFGHIJKLMNOPQRSTUVWXYZ_"

/* The text for @KEY@, or NULL. */
static const char *value_of(const chiso__new *n, const char *key, size_t size) {
  const chiso_index *ix = chiso_methodology_index(n->index);
  const struct {
    const char *key, *value;
  } values[] = {
    { "NAME", n->options->name },
    { "METHODOLOGY", n->name },
    { "ID", n->id },
    { "EDITION", n->edition },
    { "ROUND", n->round },
    { "BASE", chiso_methodology_name(n->options->base) },
    { "UNITS", n->unit_set },
    { "TITLE_VI", ix->title_vi },
    { "TITLE_EN", ix->title_en ? ix->title_en : ix->title_vi },
    { "VERSION", CHISO_VERSION },
  };
  for (size_t i = 0; i < sizeof values / sizeof *values; i++)
    if (strlen(values[i].key) == size && memcmp(values[i].key, key, size) == 0)
      return values[i].value;
  return NULL;
}

chiso_status chiso__new_template(chiso__new *n, const char *file,
                                 chiso__buffer *out) {
  const char *share = n->options->share_dir ? n->options->share_dir : "";
  const char *folder = chiso__path_join(&n->arena, share, "sdk/template");
  const char *path = folder ? chiso__path_join(&n->arena, folder, file) : NULL;
  const char *text = NULL;
  size_t size = 0;
  if (!path)
    return chiso__no_memory(n->err);
  CHISO__TRY(chiso__file_read(&n->arena, path, LIMIT_TEMPLATE, false, &text,
                              &size, n->err));
  while (*text) {
    size_t plain = strcspn(text, "@");
    size_t key = text[plain] ? strspn(text + plain + 1, CAPITALS) : 0;
    chiso__buffer_bytes(out, text, plain);
    text += plain;
    if (key > 0 && text[key + 1] == '@') {
      const char *value = value_of(n, text + 1, key);
      if (!value)
        return chiso__fail(n->err, CHISO_BAD_DATA,
                           (chiso__place) { .file = path }, MSG_NEW_TEMPLATE,
                           chiso__arena_text(&n->arena, text, key + 2));
      chiso__buffer_text(out, value);
      text += key + 2;
    } else if (*text) {
      chiso__buffer_bytes(out, text++, 1);
    }
  }
  return out->failed ? chiso__no_memory(n->err) : CHISO_OK;
}
