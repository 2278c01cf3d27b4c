/* SPDX-License-Identifier: Apache-2.0
 * base/error.c - filling a chiso_error. */
#define CHISO_BASE_ERROR_C
#include "base/error.h"

#include <stdarg.h>
#include <string.h>

#include "base/text.h"

static const char *const texts[MSG_COUNT][2] = {
#define MESSAGE(name, en, vi) { en, vi },
#include "base/messages.def"
#undef MESSAGE
};

const char *chiso__message_text(chiso__message message, chiso_lang lang) {
  if ((unsigned)message >= MSG_COUNT)
    message = MSG_NO_MEMORY;
  return texts[message][lang == CHISO_LANG_VI ? 1 : 0];
}

/* Characters that could steer a terminal or turn the line around. */
static bool unsafe(const unsigned char *s, size_t length) {
  if (length == 1)
    return s[0] < 0x20 || s[0] == 0x7f;
  if (length == 2)
    return s[0] == 0xc2 && s[1] < 0xa0;
  return length == 3 && s[0] == 0xe2 &&
         ((s[1] == 0x80 && s[2] >= 0xa8 && s[2] <= 0xae) ||
          (s[1] == 0x81 && s[2] >= 0xa6 && s[2] <= 0xa9));
}

/* Formats cut foreign text by bytes ("%.60s"), which may leave half a
 * character: such bytes become one '?', like controls. */
static void make_safe(char *text) {
  size_t size = strlen(text), from = 0, to = 0;
  while (from < size) {
    size_t length = 1;
    while (length < 4 && from + length < size &&
           ((unsigned char)text[from + length] & 0xc0) == 0x80)
      length++;
    bool bad = chiso__utf8_check(text + from, length) != length ||
               unsafe((const unsigned char *)text + from, length);
    if (bad)
      text[to++] = '?';
    else
      memmove(text + to, text + from, length), to += length;
    from += length;
  }
  text[to] = '\0';
}

/* The end of a path tells more than its beginning. */
static void copy_path(char *out, size_t room, const char *path) {
  static const char dots[] = "\xe2\x80\xa6";
  size_t size = strlen(path);
  if (size < room) {
    memcpy(out, path, size + 1);
  } else {
    const char *end = path + size - (room - sizeof dots);
    while (((unsigned char)*end & 0xc0) == 0x80)
      end++;
    memcpy(out, dots, sizeof dots - 1);
    memcpy(out + sizeof dots - 1, end, strlen(end) + 1);
  }
  make_safe(out);
}

chiso_status chiso__fail_with(chiso_error *err, chiso_status status,
                              chiso__place place, chiso__message message,
                              va_list arguments) {
  if (!err)
    return status;
  err->status = status;
  err->line = place.line;
  err->column = place.column;
  copy_path(err->file, sizeof err->file, place.file ? place.file : "");
  int length = vsnprintf(err->text, sizeof err->text,
                         chiso__message_text(message, err->lang), arguments);
  if (length < 0)
    err->text[0] = '\0';
  make_safe(err->text);
  return status;
}

chiso_status chiso__fail(chiso_error *err, chiso_status status,
                         chiso__place place, chiso__message message, ...) {
  va_list arguments;
  va_start(arguments, message);
  chiso__fail_with(err, status, place, message, arguments);
  va_end(arguments);
  return status;
}

void chiso__error_move(chiso_error *err, chiso__place place) {
  if (!err)
    return;
  err->line = place.line;
  err->column = place.column;
  copy_path(err->file, sizeof err->file, place.file ? place.file : "");
}

chiso_status chiso__no_memory(chiso_error *err) {
  return CHISO__FAIL(err, CHISO_NO_MEMORY, MSG_NO_MEMORY);
}

int chiso_error_format(const chiso_error *err, char *out, size_t size) {
  unsigned long long line = err->line, column = err->column;
  const char *file = err->file, *after = file[0] ? ":" : "";
  const char *blank = file[0] || line ? " " : "";
  if (line && column)
    return snprintf(out, size, "%s%s%llu:%llu:%s%s", file, after, line, column,
                    blank, err->text);
  if (line)
    return snprintf(out, size, "%s%s%llu:%s%s", file, after, line, blank,
                    err->text);
  return snprintf(out, size, "%s%s%s%s", file, after, blank, err->text);
}
